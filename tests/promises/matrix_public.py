"""What is expected at every address of the resident's door, by name: who gets what. An address without a row here fails a
test (beside those of the desk, ``matrix``). ``in`` is the way to the code, ``ok`` a redirect that is the answer."""

from __future__ import annotations

from dataclasses import dataclass, field

WHO = ("himself", "at_home", "next_door", "elsewhere", "expired", "withdrawn", "worker", "nobody")
"""Who holds a slip of his own for the matter in question; of his household, next door, in another community; whose slip has
ended; whose was withdrawn; a community worker signed in at the desk; and somebody without anything."""


@dataclass(frozen=True)
class Row:
    """One address. ``{words}`` are ids of what is himself's. ``get`` and ``post``: what each of WHO gets, in that order."""

    path: str
    get: str
    post: str = ""
    said: dict[str, str] = field(default_factory=dict)

    def got(self, who: str) -> str:
        """What he gets for reading."""
        return dict(zip(WHO, self.get.split(), strict=True))[who]

    def sent(self, who: str) -> str:
        """What he gets for sending."""
        return dict(zip(WHO, self.post.split(), strict=True))[who]


# who:  himself at_home next_door elsewhere expired withdrawn worker nobody
OPEN = " 200     200     200       200       200     200       200    200"
ANY = "  ok      ok      ok        ok        ok      ok        ok     ok"
HELD = " 200     200     200       200       in      in        in     in"
BACK = " ok      ok      ok        ok        in      in        in     in"
EACH = " ok      ok      ok        ok        403     403       403    403"
HIS = "  ok      404     404       404       403     403       403    403"

ROWS: dict[str, Row] = {
    "enter": Row("/r/", OPEN, "422 422 422 422 422 422 422 422", {"code": "K7M3QX9PAD"}),
    "link": Row("/r/K7M3QX9PAD", ANY),
    "leave": Row("/r/leave", ANY, ANY),
    "own": Row("/r/me", HELD),
    "object": Row("/r/object", BACK, HIS, {"order": "{order}", "words": "-"}),
    "request": Row("/r/request", BACK, EACH, {"words": "-", "type": "help"}),
    "arrived": Row("/r/arrived/{need}", BACK, HIS, {"words": "-"}),
    "seen": Row("/r/seen/{message}", BACK, HIS),
}
