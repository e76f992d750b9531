"""The building stack 楼栋图: every door of a community as a cell of a table. Drawn here, not by a template: a community has a
thousand doors. Layers and the legend's filters are plain links."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods

from lianfang.doors.signing_in import Request
from lianfang.ground import clock
from lianfang.ground.acts import Actor
from lianfang.ground.refusals import GONE, refuse, refuse_if
from lianfang.ground.where import within
from lianfang.reports import stack as report
from lianfang.reports.stack import Building, Cell
from lianfang.rooms.orders.models import Check
from lianfang.rooms.people.models import CareMark

from .cases import reader
from .frame import address, area_names, community_names, desk, page
from .waiting import sees_readings

Text = str | Promise


class Kind(NamedTuple):
    """One look of a cell: its sign, and its word in the legend."""

    sign: Text
    words: Text


TALL = 9
"""A building of more floors is printed on a sheet that stands upright."""

KINDS: dict[str, Kind] = {
    "alarm": Kind("!", gettext_lazy("alarm: fever or a symptom")),
    "late": Kind("!", gettext_lazy("release overdue")),
    "due": Kind(
        pgettext_lazy("one-character label: under observation", "O"), gettext_lazy("observed, check to take")
    ),
    "obs": Kind(
        pgettext_lazy("one-character label: under observation", "O"), gettext_lazy("observed, checked")
    ),
    "free": Kind(pgettext_lazy("one-character label: released", "R"), gettext_lazy("released of late")),
    "rent": Kind(pgettext_lazy("one-character label: rented", "T"), gettext_lazy("rented")),
    "void": Kind(pgettext_lazy("one-character label: empty home", "E"), gettext_lazy("empty, all have left")),
    "todo": Kind("?", gettext_lazy("nobody entered yet")),
    "home": Kind("", pgettext_lazy("a home", "lived in")),
    "ask": Kind(pgettext_lazy("one-character label of a door", "Q"), gettext_lazy("open request")),
    "need": Kind(pgettext_lazy("one-character label of a door", "N"), gettext_lazy("needs help")),
    "owed": Kind(pgettext_lazy("one-character label of a door", "P"), gettext_lazy("something was promised")),
    "care": Kind(pgettext_lazy("one-character label: needs care", "C"), gettext_lazy("needs care")),
    "quiet": Kind("", pgettext_lazy("a home", "nothing open")),
}
LAYERS: dict[str, tuple[Text, tuple[str, ...]]] = {
    "control": (
        pgettext_lazy("layer", "Control"),
        ("alarm", "late", "due", "obs", "free", "rent", "void", "todo", "home"),
    ),
    "canvass": (pgettext_lazy("layer", "Register"), ("todo", "void", "rent", "home")),
    "requests": (pgettext_lazy("layer", "Requests"), ("ask", "need", "owed", "quiet")),
    "care": (pgettext_lazy("layer", "Care"), ("care", "quiet")),
}
OVER = {"ask": "tickets", "need": "needs", "care": "care"}
"""What is drawn over a cell of the layer of control, and the cell's own name for it."""


def looks(cell: Cell, layer: str) -> str:
    """How a door looks in a layer."""
    if layer == "control":
        return cell.state
    if layer == "canvass":
        return cell.home
    if layer == "care":
        return "care" if cell.care else "quiet"
    return "ask" if cell.tickets else "need" if cell.needs else "owed" if cell.promises else "quiet"


@require_http_methods(["GET", "HEAD"])
@desk
def stack(request: Request) -> HttpResponse:
    """The buildings of one community (``at``); a street chooses the community first."""
    who, code = reader(request), request.GET.get("at", "")
    here = code or who.where[:12]
    if not code and len(who.where) < 12:
        known = community_names(who)
        if len(known) == 1:
            return HttpResponseRedirect(f"{request.path}?at={known[0][0]}")
        places = [{"href": f"?at={one}", "name": name} for one, name in known]
        return page(request, "stack_choose", {"places": places})
    refuse_if(len(here) != 12 or not here.isdigit(), _("There is no such entry here."), GONE)
    refuse_if(
        not (within(here, who.where) or within(who.where, here)), _("There is no such entry here."), GONE
    )
    layer, only, number = (request.GET.get(name, "") for name in ("layer", "only", "b"))
    layer = layer or "control"
    if layer not in LAYERS or (only and only not in LAYERS[layer][1]):
        refuse(_("There is no such list."), GONE)
    now = clock.now()
    every = report.stack(max(here, who.where, key=len), now)
    if code and len(who.where) < 12:
        refuse_if(code not in dict(community_names(who)), _("There is no such entry here."), GONE)
    shown = [one for one in every if one.number == number] if number else every
    refuse_if(bool(number) and not shown, _("There is no such entry here."), GONE)
    way = {"at": code, "layer": "" if layer == "control" else layer, "only": only, "b": number}
    return page(request, "stack", _context(who, here, every, shown, way) | {"at": now, "layer": layer})


def _context(
    who: Actor, here: str, every: list[Building], shown: list[Building], way: dict[str, str]
) -> dict[str, Any]:
    layer, only = way["layer"] or "control", way["only"]
    counts = Counter(looks(cell, layer) for one in shown for cell in one.cells.values())
    return {
        "place": {"street": "", "name": dict([*area_names(who), *community_names(who)]).get(here, here)},
        "alone": way["b"],
        "strip": [_tile(one, way) for one in every],
        "layers": [
            {
                "href": _href(way, layer="" if name == "control" else name, only=""),
                "words": words,
                "here": name == layer,
            }
            for name, (words, _kinds) in LAYERS.items()
        ],
        "legend": [
            {
                "kind": name,
                "sign": KINDS[name].sign,
                "words": KINDS[name].words,
                "n": counts[name],
                "href": _href(way, only="" if name == only else name),
                "here": name == only,
            }
            for name in LAYERS[layer][1]
            if counts[name] or name == only
        ],
        "only": KINDS[only].words if only else "",
        "all_href": _href(way, only=""),
        "every_href": _href(way, b=""),
        "buildings": [_building(one, who, layer, only, way) for one in shown],
        "wide": all(len(one.floors) <= TALL for one in shown),
        "doors": sum(len(one.cells) for one in shown),
        "people": sum(one.people for one in shown),
    }


def _href(way: dict[str, str], **other: str) -> str:
    said = {name: value for name, value in {**way, **other}.items() if value}
    return f"?{urlencode(said)}" if said else "?"


def _tile(one: Building, way: dict[str, str]) -> dict[str, Any]:
    return {
        "no": one.number,
        "href": _href(way, b=one.number),
        "here": one.number == way["b"],
        "observed": one.count("obs", "due", "alarm"),
        "waiting": one.count("due"),
        "late": one.count("late"),
        "alarm": one.count("alarm"),
    }


def _building(one: Building, who: Actor, layer: str, only: str, way: dict[str, str]) -> dict[str, Any]:
    """A building as its section shows it; ``table`` is the drawn table."""
    ref = reverse("desk:household", args=["-"])[:-1]
    ref += f"{one.where[:12]}-{one.number}-" if len(who.where) < 12 else f"{one.number}-"
    floors = len(one.floors)
    said = {"floors": floors, "units": len(one.units), "doors": len(one.cells), "no": one.number}
    return {
        "no": one.number,
        "doors": len(one.cells),
        "people": one.people,
        "floors": floors,
        "tall": floors > TALL,
        "units": len(one.units),
        "waiting": one.count("due"),
        "href": _href(way, b=one.number),
        "table": _table(one, _("Building %(no)s: %(units)s stairways, %(floors)s floors, %(doors)s doors") % said,
                        layer, only, ref, Words(sees_readings(who))),
    }  # fmt: skip


def _table(one: Building, caption: str, layer: str, only: str, ref: str, words: Words) -> SafeString:
    stairway, storey = _("Stairway %(no)s"), _("Floor %(no)s")
    head = "".join(
        f'<th scope="colgroup" colspan="{len(columns)}">{escape(stairway % {"no": unit})}</th>'
        for unit, columns in one.units
    )
    rows = []
    for floor in one.floors:
        cells = []
        for unit, columns in one.units:
            for place, column in enumerate(columns):
                cell = one.cells.get((unit, floor, column))
                first = " u" if place == 0 else ""
                cells.append(
                    _cell(cell, layer, only, f"{ref}{unit}-", first, words)
                    if cell
                    else f'<td class="x{first}"></td>'
                )
        rows.append(f'<tr><th scope="row">{escape(storey % {"no": floor})}</th>{"".join(cells)}</tr>\n')
    groups = "".join(f'<colgroup span="{len(columns)}"></colgroup>' for _unit, columns in one.units)
    return SafeString(
        f'<table class="stack"><caption class="vh">{escape(caption)}</caption><colgroup></colgroup>{groups}'
        f"<thead><tr><td></td>{head}</tr></thead>\n<tbody>{''.join(rows)}</tbody></table>"
    )


class Words:
    """The words of cells, each thought out once for a page."""

    def __init__(self, readings: bool) -> None:
        self.readings = readings
        self.kinds = {name: (str(one.sign), str(one.words)) for name, one in KINDS.items()}
        self.halves = {
            Check.Half.AM.value: pgettext("half a day in a cell", "am"),
            Check.Half.PM.value: pgettext("half a day in a cell", "pm"),
        }
        self.care = {one.value: str(one.label) for one in CareMark.Kind}
        self.day, self.sep = _("day %(day)d of %(days)d"), _(", ")
        self.missed, self.wait = _("%(half)s: no reading"), _("%(half)s: to take")
        self._people: dict[int, tuple[str, str]] = {}

    def people(self, n: int) -> tuple[str, str]:
        """How many people: as a cell has room for it, and in words."""
        if n not in self._people:
            short = pgettext("people in a cell", "%(n)d p.") % {"n": n}
            self._people[n] = short, ngettext("%(n)d person", "%(n)d people", n) % {"n": n}
        return self._people[n]


def _cell(cell: Cell, layer: str, only: str, ref: str, first: str, words: Words) -> str:
    """One door: hue, sign, edge and word; what is only drawn is said in hidden words too."""
    kind = looks(cell, layer)
    if only and kind != only:
        return f'<td class="off{first}"><a href="{ref}{cell.number}">{cell.number}</a></td>'
    sign, meant = words.kinds[kind]
    short, many = words.people(cell.people) if cell.people else ("", "")
    said, below, mark = [many] if many else [], short, ""
    if layer == "control":
        if cell.bound is not None:
            said.append(words.day % {"day": cell.bound[0], "days": cell.bound[1]})
            short, below = f"{cell.bound[0]}/{cell.bound[1]}", _check(cell, words)
            said += [below] if below else []
        for over, name in OVER.items():
            if getattr(cell, name):
                drawn, meaning = words.kinds[over]
                mark += f'<i class="m {over}" aria-hidden="true">{drawn}</i>'
                said.append(meaning)
    elif kind == "care":
        below = words.sep.join(words.care[one] for one in cell.care)
    elif kind in ("ask", "need", "owed"):
        below = meant
    name = f'<b lang="zh-Hans">{escape(cell.surname)}</b>' if cell.surname else ""
    beside = f"<small>{short}</small>" if short and below != short else ""
    sign = f'<i class="g" aria-hidden="true">{sign}</i>' if sign else ""
    state = meant if kind not in ("home", "quiet") and below != meant else ""
    heard = words.sep.join(filter(None, [state, *(one for one in said if one != below)]))
    hidden = f'<span class="vh">{escape(heard)}</span>' if heard else ""
    return (
        f'<td class="{kind}{first}"><a href="{ref}{cell.number}"><span>{cell.number}</span> {sign}'
        f'{name}{beside}<span class="k">{escape(below)}</span>{mark}{hidden}</a></td>'
    )


def _check(cell: Cell, words: Words) -> str:
    """What the last check says, in a few signs: 37.3, morning ✓, evening to take."""
    if cell.check is None:
        return ""
    half = words.halves[cell.check.half]
    if cell.check.state == Check.State.DONE:
        said = (
            f"{half} {cell.check.temperature}" if words.readings and cell.check.temperature else f"{half} ✓"
        )
    else:
        said = (words.missed if cell.check.state == Check.State.MISSED else words.wait) % {"half": half}
    return f"{words.missed % {'half': words.halves[cell.missed.half]}} {said}" if cell.missed else said


def stack_href(where: str, who: Actor) -> str:
    """The page of a building, for whoever reads at a place."""
    code, number = where[:12], where.split(".")[1]
    said = ({"at": code} if len(who.where) < 12 else {}) | {"b": number}
    return f"{address('desk:stack')}?{urlencode(said)}"
