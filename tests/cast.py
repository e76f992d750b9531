"""A fixed cast in one street. 清和街道 建西里社区, and a neighbour, 清和里社区; everybody is invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from lianfang.doors.console import setting_up
from lianfang.ground.acts import Actor, reading
from lianfang.ground.clock import BEIJING
from lianfang.ground.ids import derived
from lianfang.rooms import people, places
from lianfang.rooms.people.models import Posting, Worker
from lianfang.rooms.people.roles import actor, installer
from lianfang.rooms.places.models import Door

DATA = Path(__file__).resolve().parent.parent / "data"
STREET, HOME, NEIGHBOUR = "110198001", "110198001001", "110198001002"
DOOR = f"{HOME}.3.2.402."
MORNING = datetime(2020, 2, 26, 8, 0, tzinfo=BEIJING)
STORY = datetime(2020, 2, 26, 21, 40, tzinfo=BEIJING)
PASSWORD = "demo-only-password"

RESIDENTS = [
    # door, name, sex, born, county of the ID number, phone, relation
    (DOOR, "宁小松", "male", date(1981, 5, 17), "110101", "19900000402", "head"),
    (DOOR, "曾兰", "female", date(1983, 9, 2), "110102", "19900000412", "spouse"),
    (DOOR, "宁晓禾", "female", date(2011, 3, 30), "110105", "", "child"),
    (f"{HOME}.3.2.403.", "单国庆", "male", date(1949, 10, 1), "110106", "19900000403", "head"),
    (f"{NEIGHBOUR}.3.2.402.", "宁小松", "male", date(1977, 1, 8), "130102", "19900000777", "head"),
]


def id_number(county: str, born: date, sex: str) -> str:
    """An invented number: sequence 000 or, for its sex digit, never a real one; the check digit is right (GB 11643)."""
    body = f"{county}{born:%Y%m%d}000"
    weights = [2**power % 11 for power in range(17, 0, -1)]
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def set_up() -> None:
    """Fill an empty database with the small street."""
    setting_up.street(DATA / "demo" / "street.toml", MORNING, PASSWORD)
    for community in (HOME, NEIGHBOUR):
        places.draw_building(
            where=community,
            number="3",
            floors=6,
            units=4,
            doors=3,
            without=["1-101"],
            by=installer(community),
            at=MORNING,
        )
    for where, name, sex, born, county, phone, relation in RESIDENTS:
        with reading(installer(where[:12])):
            door = Door.objects.get(where=where)
        people.register(
            door,
            name=name,
            sex=sex,
            born=born,
            id_number=id_number(county, born, sex),
            phone=phone,
            relation=relation,
            by=installer(where[:12]),
            at=MORNING,
        )
    setting_up.editions(DATA / "policies", STREET, MORNING)


def _posted(sign_in: str) -> Actor:
    worker = derived(setting_up.SPACE, f"worker.registered|{sign_in}")
    posting = derived(setting_up.SPACE, f"worker.posted|{sign_in}")
    with reading(installer("110198")):
        one = Posting.objects.get(id=posting)
        name = Worker.objects.get(id=worker).name
    return actor(worker, one.role, one.where, name=name, unit=one.unit_id, posting=posting)


@dataclass
class Cast:
    """The people of the story: ``cast.wang``, ``cast.li``, … each the actor of his posting."""

    known: dict[str, Actor] = field(default_factory=dict)

    def __getattr__(self, sign_in: str) -> Actor:
        if sign_in.startswith("_"):
            raise AttributeError(sign_in)
        if sign_in not in self.known:
            self.known[sign_in] = _posted(sign_in)
        return self.known[sign_in]

    def worker(self, sign_in: str) -> UUID:
        """A worker's id."""
        return getattr(self, sign_in).id
