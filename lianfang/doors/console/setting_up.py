"""Setting a street up from reviewed files: areas, units, people who work there, buildings, editions and terms.

Everything goes through acts under ids derived from what is entered, so that doing it twice does it once.
"""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, UUID

from lianfang.ground import find
from lianfang.ground.acts import Act, Row, many, reading
from lianfang.ground.ids import derived
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import Refused
from lianfang.ground.things import Thing
from lianfang.ground.where import ROOT
from lianfang.rooms import people, places, policies
from lianfang.rooms.people.models import Unit, Worker
from lianfang.rooms.people.roles import installer
from lianfang.rooms.places.models import Compound
from lianfang.rules.editions import read_policies
from lianfang.rules.vocabulary import read_toml

T = TypeVar("T", bound=Thing)
SPACE = derived(NAMESPACE_URL, "lianfang:setting-up")


def _id(*words: str) -> UUID:
    return derived(SPACE, "|".join(words))


def _do(what: Act[Any], words: tuple[str, ...], *, where: str, at: datetime, **given: Any) -> Line:
    return what.once(_id(what.kind, *words))(where=where, by=installer(where), at=at, **given)


def _made(model: type[T], words: tuple[str, ...], where: str) -> T:
    """The thing that was entered under these words."""
    with reading(installer(where)):
        return find.thing(model, _id(*words), installer(where))


def street(path: Path, at: datetime, password: str) -> None:
    """Areas, units, workers with their postings and accounts, from a file like ``data/demo/street.toml``."""
    given = tomllib.loads(path.read_text(encoding="utf-8"))
    for area in given["area"]:
        _do(places.register_area, (area["code"],), at=at, **area)
    for unit in given["unit"]:
        _do(people.register_unit, (unit["key"],), at=at, **{k: unit[k] for k in ("where", "kind", "name")})
    for worker in given["worker"]:
        key, where = worker["sign_in"], worker["where"]
        said = {name: worker[name] for name in ("name", "title", "home_unit") if name in worker}
        _do(people.register_worker, (key,), where=where, at=at, **said)
        who = _made(Worker, ("worker.registered", key), where[:9])
        unit = _made(Unit, ("unit.registered", worker["unit"]), where[:9])
        people.post.once(_id("worker.posted", key))(
            who, role=worker["role"], where=where, unit=unit, by=installer(where[:9]), at=at
        )
        people.open_account.once(_id("account.opened", key))(
            who, name=key, password=password, by=installer(where[:9]), at=at
        )


def buildings(path: Path, at: datetime) -> None:
    """Compounds and buildings of each community, from a file like ``data/demo/buildings.toml``."""
    given = tomllib.loads(path.read_text(encoding="utf-8"))
    for community in given["community"]:
        where = community["where"]
        compounds: dict[str, Compound] = {}
        rows = []
        for plan in community["building"]:
            name = plan.get("compound", "")
            if name and name not in compounds:
                _do(places.register_compound, (where, name), where=where, name=name, at=at)
                compounds[name] = _made(Compound, ("compound.registered", where, name), where)
            words = {
                k: plan[k]
                for k in ("number", "floors", "units", "doors", "without", "without_floors")
                if k in plan
            }
            rows.append(
                Row(
                    _id("building.drawn", where, plan["number"]),
                    (),
                    {"where": where, "compound": compounds.get(name), **words},
                )
            )
        outcomes = many(places.draw_building, rows, by=installer(where), at=at)
        _insist([one.refused for one in outcomes])


def editions(folder: Path, street: str, at: datetime) -> int:
    """Publish every reviewed edition and set every term of ``data/policies``, for a street; returns how many editions.

    An edition of a level above the street is entered at its issuer's place; one of elsewhere at the root, where all
    may read it (what would hold elsewhere helps a question upward)."""
    known = read_policies(folder)
    for edition in sorted(known.editions, key=lambda one: (one.effective_from, one.id)):
        where = edition.place if street.startswith(edition.place) else ROOT
        _do(policies.publish, (edition.id,), where=where, document=edition.as_document(), at=at)
    for term in read_toml(folder / "terms.toml")["term"]:  # type: ignore[attr-defined]
        where = term["place"] if street.startswith(term["place"]) else ROOT
        _do(
            policies.set_term,
            (term["key"], term["place"], str(term["from"])),
            where=where,
            document=term,
            at=at,
        )
    return len(known.editions)


def registers(path: Path) -> list[tuple[Path, str]]:
    """The register files of a demo street, with the community each is of."""
    given = tomllib.loads(path.read_text(encoding="utf-8"))
    return [(path.parent / one["file"], one["where"]) for one in given["register"]]


def _insist(refusals: list[Refused | None]) -> None:
    for refusal in refusals:
        if refusal:
            raise refusal
