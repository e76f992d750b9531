"""What is expected at every address of the desk, by name: who gets what. An address without a row here fails a test.

``in`` is the way to sign in, ``ok`` a redirect that is the answer, numbers are statuses.
"""

from __future__ import annotations

from dataclasses import dataclass, field

WHO = ("wang", "li", "liu", "guo", "sun", "he", "fang", "chen", "zhao", "zhou", "qian", "nobody")
"""Community worker, director, seconded official, stairwell head of building 3, doctor, police; the neighbour community's
worker; street desk and leader; auditor and administrator, who see no names; and somebody who has not signed in."""


@dataclass(frozen=True)
class Row:
    """One address. ``{words}`` in ``path`` and ``said`` are ids of the place in question.

    ``get``: what each of WHO gets for his own, in that order. ``post``: what each gets for a form that fits, when he is
    the first who may send it; ``second``: what the next one who may gets."""

    path: str
    get: str
    post: str = ""
    said: dict[str, str] = field(default_factory=dict)
    second: str = "ok"

    def got(self, who: str) -> str:
        """What he gets for reading."""
        return dict(zip(WHO, self.get.split(), strict=True))[who]

    def sent(self, who: str) -> str:
        """What he gets for sending."""
        return dict(zip(WHO, self.post.split(), strict=True))[who]


# who:      wang  li liu guo sun  he fang chen zhao zhou qian nobody
OPEN = "     200 200 200 200 200 200  200  200  200  200  200 200"
EVERYBODY = "200 200 200 200 200 200  200  200  200  200  200 in"
NAMES = "    200 200 200 200 200 200  200  200  200  403  403 in"
MATTERS = "  200 200 200 404 200 200  200  200  200  403  403 in"
"""What lies at the community: the head of one building does not see it."""
BACK = "      ok  ok  ok  ok  ok  ok   ok   ok   ok   ok   ok in"
ANYBODY = "   ok  ok  ok  ok  ok  ok   ok   ok   ok   ok   ok ok"
NOT_READ = " 405 405 405 405 405 405  405  405  405  405  405 405"

CALL = {"post": "马坊", "asked_for": "某人", "asks": "lives_here"}
FACTS = {"nights_away": "3", "lives_in": "110198", "origin": "131028"}
QUESTION = {"question": "?", "view": "modified", "view_days": "14", "interim": "-", "due": "2020-02-26T23:40"}
RULING = {"answer": "required", "days": "14", "ground": "discretion", "reason": "-"}
ORDER = {
    "measure": "home_observation",
    "days": "14",
    "first_day": "2020-02-26",
    "reason": "-",
    "remedy": "-",
    "counted": "2020-03-11",
}
SAID = {"channel": "12345", "words": "-"}
RANG = SAID | {"type": "complaint", "category": "epidemic", "same": "{ticket}"}
CALLED_BACK = {"reached": "yes", "heard": "yes", "solved": "yes", "satisfied": "yes"}
DESK_ALONE = "403 403 403 404 403 403 403 ok 403 403 403 in"
"""What the street's desk does on a ticket; the head of one building does not see it."""
HELP = "ok ok ok ok ok ok ok ok ok 403 403 in"
"""Who takes a helper's word, and notes that somebody needs something."""
SEE_TO = "ok ok ok 403 403 403 ok 403 403 403 403 in"
"""Who sees to needs."""
CONFIRMED = {"kind": "food", "unit": "jin", "quantity": "5", "owner": "{owner}", "due": "2020-02-29T18:00"}
PLEDGED = {"by_kind": "neighbour", "by_name": "某邻", "quantity": "1"}
OWN_BRIEF = "ok ok 403 404 403 403 ok 403 403 403 403 in"
"""Who writes the brief of a community: its own people. The head of one building does not see a draft."""
DRAFT = "200 200 200 404 200 200 200 200 200 200 200 in"
"""A brief holds figures and no names: everybody of the place reads it, those who see no names too."""
SERVED = {"how": "paper", "to_whom": "himself", "proof": "signed", "remedy_told": "on"}

ROWS: dict[str, Row] = {
    "today": Row("/", EVERYBODY),
    "morning": Row("/morning", NAMES),
    "search": Row("/search?q=亓官", NAMES),
    "sign_in": Row("/sign-in", OPEN),
    "sign_out": Row("/sign-out", ANYBODY, ANYBODY),
    "signed_out": Row("/signed-out", OPEN),
    "size": Row("/size", NOT_READ, ANYBODY, {"size": "2"}),
    "language": Row("/language", NOT_READ, ANYBODY, {"language": "en"}),
    "verifications": Row("/verifications?which=all", NAMES),
    "questions": Row("/questions?which=all", NAMES),
    "orders": Row("/orders?which=all", NAMES),
    "stack": Row("/stack", NAMES),
    "notes": Row("/notes?words=亓官", NAMES),
    "promise_keep": Row("/promise/{promise}", BACK, "ok ok ok ok ok ok ok ok ok 403 403 in", {}, "409"),
    "household": Row("/h/{ref}", NAMES),
    "note": Row("/h/{ref}/note", BACK, "ok ok ok ok ok ok ok ok ok 403 403 in", {"text": "-", "how": "door"}),
    "reveal": Row(
        "/reveal/{resident}",
        BACK,
        "200 200 200 403 200 200 200 200 403 403 403 in",
        {"field": "phone", "reason": "contact", "home": "{ref}"},
        second="200",
    ),
    "verification_new": Row(
        "/v/new",
        "200 200 200 403 403 200 200 403 403 403 403 in",
        "ok ok ok 403 403 ok ok 403 403 403 403 in",
        CALL,
    ),
    "verification": Row("/v/{verification}", MATTERS),
    "verification_person": Row("/v/{verification}/person", BACK, BACK, {"person": "{resident}"}),
    "verification_answer": Row(
        "/v/{verification}/answer", BACK, "ok ok ok 404 403 ok ok 403 403 403 403 in", {"answer": "no"}, "409"
    ),
    "verification_settle": Row(
        "/v/{answered}/settle", BACK, "ok ok ok 404 403 ok ok 403 403 403 403 in", {"result": "passed"}, "409"
    ),
    "assess": Row(
        "/assess?person={resident}",
        "200 200 403 403 403 403 200 200 200 403 403 in",
        "ok ok 403 403 403 403 ok ok ok 403 403 in",
        FACTS,
    ),
    "assessment": Row("/a/{assessment}", MATTERS, "ok ok 403 404 403 403 ok ok ok 403 403 in", FACTS),
    "question_new": Row(
        "/a/{unclear}/ask",
        "403 200 403 403 403 403 403 403 403 403 403 in",
        "403 ok 403 403 403 403 403 403 403 403 403 in",
        QUESTION,
        "409",
    ),
    "order_by_clause": Row(
        "/a/{required}/order",
        "403 403 403 403 403 403 403 403 200 403 403 in",
        "403 403 403 403 403 403 403 403 ok 403 403 in",
        ORDER | {"clause": "beijing-2020-02-14/1"},
        "409",
    ),
    "question": Row("/q/{question}", MATTERS),
    "question_rule": Row(
        "/q/{question}/rule", BACK, "403 403 403 404 403 403 403 ok ok 403 403 in", RULING, "409"
    ),
    "order_by_ruling": Row(
        "/q/{ruled}/order",
        "403 403 403 403 403 403 403 403 200 403 403 in",
        "403 403 403 403 403 403 403 403 ok 403 403 in",
        ORDER,
        "409",
    ),
    "order": Row("/o/{order}", NAMES),
    "order_serve": Row("/o/{order}/serve", BACK, "ok ok ok 403 403 403 ok 403 403 403 403 in", SERVED, "409"),
    "order_refuse": Row(
        "/o/{order}/refuse", BACK, "ok ok ok 403 403 403 ok 403 403 403 403 in", {"words": "-"}, "409"
    ),
    "notice": Row("/o/{order}/notice", NAMES),
    "order_object": Row(
        "/o/{over}/object",
        BACK,
        "ok ok ok 403 403 403 ok 403 403 403 403 in",
        {"words": "-", "answer_by": "{answerer}", "answer_due": "2020-02-27T12:00", "remedy_told": "on"},
        "409",
    ),
    "objection_answer": Row(
        "/o/{watched}/objection/{objection}",
        BACK,
        "403 403 403 403 403 403 403 ok ok 403 403 in",
        {"outcome": "stands", "answer": "-"},
        "409",
    ),
    "order_undertake": Row(
        "/o/{over}/undertake",
        BACK,
        "ok ok ok 403 403 403 ok 403 403 403 403 in",
        {"how": "paper", "freely": "on"},
        "409",
    ),
    "check_record": Row(
        "/o/{watched}/check/{check}",
        BACK,
        "ok ok ok 403 ok 403 ok 403 403 403 403 in",
        {"temperature": "36.5", "how": "door"},
    ),
    "alarm_settle": Row(
        "/o/{watched}/alarm/{alarm}",
        BACK,
        "403 403 403 403 ok 403 403 403 403 403 403 in",
        {"finding": "explained", "temperature": "36.6", "words": "-"},
        "409",
    ),
    "order_verify": Row(
        "/o/{over}/verify", BACK, "ok ok 403 403 403 403 ok 403 403 403 403 in", {"why_missed": "-"}, "409"
    ),
    "order_release": Row(
        "/o/{verified}/release", BACK, "403 403 403 403 403 403 403 ok ok 403 403 in", second="409"
    ),
    "release_notice": Row("/o/{freed}/released", NAMES),
    "slip": Row("/slip/{resident}", NAMES),
    "slip_issue": Row(
        "/slip/{resident}/issue", BACK, "200 200 200 403 403 403 200 200 403 403 403 in", second="200"
    ),
    "slip_withdraw": Row(
        "/slip/{resident}/withdraw",
        BACK,
        "ok ok ok 403 403 403 ok ok 403 403 403 in",
        {"slip": "{slip}"},
        "409",
    ),
    "slip_told": Row(
        "/slip/{resident}/told",
        BACK,
        "ok ok ok 403 403 403 ok ok 403 403 403 in",
        {"message": "{message}", "way": "door"},
        "409",
    ),
    "slip_tell": Row(
        "/slip/{resident}/tell", BACK, "ok ok ok 403 403 403 ok ok 403 403 403 in", {"words": "-"}
    ),
    "tickets": Row("/tickets?which=waiting", NAMES),
    "ticket_new": Row(
        "/t/new",
        "200 200 403 403 403 200 200 200 200 403 403 in",
        "ok ok 403 403 403 ok ok ok ok 403 403 in",
        RANG,
    ),
    "ticket": Row("/t/{ticket}", MATTERS),
    "ticket_call": Row("/t/{ticket}/call", BACK, "ok ok 403 404 403 ok ok ok ok 403 403 in", SAID),
    "ticket_speak": Row("/t/{ticket}/speak", BACK, "ok ok 403 404 403 ok ok ok ok 403 403 in", SAID),
    "ticket_reveal": Row(
        "/t/{ticket}/reveal",
        BACK,
        "200 200 403 404 403 200 200 200 403 403 403 in",
        {"reason": "contact"},
        second="200",
    ),
    "ticket_accept": Row("/t/{ticket}/accept", BACK, DESK_ALONE),
    "ticket_answer": Row("/t/{taken}/answer", BACK, DESK_ALONE, {"words": "-"}),
    "ticket_call_back": Row("/t/{replied}/call-back", BACK, DESK_ALONE, CALLED_BACK),
    "ticket_close": Row("/t/{called_back}/close", BACK, DESK_ALONE, {"why": "-"}),
    "ticket_reopen": Row("/t/{called_back}/reopen", BACK, DESK_ALONE, {"why": "-"}),
    "matter": Row("/m/{matter}", NAMES),
    "matter_note": Row(
        "/m/{matter}/note", BACK, "ok ok ok ok ok ok ok ok ok 403 403 in", {"text": "-", "how": "door"}
    ),
    "needs": Row("/needs?which=all", NAMES),
    "need_new": Row(
        "/n/new",
        "200 200 200 200 200 200 200 200 200 403 403 in",
        HELP,
        {"home": "{ref}", "kind": "food", "unit": "task"},
    ),
    "needs_ask": Row("/n/ask", BACK, SEE_TO, {"home": "{ref}", "ticked": "food"}, "409"),
    "need": Row("/n/{need}", NAMES),
    "need_confirm": Row("/n/{proposed}/confirm", BACK, SEE_TO, CONFIRMED, "409"),
    "need_drop": Row("/n/{proposed}/drop", BACK, SEE_TO, {"why": "-"}, "409"),
    "need_pledge": Row("/n/{need}/pledge", BACK, HELP, PLEDGED),
    "need_met": Row("/n/{unhelped}/met", BACK, SEE_TO, {"words": "-"}, "409"),
    "pledge_deliver": Row("/n/{need}/p/{pledge}/deliver", BACK, HELP, {"quantity": "1", "yuan": "1"}),
    "pledge_withdraw": Row("/n/{need}/p/{pledge}/withdraw", BACK, SEE_TO, {"why": "-"}, "409"),
    "briefs": Row("/b", EVERYBODY),
    "brief_new": Row("/b/new", BACK, "409 409 403 403 403 403 409 ok ok 403 403 in", {}, "409"),
    "brief": Row("/b/{brief}", DRAFT),
    "brief_amend": Row(
        "/b/{brief}/amend", BACK, OWN_BRIEF, {"headline": "{{in_force}}", "asks": "-", "turn": "0"}, "409"
    ),
    "brief_publish": Row("/b/{brief}/publish", BACK, OWN_BRIEF, {}, "409"),
    "brief_pdf": Row("/b/{brief}/pdf", DRAFT),
    "brief_picture": Row("/b/{brief}/png", DRAFT),
    "brief_figure": Row("/b/{brief}/in_force", "200 200 200 404 200 200 200 200 200 403 403 in"),
    "editions": Row("/e", EVERYBODY),
    "tokens": Row(
        "/tokens",
        "200 200 200 403 200 200 200 200 200 403 200 in",
        "200 200 200 403 200 200 200 200 200 403 422 in",
        {"label": "-", "days": "30"},
        second="200",
    ),
    "token_withdraw": Row(
        "/tokens/{nobody}/withdraw",
        "ok ok ok 403 ok ok ok ok ok 403 ok in",
        "404 404 404 403 404 404 404 404 404 403 404 in",
    ),
    "edition": Row("/e/beijing-2020-02-14", EVERYBODY),
}

FOREIGN_IN_ONES_OWN = [
    ("get", "/assess?call={foreign.answered}", {}),
    ("get", "/assess?person={foreign.resident}", {}),
    ("get", "/v/{verification}?person={foreign.resident}", {}),
    ("get", "/verifications?which=all&before={foreign.verification}", {}),
    ("get", "/questions?which=all&before={foreign.question}", {}),
    ("get", "/orders?which=all&before={foreign.order}", {}),
    ("get", "/tickets?which=closed&before={foreign.ticket}", {}),
    ("post", "/t/new", RANG | {"same": "{foreign.ticket}"}),
    ("post", "/t/new", RANG | {"same": "new", "matter": "{foreign.matter}"}),
    ("get", "/needs?which=all&before={foreign.need}", {}),
    ("post", "/n/{need}/p/{foreign.pledge}/deliver", {"quantity": "1"}),
    ("get", "/o/{watched}?check={foreign.check}", {}),
    ("post", "/o/{watched}/check/{foreign.check}", {"temperature": "36.5", "how": "door"}),
    ("post", "/v/{verification}/answer", {"answer": "yes", "person": "{foreign.resident}"}),
    ("post", "/assess?person={foreign.resident}", FACTS),
    ("post", "/reveal/{foreign.resident}", {"field": "phone", "reason": "contact", "home": "{ref}"}),
    ("post", "/reveal/{resident}", {"field": "phone", "reason": "contact", "home": "{foreign.ref}"}),
]
"""What is asked at one's own place about somebody else's: the answer must be the one for somebody who is nowhere."""
