"""Setting a street up from reviewed files: areas, units, people who work there, buildings, editions and terms.

Everything goes through acts under ids derived from what is entered, so that doing it twice does it once.
"""

import tomllib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID

from lianfang.ground.acts import Act, Row, many, reading
from lianfang.ground.ids import derived
from lianfang.ground.notebook import Line
from lianfang.ground.refusals import Refused
from lianfang.rooms import people, places, policies
from lianfang.rooms.people.models import Unit, Worker
from lianfang.rooms.people.roles import installer
from lianfang.rooms.places.models import Compound

SPACE = derived(NAMESPACE_URL, "lianfang:setting-up")
Say = Callable[[str], None]


def _id(*words: str) -> UUID:
    return derived(SPACE, "|".join(words))


def _do(what: Act[Any], words: tuple[str, ...], *, where: str, at: datetime, **given: Any) -> Line:
    return what.once(_id(what.kind, *words))(where=where, by=installer(where), at=at, **given)


def street(path: Path, at: datetime, password: str, communities: frozenset[str] | None = None) -> None:
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
        with reading(installer(where[:9])):
            who = Worker.objects.get(id=_id("worker.registered", key))
            unit = Unit.objects.get(id=_id("unit.registered", worker["unit"]))
        people.post.once(_id("worker.posted", key))(
            who, role=worker["role"], where=where, unit=unit, by=installer(where[:9]), at=at
        )
        people.open_account.once(_id("account.opened", key))(
            who, name=key, password=password, by=installer(where[:9]), at=at
        )


def buildings(path: Path, at: datetime, say: Say, only: frozenset[str] | None = None) -> None:
    """Compounds and buildings of each community, from a file like ``data/demo/buildings.toml``."""
    given = tomllib.loads(path.read_text(encoding="utf-8"))
    for community in given["community"]:
        where = community["where"]
        compounds: dict[str, Compound] = {}
        rows = []
        for plan in community["building"]:
            if only is not None and f"{where}.{plan['number']}." not in only:
                continue
            name = plan.get("compound", "")
            if name and name not in compounds:
                _do(places.register_compound, (where, name), where=where, name=name, at=at)
                with reading(installer(where)):
                    compounds[name] = Compound.objects.get(id=_id("compound.registered", where, name))
            words = {k: plan[k] for k in ("number", "floors", "units", "doors", "without", "without_floors") if k in plan}
            rows.append(
                Row(
                    _id("building.drawn", where, plan["number"]),
                    (),
                    {"where": where, "compound": compounds.get(name), **words},
                )
            )
        outcomes = many(places.draw_building, rows, by=installer(where), at=at)
        _insist([one.refused for one in outcomes])
        if rows:
            say(f"{where}: {len(rows)}")


def editions(folder: Path, at: datetime) -> int:
    """Publish every reviewed edition and set every term of ``data/policies``; returns how many editions there are."""
    documents = policies.documents_in(folder)
    for document in documents:
        where = document["place"] if isinstance(document.get("place"), str) else ""
        _do(policies.publish, (document["id"],), where=where, document=document, at=at)
    for term in policies.terms_in(folder):
        _do(policies.set_term, (term["id"],), where=term["place"], document=term, at=at)
    return len(documents)


def _insist(refusals: list[Refused | None]) -> None:
    for refusal in refusals:
        if refusal:
            raise refusal
