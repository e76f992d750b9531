"""Acts: one under the id its line will have, or a batch of them in order."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Status
from pydantic import ValidationError

from lianfang.doors import asking
from lianfang.ground import clock
from lianfang.ground.acts import Actor
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import UNFIT, Refused, Text

from . import fields, problems
from .door import api, caller, sees_names
from .shapes import Asked, Batch, Outcomes, Problem, Written, of_line

REFUSALS: dict[Any, Any] = {frozenset({400, 401, 403, 404, 409, 413, 415, 422, 503}): Problem}


def perform(who: Actor, id: UUID, asked: Asked) -> Line:
    """Do one act as the caller, under this id."""
    what = asking.act_named(asked.kind[:80])
    said = fields.read(what, asked.said)
    return asking.ask(asked.kind, said, by=who, at=_moment(asked.at), id=id)


def _moment(named: str | None) -> datetime:
    if named is None:
        return clock.now()
    try:
        return fields.moment(named)
    except ValueError as wrong:
        raise Refused(
            _("Some of this does not fit."), UNFIT, fields={"at": [_("a moment with its zone")]}
        ) from wrong


@api.put(
    "/acts/{uuid:id}",
    response={201: Written, 200: Written} | REFUSALS,
    url_name="api_act",
    operation_id="do",
    summary="Do an act",
)
def do(request: HttpRequest, id: UUID, asked: Asked) -> Any:
    """Do an act under the id its line will have. Sent again, it is done once: 201 the first time, 200 with the same line
    after that, 409 if the id was used for anything else. What was acknowledged is written."""
    who = caller(request)
    line = perform(who, id, asked)
    return Status(200 if line.again else 201, of_line(line, names=sees_names(who)))


@api.post(
    "/acts",
    response={200: Outcomes} | REFUSALS,
    url_name="api_acts",
    operation_id="do_each",
    summary="Do several acts",
)
def do_each(request: HttpRequest, batch: Batch) -> Any:
    """Do up to fifty acts, one after the other, each for itself: one that is refused never blocks those after it. Send the
    whole batch again if the answer did not come: what was done is not done again."""
    who = caller(request)
    return {"outcomes": [_outcome(who, one) for one in batch.acts]}


def _outcome(who: Actor, sent: Any) -> dict[str, Any]:
    named = str(sent.get("id"))[:60] if isinstance(sent, dict) and sent.get("id") is not None else None
    try:
        line = perform(who, *_read(sent))
    except Refused as no:
        return {"id": named, "status": no.code, "problem": problems.of_refusal(no)}
    return {"id": named, "status": 200 if line.again else 201, "line": of_line(line, names=sees_names(who))}


def _read(sent: Any) -> tuple[UUID, Asked]:
    """One act of a batch; refused by its own fields."""
    try:
        if not isinstance(sent, dict):
            raise TypeError("no object")
        return UUID(fields.words(sent.get("id"))), Asked.model_validate(
            {k: v for k, v in sent.items() if k != "id"}
        )
    except ValidationError as wrong:
        unfit: dict[str, list[Text]] = {
            ".".join(map(str, one["loc"])): [_("does not fit")] for one in wrong.errors()
        }
        raise Refused(_("Some of this does not fit."), UNFIT, fields=unfit) from wrong
    except (ValueError, TypeError) as wrong:
        raise Refused(_("Some of this does not fit."), UNFIT, fields={"id": [_("does not fit")]}) from wrong
