"""The demo's story, played up to a moment: each deed at its time, as whoever did it, through the same door as a human's, and
after each what follows of itself. What was played before, or done by hand since, stays."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID

from django.utils.translation import get_language

from lianfang import reactions
from lianfang.doors import asking
from lianfang.ground import clock, followups, notebook, seals
from lianfang.ground.acts import reading
from lianfang.ground.ids import CLOCK, derived
from lianfang.ground.refusals import GONE, Refused
from lianfang.rooms.people.queries import search
from lianfang.rooms.people.roles import installer

from . import setting_up
from .acting import actor_named

SPACE = derived(NAMESPACE_URL, "lianfang:demo-story")
STREET, HOME = "110198001", "110198001001"


@dataclass(frozen=True)
class Step:
    """One deed of the story."""

    at: datetime
    who: str
    act: str
    id: UUID
    on: str
    said: Mapping[str, Any]


@dataclass(frozen=True)
class Scene:
    """A place in the story somebody may begin at."""

    name: str
    at: datetime
    words: str


class NoScene(ValueError):  # noqa: N818 - said in a sentence
    """Neither a scene nor a time."""


def _moment(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=clock.BEIJING)


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def scenes(path: Path) -> list[Scene]:
    """The scenes of a story, in their order."""
    language = "en" if (get_language() or "zh").startswith("en") else "zh"
    return [Scene(one["name"], _moment(one["at"]), one[language]) for one in _read(path)["scene"]]


def steps(path: Path) -> list[Step]:
    """The deeds of a story, in their order."""
    found = []
    for one in _read(path)["step"]:
        name = one.get("id") or " ".join([one["at"], one["as"], one["act"], one.get("on", "")])
        found.append(
            Step(
                _moment(one["at"]),
                one["as"],
                one["act"],
                derived(SPACE, name),
                one.get("on", ""),
                one.get("said", {}),
            )
        )
    return found


def moment_of(path: Path, said: str) -> datetime:
    """The time of a scene, or the time that was said; NoScene if it is neither."""
    for scene in scenes(path):
        if scene.name == said:
            return scene.at
    try:
        return _moment(said)
    except ValueError as wrong:
        raise NoScene(said) from wrong


def play(path: Path, until: datetime, say: Callable[[str], None]) -> Refused | None:
    """Play what happened until a moment and is not written yet. Gives back the refusal if somebody's hand has taken the
    story another way: then it stops there."""
    waiting = [one for one in steps(path) if one.at <= until]
    with reading(installer("")):
        written = notebook.written([one.id for one in waiting])
    day = None
    for step in (one for one in waiting if one.id not in written):
        if step.at.date() != day:
            day = step.at.date()
            say(f"  {day}")
        clock.move_to(step.at)
        _time_finds(step.at)
        try:
            _do(step)
        except Refused as no:
            return no
        _follow()
    if waiting:
        clock.move_to(until)
        _time_finds(until)
        _follow()
    return None


def _do(step: Step) -> None:
    who = actor_named(step.who)
    said = {name: _meant(value) for name, value in step.said.items()}
    if step.on:
        said[next(iter(asking.act_named(step.act).parameters))] = _meant(step.on)
    asking.ask(step.act, said, by=who, at=step.at, id=step.id)


def _meant(value: Any) -> Any:
    """What a step names: an entry by the step that made it, a resident by his door, a worker by his sign-in name, a brief by
    its place and day; anything else is said as it stands."""
    if not isinstance(value, str) or not value.startswith("@"):
        return value
    kind, colon, name = value[1:].partition(":")
    if colon:
        return str({"resident": _resident, "worker": _worker, "brief": _brief}[kind](name))
    first, *rest = value[1:].split("/")
    id = derived(SPACE, first)
    for part in rest:
        id = derived(id, part)
    return str(id)


def _resident(said: str) -> UUID:
    door, name = said.split()
    with reading(installer(STREET)):
        for hit in search(STREET, name).rows:
            if hit.resident and hit.door == door and hit.where.startswith(HOME):
                return hit.resident.id
    raise Refused("%(said)s", GONE, said=said)


def _worker(sign_in: str) -> UUID:
    return derived(setting_up.SPACE, f"worker.registered|{sign_in}")


def _brief(said: str) -> UUID:
    return derived(CLOCK, f"brief {said}")


def _time_finds(at: datetime) -> None:
    """What the clock finds late by then, and the seals."""
    if sum(find(at) for find in reactions.LATE):
        _follow()
    seals.write(at)


def _follow() -> None:
    """What follows from what was written."""
    followups.settle()
