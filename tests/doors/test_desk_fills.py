"""Lists and today's page as the street fills: they cost the same, are turned over, and show each role what waits for it."""

from __future__ import annotations

from lianfang.rooms import notes
from tests import night
from tests.cast import DOOR, HOME, Cast

from .visiting import sign_in, statements, text_of


def test_a_page_takes_as_many_statements_in_a_full_street_as_in_a_quiet_one(street: str, cast: Cast) -> None:
    night.issued(cast)
    night.asked(cast)
    notes.write(DOOR, text="一", how="door", by=cast.wang, at=night.STORY)
    wang = sign_in("wang")
    paths = ["/", "/h/3-2-402", "/verifications", "/verifications?which=all", "/orders", "/search?q=402"]
    quiet = {path: statements(wang, path) for path in paths}
    for number in range(12):
        night.asked(cast)
        notes.write(DOOR, text=f"第{number}次", how="door", by=cast.wang, at=night.STORY)
    # A statement less where the last lines happen to cite no rule.
    assert all(statements(wang, path) <= quiet[path] for path in paths)
    assert quiet["/"] <= 30 and quiet["/h/3-2-402"] <= 30, quiet


def test_a_list_of_everything_is_turned_over_page_by_page(street: str, cast: Cast) -> None:
    ids = [str(night.asked(cast).id) for _call in range(28)]
    wang = sign_in("wang")
    first = text_of(wang.get("/verifications?which=all"))
    assert [one for one in ids if one in first] == ids[3:]
    older = f"/verifications?which=all&before={ids[3]}"
    assert older.replace("&", "&amp;") in first
    second = text_of(wang.get(older))
    assert [one for one in ids if f"/v/{one}" in second] == ids[:3]
    assert 'href="/verifications?which=all"' in second


def test_each_sees_what_waits_for_his_role(street: str, cast: Cast) -> None:
    night.asked(cast)
    night.asked_up(cast)
    shown = {name: text_of(sign_in(name).get("/")) for name in ("wang", "chen", "guo")}
    assert 'class="src src-gate"' in shown["wang"] and 'class="src src-ask"' not in shown["wang"]
    assert 'class="src src-ask"' in shown["chen"] and 'class="src src-gate"' not in shown["chen"]
    waits = ("src-gate", "src-ask", "src-order")
    assert not any(one in shown["guo"] for one in waits) and "没有等您办的" in shown["guo"]
    night.issued(cast)
    assert 'class="src src-order"' in text_of(sign_in("liu").get("/"))
    assert HOME not in shown["wang"]
