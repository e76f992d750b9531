"""What is expected at every address of the API, by name: who gets what, and which fields. An address without a row here
fails a test, and so does a field nobody has declared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

WHO = ("wang", "li", "liu", "sun", "he", "fang", "chen", "zhao", "qian", "auditor", "hotline", "nobody")
"""Community worker, director, seconded official, doctor, police; the neighbour community's worker; street desk and leader;
administrator, who sees no names; as systems an auditor of one community and the street's hotline, who see none either;
and somebody without a token."""

PROBLEM = {"type", "title", "status", "detail"}
LINE = {"id", "kind", "about", "matter", "where", "by", "role", "at", "written_at", "via", "rule", "because", "facts",
        "changed"}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One address. ``{words}`` in path and body are ids and places of the community in question; ``got`` is what each of
    WHO gets, in that order, ``fields`` what the answer holds, ``each`` what one of its rows holds (``name: fields``)."""

    method: str
    path: str
    got: str
    fields: set[str]
    each: tuple[str, set[str]] | None = None
    body: Any = None

    def gets(self, who: str) -> int:
        """The status somebody gets."""
        return int(dict(zip(WHO, self.got.split(), strict=True))[who])


# who:       wang  li liu sun  he fang chen zhao qian auditor hotline nobody
OPEN = "      200 200 200 200 200  200  200  200  200     200     200    200"
EVERYBODY = " 200 200 200 200 200  200  200  200  200     200     200    401"
NAMES = "     200 200 200 200 200  200  200  200  403     403     403    401"
NOTES = "     201 201 201 201 201  201  201  201  403     403     403    401"

NOTE = {"kind": "note.written", "said": {"where": "{door}", "text": "-", "how": "door"}}
FACTS = {"nights_away": 3, "lives_in": "110198", "origin": "131028"}
ALWAYS = {"id", "matter", "where"}

THINGS: dict[str, set[str]] = {
    "verification": {"post", "asked_for", "asks", "asked_at", "state", "result", "resident"},
    "question": {"question", "view", "view_days", "view_words", "interim", "asked_of", "asked_at", "due", "overdue", "state",
                 "answer", "days", "ground", "clause", "reason", "ruled_at", "applied_at"},
    "order": {"resident", "authority", "authority_level", "clause", "ruling", "reason", "measure", "days", "first_day",
              "last_day", "release_due", "remedy", "state", "issued_at", "issued_name"},
    "ticket": {"number", "channel", "outside_no", "type", "category", "words", "caller_name", "caller_phone", "door",
               "level", "received_at", "due", "lapsed", "state", "handler_name", "accepted_at", "answer", "answered_at",
               "called_back_at", "heard", "solved", "satisfied", "closed_at", "closed_why"},
    "need": {"kind", "item", "quantity", "unit", "price", "perish_by", "words", "owner_name", "due", "state", "asked_at",
             "met_at", "dropped_why"},
    "note": {"how", "text", "noted_at"},
}  # fmt: skip
"""The fields of each kind that is listed."""

API_ROWS: dict[str, Row] = {
    "api_openapi": Row("GET", "/openapi.json", OPEN, {"openapi", "info", "paths", "components", "servers"}),
    "api_me": Row("GET", "/me", EVERYBODY, {"name", "role", "where", "unit", "names", "may", "token", "until"}),
    "api_lines": Row("GET", "/lines?under={where}", EVERYBODY, {"lines", "next", "more"}, ("lines", LINE)),
    "api_things": Row("GET", "/things/note?under={where}", NAMES, {"things", "next"}, ("things", THINGS["note"] | ALWAYS)),
    "api_people": Row(
        "GET",
        "/people?q=亓官&under={where}",
        NAMES,
        {"people", "total"},
        ("people", {"resident", "name", "door", "where", "household", "why"}),
    ),
    "api_today": Row("GET", "/today?under={where}", EVERYBODY, {"at", "figures", "buildings", "waiting"}),
    "api_matter": Row(
        "GET",
        "/matters/{answered}",
        NAMES,
        {"matter", "entries"},
        ("entries", (LINE - {"by", "changed"}) | {"sentence", "who", "words"}),
    ),
    "api_decide": Row(
        "POST",
        "/decide",
        EVERYBODY,
        {"subject", "on", "where", "because", "answer", "measure", "deciding", "near", "would_change", "elsewhere_or_later",
         "considered", "facts", "medical_need", "stated", "may_be_stricter"},
        body={"facts": FACTS, "on": "2020-02-26", "where": "{where}"},
    ),
    "api_act": Row("PUT", "/acts/{new}", NOTES, LINE, body=NOTE),
    "api_acts": Row(
        "POST",
        "/acts",
        EVERYBODY,
        {"outcomes"},
        ("outcomes", {"id", "status", "line", "problem"}),
        body={"acts": [{"id": "{new}", **NOTE}]},
    ),
}  # fmt: skip

ABOUT_FOREIGN: list[tuple[str, str, Any]] = [
    ("GET", "/lines?under={where}", None),
    ("GET", "/things/{kind}?under={where}", None),
    ("GET", "/people?q=亓官&under={where}", None),
    ("GET", "/today?under={where}", None),
    ("GET", "/matters/{answered}", None),
    ("GET", "/matters/{order}", None),
    ("POST", "/decide", {"facts": FACTS, "where": "{where}"}),
    ("PUT", "/acts/{new}", NOTE),
    ("PUT", "/acts/{new}", {"kind": "note.written", "said": NOTE["said"] | {"matter": "{answered}"}}),  # type: ignore[operator]
    ("PUT", "/acts/{new}", {"kind": "verification.settled", "said": {"verification": "{answered}", "result": "passed"}}),
    ("PUT", "/acts/{new}", {"kind": "verification.answered", "said": {"verification": "{verification}", "answer": "no"}}),
    ("PUT", "/acts/{new}", {"kind": "resident.revealed",
                            "said": {"resident": "{resident}", "field": "phone", "reason": "contact"}}),
    ("PUT", "/acts/{new}", {"kind": "question.ruled", "said": {"question": "{question}", "answer": "exempt",
                                                               "ground": "discretion", "reason": "-"}}),
    ("PUT", "/acts/{new}", {"kind": "notice.served", "said": {"notice": "{notice}", "how": "paper", "to_whom": "himself",
                                                              "proof": "signed", "remedy_told": True}}),
    ("PUT", "/acts/{new}", {"kind": "ticket.called", "said": {"ticket": "{ticket}", "channel": "phone", "words": "-"}}),
    ("POST", "/acts", {"acts": [{"id": "{new}", **NOTE}]}),
]  # fmt: skip
"""What is asked about somebody else's things and places: the answer must be the one for those that do not exist."""
