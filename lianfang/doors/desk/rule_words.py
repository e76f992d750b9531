"""The rules in words: a fact and its values, what a clause asks and does, why it nearly fits, what would change the answer.

Works on decisions as they are kept (plain JSON), so that a page shows what was decided then, not what would be now.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from lianfang.rooms.policies import queries as policies
from lianfang.rooms.policies.models import Edition
from lianfang.rules.deciding import Period, days
from lianfang.rules.vocabulary import Fact, Kind, Label

from .area_words import area_words

Json = Mapping[str, Any]
Names = Mapping[str, str]
"""Names of the installation's own places, by code."""

MISS = {"false": "false", "unknown": "unknown", "not_said": "unsaid"}


def chinese() -> bool:
    """Whether the page is in Chinese."""
    return (get_language() or "").startswith("zh")


def label(one: Label) -> str:
    """A label of the vocabulary in the language of the page."""
    return one.zh if chinese() else one.en


def title(row: Edition) -> str:
    """What an edition is called."""
    return row.title if chinese() or not row.title_en else row.title_en


def fact_label(key: str) -> str:
    """What a fact is called."""
    return label(policies.vocabulary()[key].label)


def fact_short(key: str) -> str:
    """What a fact is called, without what stands in brackets: for a line that must stay short."""
    return fact_label(key).partition("（")[0].partition(" (")[0]


def value_words(fact: Fact, value: Any, own: Names | None = None) -> str:
    """A value of a fact in words; "" for none."""
    if value is None or value == "":
        return ""
    if fact.kind is Kind.BOOLEAN:
        return _("yes") if value else _("no")
    if fact.kind is Kind.DATE:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
        return date_format(day, pgettext("date format", "j M Y"))
    if isinstance(value, str) and value in fact.said:
        return label(fact.said[value])
    if fact.kind is Kind.PLACE:
        return area_words(str(value), own)
    return f"{value} {label(fact.unit)}" if fact.unit else str(value)


def _several(words: Iterable[str]) -> str:
    return _(", ").join(words)


def cell_words(fact: Fact, cell: Json, own: Names | None = None) -> str:
    """The values of a cell: 三河、大厂; 1 night or more; anywhere but Beijing."""
    said = []
    if cell.get("in"):
        said.append(_several(value_words(fact, one, own) for one in cell["in"]))
    if cell.get("not_in"):
        said.append(
            _("anywhere but %(places)s")
            % {"places": _several(value_words(fact, one, own) for one in cell["not_in"])}
        )
    if cell.get("from") is not None or cell.get("to") is not None:
        said.append(_span(fact, cell))
    return _("; ").join(said)


def _span(fact: Fact, cell: Json) -> str:
    low, high = (str(end) if end is not None else "" for end in (cell.get("from"), cell.get("to")))
    low = "" if low == str(fact.low) else low
    high = "" if high == str(fact.high) else high
    first, last = (value_words(fact, _number(fact, end)) for end in (low, high))
    if first == last:
        return first or _("any")
    if not last:
        return (_("from %(value)s on") if fact.kind is Kind.DATE else _("%(value)s or more")) % {
            "value": first
        }
    if not first:
        return (_("up to %(value)s") if fact.kind is Kind.DATE else _("at most %(value)s")) % {"value": last}
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def _number(fact: Fact, text: str) -> Any:
    return int(text) if text and fact.kind is Kind.NUMBER else text


def condition_words(condition: Json, own: Names | None = None) -> str:
    """What a clause asks of one fact: "nights spent outside: 1 or more"."""
    fact = policies.vocabulary()[condition["fact"]]
    return f"{fact_short(fact.key)}{_(': ')}{cell_words(fact, condition, own)}"


def measure_words(measure: Json | None) -> str:
    """A measure with its days: home observation for 14 days, or central observation."""
    if not measure or measure["kind"] == "none":
        return ""
    said = _kind_words(measure["kind"])
    if measure.get("days"):
        n = int(measure["days"])
        said = ngettext("%(measure)s, %(n)s day", "%(measure)s, %(n)s days", n) % {"measure": said, "n": n}
    if measure.get("or_else"):
        said = _("%(measure)s, or else %(other)s") % {
            "measure": said,
            "other": _kind_words(measure["or_else"]),
        }
    return said


def _kind_words(kind: str) -> str:
    return {
        "report_and_register": _("report and register"),
        "health_monitoring": _("health monitoring"),
        "home_observation": _("home observation"),
        "central_observation": _("central observation"),
    }.get(kind, kind)


def effect_words(clause: Json) -> str:
    """What a clause does, in a few words."""
    if clause.get("require"):
        return _("asks for: %(measure)s") % {"measure": measure_words(clause["require"])}
    if clause.get("exempt"):
        return _("exempts")
    what = (clause.get("states") or {}).get("what", "")
    return {
        "duty": _("states a duty"),
        "permission": _("permits"),
        "prohibition": _("forbids"),
        "consequence": _("names a consequence"),
        "advice": _("advises"),
    }.get(what, "")


def answer_word(outcome: str, measure: Json | None = None) -> str:
    """An answer of the rules in a word or two."""
    if outcome == "required":
        return measure_words(measure) or _("required")
    return {"exempt": _("nothing is required"), "unclear": _("unclear: the rules do not say")}.get(
        outcome, outcome
    )


def rows_of(*readings: Iterable[Json]) -> dict[str, Edition]:
    """The editions some readings are of, by code; one statement."""
    codes = {one["edition"] for group in readings for one in group}
    return {row.code: row for row, _gist in policies.clauses_called({f"{code}/" for code in codes}).values()}


def clause_label(number: str) -> str:
    """How a clause is called inside its edition."""
    return _("clause %(number)s") % {"number": number}


def edition_href(code: str, on: date | None = None, clause: str = "") -> str:
    """The page of an edition, for a day, at a clause."""
    query = f"?{urlencode({'on': on.isoformat()})}" if on else ""
    return reverse("desk:edition", args=[code]) + query + (f"#c-{clause}" if clause else "")


def clauses(
    readings: Iterable[Json], decision: Json, rows: Mapping[str, Edition], own: Names
) -> list[dict[str, Any]]:
    """Readings of a decision as ``parts/clause.html`` shows them."""
    return [_clause(one, decision, rows.get(one["edition"]), own) for one in readings]


def _clause(one: Json, decision: Json, row: Edition | None, own: Names) -> dict[str, Any]:
    on = date.fromisoformat(decision["on"]) if "on" in decision else None
    return {
        "edition": title(row) if row else one["edition"],
        "label": clause_label(one["clause"]),
        "href": edition_href(one["edition"], on, one["clause"]),
        "number": row.number if row else "",
        "text": one["wording"],
        "gist": "" if chinese() else one.get("gist", ""),
        "text_is": one["text_is"],
        "effect": effect_words(one),
        "source": one.get("found_at") or one.get("source", ""),
        "grade": one.get("grade", ""),
        "from": row.effective_from if row else None,
        "to": row.effective_to if row else None,
        "miss": _miss(one, decision.get("facts", {}), own),
        "states": dict(one.get("states") or {}),
        "when": _("later") if one.get("later") else _("elsewhere") if one.get("elsewhere") else "",
    }


def _miss(one: Json, facts: Json, own: Names) -> dict[str, str] | None:
    """The one condition that keeps a clause from holding, how, and what is known instead."""
    if not one.get("but_for"):
        return None
    fact = policies.vocabulary()[one["but_for"]]
    condition = next(each for each in one["conditions"] if each["fact"] == fact.key)
    known = value_words(fact, facts.get(fact.key), own)
    said = _("here: %(value)s") % {"value": known} if known else ""
    return {"words": condition_words(condition, own), "kind": MISS[one["says"]], "said": said}


def changes(decision: Json, own: Names) -> list[dict[str, str]]:
    """What would change the answer: fact, values, and what the answer would be."""
    said = []
    for one in decision.get("would_change", []):
        fact = policies.vocabulary()[one["fact"]]
        for outcome in one["outcomes"]:
            values = _(" or ").join(cell_words(fact, cell, own) for cell in outcome["values"])
            said.append(
                {
                    "fact": fact_short(fact.key),
                    "value": values,
                    "outcome": outcome["answer"],
                    "word": answer_word(outcome["answer"], outcome.get("measure")),
                }
            )
    return said


def facts(decision: Json, own: Names) -> list[dict[str, Any]]:
    """What is known of the case, in the order of the vocabulary; then what is not known and would matter."""
    known, said = decision.get("facts", {}), []
    for fact in policies.vocabulary():
        if fact.key in known:
            words = value_words(fact, known[fact.key], own)
            said.append({"words": fact_short(fact.key), "value": words, "known": True, "source": ""})
    for one in decision.get("would_change", []):
        if not one["known"]:
            said.append({"words": fact_short(one["fact"]), "value": "", "known": False, "source": ""})
    return said


def plain_sentence(decision: Json, own: Names) -> str:
    """The answer in one sentence somebody at the desk can say on the phone."""
    if decision["answer"] == "required":
        return _("A clause in force here asks for it, and no exemption holds.")
    if decision["answer"] == "exempt":
        if decision["because"] == "exemption_holds":
            return _("A clause in force here exempts this case.")
        return _("No rule in force here asks for anything in this case.")
    silent = {one["but_for"] for one in decision["deciding"] if one.get("says") == "not_said"}
    missing = {one["but_for"] for one in decision["deciding"] if one.get("says") == "unknown"}
    vocabulary = policies.vocabulary()
    said = [
        _("The text does not say what holds for “%(fact)s: %(value)s”.")
        % {"fact": fact_short(key), "value": value_words(vocabulary[key], decision["facts"].get(key), own)}
        for key in sorted(silent)
    ]
    said += [_("“%(fact)s” is not known.") % {"fact": fact_short(key)} for key in sorted(missing)]
    return ("" if chinese() else " ").join([*said, _("It is not for us to guess: ask the street.")])


def term(decision: Json, rows: Mapping[str, Edition]) -> Period | None:
    """The days of the measure, if it has any and the day of arrival is known."""
    measure, arrived = decision.get("measure") or {}, decision.get("facts", {}).get("arrived_on")
    if not measure.get("days") or not arrived:
        return None
    row = next((rows[one["edition"]] for one in decision["deciding"] if one["edition"] in rows), None)
    ends_at = str(row.document.get("ends_at", "24:00")) if row else "24:00"
    return days(date.fromisoformat(arrived), int(measure["days"]), ends_at)


def grounds(decision: Json, own: Names) -> dict[str, Any]:
    """What a question goes up with, and an order rests on: facts and clauses. One statement."""
    names = ("deciding", "near", "elsewhere_or_later", "stated", "may_be_stricter")
    readings: list[Sequence[Json]] = [decision.get(name, []) for name in names]
    rows = rows_of(*readings)
    shown = {key: clauses(found, decision, rows, own) for key, found in zip(names, readings, strict=True)}
    return {
        "facts": facts(decision, own),
        "deciding": shown["deciding"],
        "near": [one for one in shown["near"] if one not in shown["deciding"]],
        "elsewhere": shown["elsewhere_or_later"],
        "stated": shown["stated"],
        "stricter": shown["may_be_stricter"],
        "rows": rows,
    }
