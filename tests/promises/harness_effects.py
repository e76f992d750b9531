"""What the harness adds to a street: an effect of every note, and the classic bug, to see whether it is found."""

from __future__ import annotations

from queue import SimpleQueue
from threading import Thread

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from lianfang import reactions
from lianfang.doors.signing_in import Answer
from lianfang.ground import followups
from lianfang.ground.acts import the_clock
from lianfang.ground.ids import derived
from lianfang.ground.notebook import Line
from lianfang.rooms import notes


def echo(cause: Line) -> None:
    """A note follows from a note, once."""
    if cause.because is None:
        notes.write.once(derived(cause.id, "echo"), because=cause.id)(
            cause.where, text="echo", how="desk", by=the_clock(["note.written"]), at=cause.at
        )


def connect() -> None:
    """Add it to the page of reactions."""
    followups.connect({**reactions.WHEN, "note.written": [echo]})


class AcknowledgesTooEarly:
    """Says yes to a note and writes it a moment later: what it kept in memory dies with it."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.later = answer, SimpleQueue[HttpRequest]()
        Thread(target=self._write, daemon=True).start()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or not request.path.endswith("/note"):
            return self.answer(request)
        assert request.POST
        self.later.put(request)
        return HttpResponseRedirect(request.path.removesuffix("/note"))

    def _write(self) -> None:
        while True:
            self.answer(self.later.get())
