"""A figure and the rows behind it agree, for a community and for its street; and the street is the sum of its parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import translation

from lianfang.ground import clock
from lianfang.ground.acts import ACTS, reading
from lianfang.ground.clock import BEIJING
from lianfang.reports import brief_words as words
from lianfang.reports import figures
from lianfang.reports.brief import GROUPS, TILES
from lianfang.reports.figure_words import FIGURES
from lianfang.reports.figures import Book, Row
from lianfang.rooms import gates, notes, tickets
from lianfang.rooms.aid.models import Need
from lianfang.rooms.briefs.models import Brief
from lianfang.rooms.gates.models import Verification
from lianfang.rooms.notes.models import Note
from lianfang.rooms.orders.models import Alarm, Order
from lianfang.rooms.rulings.models import Question
from lianfang.rooms.tickets.models import Contact, Ticket
from tests.cast import HOME, NEIGHBOUR, STORY, STREET, Cast
from tests.conftest import _copy
from tests.examples import tell

DAY = date(2020, 2, 27)
NINE = datetime(2020, 2, 27, 9, 0, tzinfo=BEIJING)
PLACES = (HOME, NEIGHBOUR, STREET)


@pytest.fixture(scope="module")
def night(street_template: str) -> Iterator[Cast]:
    """The night of the story, every act of it once; a note and a call next door; a ticket about no place at all."""
    for _ in _copy(street_template):
        cast = Cast()
        tell(cast)
        notes.write(f"{NEIGHBOUR}.3.2.402.", text="缺米", how="phone", by=cast.fang, at=STORY)
        gates.ask(NEIGHBOUR, post="马坊", asked_for="某人", by=cast.fang, at=STORY)
        tickets.lodge(
            STREET,
            channel="web",
            type="suggestion",
            category="traffic",
            words="公交改线",
            by=cast.chen,
            at=STORY,
        )
        clock.move_to(NINE + timedelta(minutes=10))
        yield cast


def reader(cast: Cast, where: str) -> Any:
    return {HOME: cast.li, NEIGHBOUR: cast.fang, STREET: cast.zhao}[where]


def draft(where: str) -> Brief:
    """A brief of the day that nobody has published: its numbers are those of now."""
    return Brief(id=uuid4(), where=where, day=DAY)


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_the_number_of_its_rows(night: Cast, where: str, name: str) -> None:
    with reading(reader(night, where)):
        behind = figures.rows(draft(where), name)
        value = figures.of(draft(where)).values[name]
    if FIGURES[name].adds:
        assert value == sum(float(row.facts[FIGURES[name].adds]) for row in behind)
    else:
        assert value == len(behind) == len({row.id for row in behind})


@pytest.mark.parametrize("name", FIGURES)
def test_a_street_is_the_sum_of_its_communities_and_its_own(night: Cast, name: str) -> None:
    with reading(night.zhao):
        street = figures.of(draft(STREET))
        parts = {code: figures.rows(draft(STREET), name, code or STREET) for code in street.parts}
    assert street.values[name] == sum(one[name] for one in street.parts.values())
    for code, behind in parts.items():
        assert street.parts[code][name] == figures.measure(FIGURES[name], behind)


@pytest.mark.parametrize("name", FIGURES)
def test_a_community_counts_what_its_street_counts_for_it(night: Cast, name: str) -> None:
    with reading(night.zhao):
        of_street = figures.of(draft(STREET)).parts[HOME][name]
    with reading(night.li):
        assert figures.of(draft(HOME)).values[name] == of_street


def test_the_street_has_a_row_of_its_own_for_what_is_about_no_community(night: Cast) -> None:
    with reading(night.zhao):
        own = figures.of(draft(STREET)).parts[""]
    assert {name: value for name, value in own.items() if value} == {
        "tickets": 1,
        "calls": 1,
        "tickets_open": 1,
    }


def test_the_rooms_count_the_same(night: Cast) -> None:
    """Counted once more from the rooms' own tables."""
    with reading(night.zhao):
        values = figures.of(draft(STREET)).values
        today = {"at__gt": NINE - timedelta(days=1), "at__lte": NINE}
        assert values == values | {
            "in_force": Order.objects.exclude(state=Order.State.RELEASED).count(),
            "released": Order.objects.filter(state=Order.State.RELEASED).count(),
            "notes": Note.objects.filter(noted_at__gt=NINE - timedelta(days=1)).count(),
            "verified": Verification.objects.filter(asked_at__gt=NINE - timedelta(days=1)).count(),
            "questions_open": Question.objects.filter(state=Question.State.ASKED).count(),
            "tickets": Ticket.objects.count(),
            "tickets_open": Ticket.objects.filter(state__in=["lodged", "accepted"]).count(),
            "calls": Contact.objects.filter(side=Contact.Side.CALLER, **today).count(),
            "contacts": Contact.objects.filter(side=Contact.Side.OURS, **today).count(),
            "alarms_open": Alarm.objects.filter(state=Alarm.State.OPEN).count(),
            "needs_open": Need.objects.filter(state=Need.State.OPEN).count(),
            "needs_met": Need.objects.filter(state=Need.State.MET).count(),
        }


def test_every_figure_of_the_day_counts_something_in_the_story(night: Cast) -> None:
    """Else its test would prove nothing. What stands is gone by the morning, for the story ends well."""
    with reading(night.zhao):
        values = figures.of(draft(STREET)).values
    assert {name for name, one in FIGURES.items() if not one.ends and not values[name]} == set()


def test_every_kind_a_figure_counts_is_an_act() -> None:
    assert {kind for one in FIGURES.values() for kind in (*one.kinds, *one.ends)} - set(ACTS) == set()


def test_what_is_drawn_day_by_day_is_read_from_the_first_line_on() -> None:
    assert {kind for name in figures.SERIES for kind in FIGURES[name].kinds} <= figures.STANDING


def test_every_figure_stands_on_the_sheet_once() -> None:
    placed = [*TILES, *(name for _, those in GROUPS for name in those)]
    assert Counter(placed) == Counter(FIGURES.keys())


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_a_figure_has_a_name_of_its_own_and_says_what_it_counts(language: str) -> None:
    with translation.override(language):
        assert len({str(one.words) for one in FIGURES.values()}) == len(FIGURES)
        assert len({str(one.definition) for one in FIGURES.values()}) == len(FIGURES)


def test_the_statements_are_few_however_full_the_day(night: Cast, django_statements: Any) -> None:
    with reading(night.zhao):
        assert django_statements(lambda: figures.of(draft(STREET))) == 3
    with reading(night.li):
        assert (
            django_statements(lambda: figures.of(draft(HOME))) == 3
        )  # it has published before: did anything come late?


@pytest.fixture
def django_statements() -> Any:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(call: Any) -> int:
        with CaptureQueriesContext(connection) as said:
            call()
        return len(said)

    return count


# Pure: what stands, what came late, what was emptied.


def row(kind: str, hours: float, about: UUID | None = None, **given: Any) -> Row:
    """A line so many hours after nine in the morning of the 27th."""
    id, at = uuid4(), NINE + timedelta(hours=hours)
    said: dict[str, Any] = {
        "id": id,
        "kind": kind,
        "about": about or id,
        "matter": about or id,
        "where": HOME,
        "also": [],
        "at": at,
        "written_at": at,
        "xact": int((hours + 1000) * 10),
        "facts": {"n": 1},
    }
    return Row(**(said | given))


def value(name: str, *rows: Row, day: date = DAY, **given: Any) -> Any:
    return Book(HOME, DAY, rows).value(FIGURES[name], day, **given)


def test_what_began_and_did_not_end_stands() -> None:
    first, second = row("order.issued", -100), row("order.issued", -30)
    assert value("in_force", first, second) == 2
    assert value("in_force", first, second, row("order.released", -1, first.id)) == 1
    assert value("in_force", first, second, row("order.released", 1, first.id)) == 2
    assert value("in_force", first, second, day=DAY - timedelta(days=2)) == 1


def test_a_ticket_that_is_opened_again_stands_again() -> None:
    ticket = row("ticket.lodged", -50)
    answered, again = row("ticket.answered", -40, ticket.id), row("ticket.reopened", -3, ticket.id)
    assert value("tickets_open", ticket, answered) == 0
    assert value("tickets_open", ticket, answered, again) == 1


def test_the_day_is_the_twenty_four_hours_before_its_hour() -> None:
    assert value("notes", row("note.written", -24)) == 0
    assert value("notes", row("note.written", -23.99), row("note.written", 0)) == 2
    assert value("notes", row("note.written", 0.01)) == 0


def test_whose_last_day_was_yesterday_is_due_for_release() -> None:
    for last, due in (("2020-02-26", 1), ("2020-02-27", 0), ("2020-02-20", 1)):
        assert value("release_due", row("order.issued", -300, facts={"last_day": last})) == due


def test_a_ticket_that_ends_within_a_day_is_due_soon() -> None:
    for hours, soon in ((1, 1), (24, 1), (25, 0), (-1, 0)):
        due = (NINE + timedelta(hours=hours)).isoformat()
        assert value("tickets_soon", row("ticket.lodged", -10, facts={"due": due})) == soon


def test_jin_are_added_up_and_portions_are_not() -> None:
    parts = [row("aid.delivered", -2, facts={"quantity": q, "unit": u, "yuan": y})
             for q, u, y in (("60", "jin", "900"), ("70.5", "jin", "1057.5"), ("3", "portion", "0"))]  # fmt: skip
    assert value("jin", *parts) == 130.5
    assert value("yuan", *parts) == 1957.5


def test_who_was_erased_neither_stands_for_ever_nor_moves_what_was_told() -> None:
    """His lines say nothing any more: neither that it began nor that it ended."""
    id = uuid4()
    emptied = row("order.issued", -50, id=id, about=id, matter=id, facts={})
    assert value("in_force", emptied) == 0
    assert value("in_force", emptied, row("order.issued", -40)) == 1


def test_what_is_known_later_is_not_counted_before() -> None:
    late = row("note.written", -1, written_at=NINE + timedelta(hours=5), xact=10_500)
    assert value("notes", late, known=lambda one: one.xact < 10_010) == 0
    assert Book(HOME, DAY, [late]).moved(NINE) == {"notes": (0, 1)}


def test_a_headline_names_its_figures_in_braces() -> None:
    book = Book(HOME, DAY, [row("order.issued", -2), row("order.issued", -40)])
    figures_ = figures.Figures(
        HOME, DAY, book.values(DAY), book.values(DAY - timedelta(days=1)), {}, {}, [], None
    )
    with translation.override("zh-hans"):
        said = words.pieces("在观 {居家观察} 人，{in_force±}；{天气}", figures_)
    assert [(one.words, one.figure) for one in said] == [
        ("在观 ", ""), ("2", "in_force"), (" 人，", ""), ("比昨日多 1", "in_force"), ("；{天气}", "")]  # fmt: skip
    assert words.unknown_in("{居家观察}{天气}{Under observation}") == ["天气"]
    with translation.override("en"):
        assert words.in_words("{in_force±} {居家观察}") == "{Under observation±} {Under observation}"


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_houses_own_headline_names_only_figures_there_are(language: str) -> None:
    full = dict.fromkeys(FIGURES, 3)
    figures_ = figures.Figures(HOME, DAY, full, full, {}, {}, [], None)
    with translation.override(language):
        said = words.own_headline(figures_)
        assert words.unknown_in(said) == []
        assert words.unknown_in(words.in_words(said)) == []
        shown = "".join(one.words for one in words.pieces(said, figures_))
    assert "{" not in shown and "3" in shown


def need(kind: str, hours: float, about: UUID | None = None, **facts: Any) -> Row:
    given = {"need": "sell", "quantity": "200", "unit": "jin"} | facts
    return row(kind, hours, about, facts=given)


@pytest.mark.parametrize(
    ("later", "told"),
    [
        ([], "一户居民说出了难处：销路（200 斤）。已有专人负责，定了时限。"),
        (["aid.pledged"], "一户居民说出了难处：销路（200 斤）。邻居、在职党员已经认领，正在办。"),
        (
            ["aid.pledged", "need.met"],
            "一户居民说出了难处：销路（200 斤）。邻居、在职党员伸了手。本人说，办妥了。",
        ),
    ],
)
def test_a_story_is_heard_then_helped_then_met(later: list[str], told: str) -> None:
    heard = need("need.confirmed", -20)
    other = need("need.confirmed", -1, need="food", quantity="1", unit="task")
    rows = [heard, other]
    if "aid.pledged" in later:
        rows += [
            row("aid.pledged", -10, facts={"for_need": str(heard.id), "by": by})
            for by in ("party_member", "neighbour")
        ]
    if "need.met" in later:
        rows.append(need("need.met", -2, heard.id))
    with translation.override("zh-hans"):
        assert words.story(Book(HOME, DAY, rows).story()) == told


def test_without_a_need_there_is_no_story() -> None:
    assert Book(HOME, DAY, [row("note.written", -2)]).story() is None
    assert Book(HOME, DAY, [need("need.confirmed", -200)]).story() is None, "that was another day's"
    assert words.story(None) == ""


@pytest.mark.parametrize("kind", figures.UNTOLD)
def test_of_illness_no_story_is_told(kind: str) -> None:
    assert Book(HOME, DAY, [need("need.confirmed", -2, need=kind)]).story() is None
    assert Book(HOME, DAY, [need("need.met", -2, need=kind), need("need.confirmed", -3)]).story() is not None
