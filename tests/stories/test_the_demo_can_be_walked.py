"""The story of the demo street, ``data/demo/night.toml``: played to any scene, continued, never done twice; and where
somebody's hand has taken it another way it stops and says so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from lianfang.doors.console import MISUNDERSTOOD, demo_story, main
from lianfang.ground import clock, seals, verifying
from lianfang.ground.acts import ACTS, reading
from lianfang.ground.notebook import Line
from lianfang.rooms import gates
from lianfang.rooms.aid import queries as needs
from lianfang.rooms.aid.models import Need
from lianfang.rooms.briefs.models import Brief
from lianfang.rooms.gates.models import Verification
from lianfang.rooms.orders.models import Alarm, Check, Order, Release
from lianfang.rooms.people.roles import the_clock
from lianfang.rooms.tickets import queries as requests
from lianfang.rooms.tickets.models import Ticket
from tests.cast import DATA, STORY, Cast

PATH = DATA / "demo" / "night.toml"


def play(until: str) -> str:
    """Play until a scene; why it stopped, or nothing."""
    said: list[str] = []
    no = demo_story.play(PATH, demo_story.moment_of(PATH, until), said.append)
    return no.message if no else ""


def lines() -> int:
    with reading(the_clock()):
        return Line.objects.count()


def test_every_step_is_one_of_ours_and_has_an_id_of_its_own() -> None:
    steps = demo_story.steps(PATH)
    assert len({one.id for one in steps}) == len(steps)
    assert {one.act for one in steps} <= set(ACTS)
    assert [one.at for one in steps] == sorted(one.at for one in steps)
    named = [one.name for one in demo_story.scenes(PATH)]
    assert named == ["evening", "night", "morning", "visit", "helping", "fever", "release", "end"]
    with translation.override("en"):
        assert all(one.words.isascii() for one in demo_story.scenes(PATH))


def test_scene_by_scene_to_its_end(street: str, cast: Cast) -> None:
    assert play("evening") == ""
    with reading(cast.li):
        assert Order.objects.get().state == "issued"
    assert play("night") == ""
    with reading(cast.chen):
        ticket = Ticket.objects.get()
        assert requests.calls(ticket) == 7
    assert play("visit") == ""
    with reading(cast.li):
        assert Need.objects.get(kind="sell").state == "proposed"
    assert play("helping") == ""
    with reading(cast.li):
        assert needs.sums(Need.objects.get(kind="sell")).open == 10
    assert play("fever") == ""
    with reading(cast.sun):
        assert Alarm.objects.get().state == "open"
    assert play("release") == ""
    with reading(cast.li):
        assert not Release.objects.exists() and Check.objects.filter(state="missed").count() == 1
    assert play("end") == ""
    with reading(cast.chen):
        assert Ticket.objects.get().state == "closed" and Order.objects.get().state == "released"
        assert Release.objects.get().number == "清和街解观〔2020〕1号"
        stands = needs.sums(Need.objects.get(kind="sell"))
        assert (stands.delivered, stands.paid) == (200, 3000)
        assert Brief.objects.filter(state="published").count() == 3
    seals.write(clock.now())
    assert verifying.verify().wrong == []
    before = lines()
    assert play("end") == "" and lines() == before


def test_where_somebody_went_another_way_it_stops_and_says_so(street: str, cast: Cast) -> None:
    assert play("2020-02-26T21:42") == ""
    with reading(cast.wang):
        asked = Verification.objects.get()
    gates.answer(asked, answer="no", by=cast.wang, at=STORY + timedelta(minutes=2))
    before = lines()
    with translation.override("zh-hans"):
        assert "王秀英" in play("night")
    assert lines() == before


def test_what_is_no_scene_is_refused_with_the_list(
    street: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "DEMO", True)
    assert main(["demo", "--to", "yesterday"]) == MISUNDERSTOOD
    said = capsys.readouterr().err
    assert "morning" in said and "2020-02-28T09:00" in said
