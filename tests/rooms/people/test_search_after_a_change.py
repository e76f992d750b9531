"""What is found after somebody came, went or did something."""

from datetime import date, datetime
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from lianfang.ground.acts import reading
from lianfang.ground.clock import BEIJING
from lianfang.rooms import people
from lianfang.rooms.people import queries
from lianfang.rooms.people.models import Resident, Stay
from lianfang.rooms.people.roles import installer
from lianfang.rooms.places.models import Door
from tests import night
from tests.cast import DOOR, HOME, NEIGHBOUR, STORY, STREET, Cast


def test_the_number_of_statements_does_not_grow(street: str, cast: Cast) -> None:
    with reading(cast.li):
        doors = list(Door.objects.filter(where__under=f"{HOME}.3.1."))[:20]
    for number, door in enumerate(doors):
        people.register(door, name=f"宁小松{number}", by=cast.li, at=STORY)
    with reading(cast.li), CaptureQueriesContext(connection) as said:
        hits = queries.search(HOME, "ningxiaosong", limit=5)
    assert (len(hits.rows), hits.total) == (5, 1 + len(doors)) and len(said) == 1


def test_who_has_moved_out_is_not_found(street: str, cast: Cast) -> None:
    with reading(cast.li):
        stay = Stay.objects.get(resident__name="单国庆")
    people.end_stay(stay, until=date(2020, 2, 26), by=cast.li, at=STORY)
    with reading(cast.li):
        assert queries.search(HOME, "sgq").total == 0
        home = queries.household(f"{HOME}.3.2.403.")
        assert home and (home.members, len(home.former)) == ([], 1)


def test_who_was_first_is_named_by_role_and_time(street: str, cast: Cast) -> None:
    asked = night.asked(cast)
    with reading(cast.li), translation.override("en"):
        told: dict[str, Any] = queries.first_to("verification.asked", asked)
        assert (str(told["who"]), told["time"]) == ("community worker 王秀英", "02-26 21:40")
        assert str(queries.first_to("verification.settled", asked)["who"]) == "somebody"


def test_a_stay_that_began_elsewhere_counts_where_it_is(street: str, cast: Cast) -> None:
    with reading(cast.fang):
        door = Door.objects.get(where=f"{NEIGHBOUR}.3.1.102.")
    with reading(cast.chen):
        who = Resident.objects.get(where=DOOR, name="曾兰")
    at = datetime(2020, 2, 26, 21, 40, tzinfo=BEIJING)
    people.move_in(door, resident=who, since=date(2020, 2, 1), by=installer(STREET), at=at)
    with reading(cast.fang):
        assert [hit.where for hit in queries.search(NEIGHBOUR, "zl").rows] == [door.where]
        found = queries.resident(NEIGHBOUR, who.id)
        assert found and found.name == "曾兰"
    with reading(cast.li):
        assert queries.resident(HOME, who.id) is not None and queries.resident(NEIGHBOUR, who.id) is None
