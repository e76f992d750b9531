"""``lianfang decide`` and ``lianfang facts``: the reviewed rules of ``data/policies``, without a database."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lianfang.rules import deciding as rules
from lianfang.rules.documents import PolicyError
from lianfang.rules.editions import Policies, read_policies
from lianfang.rules.vocabulary import Fact, Label

from . import REFUSED
from .saying import say_json


def arguments(name: str, parser: argparse.ArgumentParser) -> None:
    """What the two commands take."""
    if name == "decide":
        parser.add_argument("--on", required=True, type=date.fromisoformat, metavar="DATE", help="2020-02-26")
        parser.add_argument("--where", required=True, metavar="CODE", help="110198001001")
        parser.add_argument("--facts", required=True, metavar="FILE", help="JSON; - = stdin")
        parser.add_argument("--subject", default="arrivals")
    parser.add_argument("--json", action="store_true")


def run(name: str, given: argparse.Namespace) -> int:
    """Run ``decide`` or ``facts``."""
    try:
        known = read_policies(settings.LIANFANG_DATA / "policies")
        return _facts(known, given.json) if name == "facts" else _decide(known, given)
    except PolicyError as wrong:
        print(f"✗ {wrong}", file=sys.stderr)
        return REFUSED
    except (OSError, ValueError) as wrong:
        print(f"✗ {wrong}", file=sys.stderr)
        return REFUSED


def _word(label: Label) -> str:
    return label.en if (get_language() or "").startswith("en") else label.zh


def _values(fact: Fact) -> str:
    if fact.values:
        return " | ".join(fact.words)
    if fact.low is not None:
        return f"{fact.low} … {fact.high}" + (f" {_word(fact.unit)}" if fact.unit else "")
    return fact.kind.value


def _facts(known: Policies, as_json: bool) -> int:
    if as_json:
        say_json(
            [
                {"key": f.key, "type": f.kind.value, "label": f.label.as_json(), "learnt": f.learnt.as_json()}
                | {"values": _values(f)}
                for f in known.vocabulary
            ]
        )
        return 0
    for fact in known.vocabulary:
        print(
            f"{fact.key:<22} {_word(fact.label)}\n{'':<22} {fact.kind.value}: {_values(fact)} · {_word(fact.learnt)}"
        )
    return 0


def _decide(known: Policies, given: argparse.Namespace) -> int:
    text = sys.stdin.read() if given.facts == "-" else Path(given.facts).read_text(encoding="utf-8")
    said = json.loads(text)
    if not isinstance(said, dict):
        raise ValueError(_("The file of facts holds one JSON object: fact to value."))
    facts = known.vocabulary.facts(said)
    decision = rules.decide(known.editions, facts, given.on, given.where, subject=given.subject)
    if given.json:
        say_json(decision.as_json())
    else:
        _print(decision.as_json())
    return 0


def _print(decision: dict[str, Any]) -> None:
    words = {"required": _("required"), "exempt": _("exempt"), "unclear": _("unclear: ask upward")}
    print(f"{decision['on']} · {decision['where']} · {words[decision['answer']]}")
    if measure := decision.get("measure"):
        print(f"  {measure['kind']}" + (f" {measure['days']}" if measure.get("days") else ""))
    titles = {
        "deciding": _("Deciding clauses"),
        "near": _("Near: all conditions hold but one"),
        "would_change": _("Facts that would change the answer"),
        "elsewhere_or_later": _("Elsewhere or later (no basis for a decision here)"),
    }
    says = {"false": _("does not hold"), "unknown": _("is not known"), "not_said": _("the text does not say")}
    for name, title in titles.items():
        if decision[name]:
            print(f"\n{title}:")
        for one in decision[name]:
            if name == "would_change":
                ends = sorted({str(outcome["answer"]) for outcome in one["outcomes"]})
                print(f"  {one['fact']} → {', '.join(words.get(end, end) for end in ends)}")
                continue
            but = f" — {one['but_for']}: {says.get(one['says'], one['says'])}" if one.get("but_for") else ""
            mark = _("paraphrase") if one.get("text_is") == "paraphrase" else _("quotation")
            print(f"  {one['edition']} {one['clause']} [{mark}; {one['source']} {one['grade']}]{but}")
            print(f"    {one.get('wording', '')}")
