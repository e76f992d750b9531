"""An act is the only way anything changes: who writes, who must not, and what no act may do.

Each rule is a function of a syntax tree, so that beside the real code it is also shown a broken piece.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

import pytest

from .source import ROOMS, acts_of, calls, dotted, files, imports, is_acts, name, room_of, rooms, tree

Finding = tuple[int, str]
Rule = Callable[[ast.AST], Iterable[Finding]]

WRITES = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "delete",
    "get_or_create",
    "update_or_create",
    "create_user",
}
TABLES = {"objects", "_default_manager", "_base_manager"}
INSIDE_AN_ACT = {"new", "new_each", "change", "take"}


def tables_touched(node: ast.AST) -> Iterable[Finding]:
    """A table asked or written: managers, saving, locking, raw SQL."""
    for one in ast.walk(node):
        if isinstance(one, ast.Attribute) and one.attr in TABLES:
            yield one.lineno, f"{dotted(one)}"
    for line, on, called, _call in calls(node):
        if called in WRITES | {"select_for_update", "cursor", "raw", "refresh_from_db"}:
            yield line, f"{on}.{called}()"
    for line, imported in imports(node):
        if imported.startswith("lianfang.ground.things.") and imported.rpartition(".")[2] in INSIDE_AN_ACT:
            yield line, imported


def writes(node: ast.AST) -> Iterable[Finding]:
    """Rows written past ``new`` and ``change``."""
    for line, on, called, _call in calls(node):
        rows = any(table in on.split(".") for table in TABLES) or on == "…" or on.startswith("….")
        if called in WRITES or (called == "update" and rows):
            yield line, f"{on}.{called}()"


def writes_as_an_act(node: ast.AST) -> Iterable[Finding]:
    """``new``, ``change`` and their like, which belong to acts.py."""
    for line, imported in imports(node):
        if imported.startswith("lianfang.ground.things.") and imported.rpartition(".")[2] in INSIDE_AN_ACT:
            yield line, imported
    for line, imported in imports(node):
        if imported in ("lianfang.ground.acts.act", "lianfang.ground.acts.many"):
            yield line, imported


def raw_sql(node: ast.AST) -> Iterable[Finding]:
    """SQL by hand that is not a plain SELECT."""
    for line, on, called, call in calls(node):
        if called in ("execute", "executemany", "raw", "callproc"):
            text = call.args[0] if call.args else None
            if not (
                isinstance(text, ast.Constant) and str(text.value).lstrip().upper().startswith("SELECT ")
            ):
                yield line, f"{on}.{called}()"


def clock_read(node: ast.AST) -> Iterable[Finding]:
    """The time asked for instead of handed in."""
    for line, on, called, _call in calls(node):
        asked = on and called in ("now", "utcnow", "today", "localtime", "localdate", "time_ns", "monotonic")
        if asked or (on, called) in (("time", "time"), ("", "Now"), ("", "localdate"), ("", "localtime")):
            yield line, f"{on}.{called}()"
    for line, imported in imports(node):
        if imported in ("lianfang.ground.clock", "lianfang.ground.clock.now", "time", "time.time"):
            yield line, imported
        if imported == "django.utils.timezone":
            yield line, imported
        if imported.startswith(("django.utils.timezone.", "django.db.models.functions.Now")):
            yield line, imported
    for one in ast.walk(node):
        if isinstance(one, ast.keyword) and one.arg in ("auto_now", "auto_now_add"):
            yield one.value.lineno, one.arg


def signals_used(node: ast.AST) -> Iterable[Finding]:
    """Effects hidden in signals."""
    for line, imported in imports(node):
        if ("signals" in imported.split(".") and "django" in imported) or imported.startswith(
            "django.dispatch"
        ):
            yield line, imported
        if imported.startswith(("django.core.signals", "django.db.models.signals", "django.test.signals")):
            yield line, imported


def saving_overridden(node: ast.AST) -> Iterable[Finding]:
    """A model that saves or deletes in a way of its own."""
    for one in ast.walk(node):
        if isinstance(one, ast.ClassDef):
            for inner in one.body:
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) and inner.name in (
                    "save", "delete", "asave", "adelete", "save_base", "__setattr__",
                ):  # fmt: skip
                    yield inner.lineno, f"{one.name}.{inner.name}"


def deeds(node: ast.Module) -> list[str]:
    """The names of the acts a module declares."""
    return [
        one.name
        for one in node.body
        if isinstance(one, ast.FunctionDef)
        and any(isinstance(by, ast.Call) and isinstance(by.func, ast.Name) and by.func.id == "act" for by in one.decorator_list)
    ]  # fmt: skip


def acts_called(node: ast.AST) -> Iterable[Finding]:
    """One act doing another: by its name, through its room, or under an id."""
    known = {deed for room in rooms() for path in acts_of(room) for deed in deeds(tree(path))}
    files_of_acts = {path.stem for room in rooms() for path in acts_of(room)}
    for line, on, called, _call in calls(node):
        if (called in known and (on == "" or on.split(".")[-1] in {*rooms(), *files_of_acts})) or called in (
            "once",
            "many",
        ):
            yield line, f"{on}.{called}()"
    for line, imported in imports(node):
        file, _dot, deed = imported.rpartition(".")
        acts = file.startswith("lianfang.rooms.") and file.rpartition(".")[2] in files_of_acts
        if imported.startswith(("lianfang.ground.acts.many", "lianfang.ground.acts.ACTS")) or (
            acts and deed in known
        ):
            yield line, imported


def logic(node: ast.AST) -> Iterable[Finding]:
    """Anything in a room's front but words, imports and the list of its deeds."""
    assert isinstance(node, ast.Module)
    for one in node.body:
        text = isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)
        listed = isinstance(one, ast.Assign) and dotted(one.targets[0]) == "__all__"
        if not (text or listed or isinstance(one, ast.Import | ast.ImportFrom)):
            yield one.lineno, type(one).__name__


EXCEPTIONS = {
    # What nobody could write through an act: nobody has entered yet (the file says why).
    ("writes", "lianfang/rooms/tokens/passwords.py", "….update()"),
    # An account is no thing: it says nothing of a person and its hash stays out of the notebook.
    ("writes", "lianfang/rooms/people/acts.py", "Account.objects.create_user()"),
    ("writes", "lianfang/rooms/people/models.py", "account.save()"),
    # Nor is the hash of a token, which must be found before anybody is anybody.
    ("writes", "lianfang/rooms/tokens/acts.py", "TokenKey.objects.create()"),
    # A picture written into memory.
    ("writes", "lianfang/reports/paper.py", "….save()"),
    # Doors that ask whether the database itself is safe, before anything is served.
    ("tables_touched", "lianfang/doors/starting.py", "connection.cursor()"),
    ("tables_touched", "lianfang/doors/console/checking.py", "….cursor()"),
    ("tables_touched", "lianfang/doors/console/up.py", "connection.cursor()"),
}
"""Every place where a rule does not hold, by rule, file and finding. The list is part of the test: it must be exact."""

WHERE: list[tuple[Rule, list[str]]] = [
    (tables_touched, ["lianfang/doors"]),
    (writes, ["lianfang/rooms", "lianfang/reports", "lianfang/reactions.py"]),
    (writes_as_an_act, ["lianfang/rooms", "lianfang/reports", "lianfang/reactions.py"]),
    (raw_sql, ["lianfang/rooms", "lianfang/reports", "lianfang/reactions.py"]),
    (clock_read, ["lianfang/rooms", "lianfang/reports", "lianfang/reactions.py"]),
    (signals_used, ["lianfang", "config"]),
    (saving_overridden, ["lianfang"]),
]


def read(rule: Rule, places: list[str]) -> list[tuple[str, str, str]]:
    found = []
    for path in files("lianfang", "config"):
        inside = any(name(path) == place or name(path).startswith(f"{place}/") for place in places)
        if inside and not (rule is writes_as_an_act and is_acts(path)):
            found += [(rule.__name__, name(path), what) for _line, what in rule(tree(path))]
    return found


@pytest.mark.parametrize(("rule", "places"), WHERE, ids=[rule.__name__ for rule, _ in WHERE])
def test_the_house_keeps_this_rule(rule: Rule, places: list[str]) -> None:
    assert sorted(set(read(rule, places)) - EXCEPTIONS) == []


def test_every_exception_is_still_needed() -> None:
    met = {finding for rule, places in WHERE for finding in read(rule, places)}
    assert sorted(EXCEPTIONS - met) == []


@pytest.mark.parametrize("room", rooms())
def test_no_act_does_another(room: str) -> None:
    assert [found for path in acts_of(room) for found in acts_called(tree(path))] == []


@pytest.mark.parametrize("room", rooms())
def test_the_front_of_a_room_holds_no_logic(room: str) -> None:
    assert list(logic(tree(ROOMS / room / "__init__.py"))) == []


def test_acts_are_declared_in_files_of_acts_only() -> None:
    elsewhere = [name(path) for path in files("lianfang") if not is_acts(path) and deeds(tree(path))]
    assert elsewhere == []


@pytest.mark.parametrize("room", rooms())
def test_a_room_gives_out_its_deeds_by_its_front(room: str) -> None:
    front = {imported.rpartition(".")[2] for _, imported in imports(tree(ROOMS / room / "__init__.py"))}
    assert {deed for path in acts_of(room) for deed in deeds(tree(path))} <= front


def test_work_rooms_and_registers_are_the_rooms_there_are() -> None:
    assert {room_of(path) for path in files("lianfang/rooms") if path.parent != ROOMS} == set(rooms())


BROKEN: list[tuple[Rule, str]] = [
    (tables_touched, "Door.objects.get(id=1)"),
    (tables_touched, "thing.save()"),
    (tables_touched, "from django.db import connection\nconnection.cursor().execute('SELECT 1')"),
    (tables_touched, "model._default_manager.filter()"),
    (tables_touched, "def late():\n from lianfang.ground.things import change"),
    (writes, "Door.objects.filter(id=1).update(floor=2)"),
    (writes, "Door.objects.update(floor=2)"),
    (writes, "door.save(update_fields=['floor'])"),
    (writes, "Door.objects.bulk_create([])"),
    (writes, "found.delete()"),
    (writes_as_an_act, "from lianfang.ground.things import new"),
    (writes_as_an_act, "from lianfang.ground.acts import Actor, act"),
    (raw_sql, "cursor.execute('UPDATE lianfang_door SET floor = 1')"),
    (raw_sql, "cursor.execute(statement)"),
    (clock_read, "from datetime import datetime\ndatetime.now(tz)"),
    (clock_read, "date.today()"),
    (clock_read, "import time\ntime.time()"),
    (clock_read, "def late():\n from lianfang.ground import clock"),
    (clock_read, "timezone.now()"),
    (clock_read, "since = DateTimeField(auto_now_add=True)"),
    (clock_read, "rows.filter(since__lt=Now())"),
    (signals_used, "from django.db.models.signals import post_save"),
    (signals_used, "from django.dispatch import receiver"),
    (saving_overridden, "class Door(Thing):\n def save(self, *args): ..."),
    (saving_overridden, "class Door(Thing):\n async def adelete(self): ..."),
    (acts_called, "def deed(): return register(door)"),
    (acts_called, "def deed(): return people.register(door)"),
    (acts_called, "def deed(): return gates.ask.once(id)(where)"),
    (acts_called, "def deed():\n from lianfang.rooms.people.acts import post"),
    (logic, "if True: pass"),
    (logic, "def helper(): ..."),
]


@pytest.mark.parametrize(
    ("rule", "code"), BROKEN, ids=[f"{rule.__name__}-{code[:40]}" for rule, code in BROKEN]
)
def test_a_broken_piece_is_found(rule: Rule, code: str) -> None:
    assert list(rule(ast.parse(code)))


FINE: list[tuple[Rule, str]] = [
    (writes, "words.update({'a': 1}); digest.update(b'')"),
    (raw_sql, "cursor.execute('SELECT * FROM lianfang_enter(%s)', [1])"),
    (clock_read, "from lianfang.ground.clock import BEIJING\nat.astimezone(BEIJING)"),
    (acts_called, "change(thing, a=1); new(Model); line(thing)"),
    (logic, '"""Words."""\nfrom .acts import a\n__all__ = ["a"]'),
]


@pytest.mark.parametrize(("rule", "code"), FINE, ids=[rule.__name__ for rule, _ in FINE])
def test_a_sound_piece_is_let_pass(rule: Rule, code: str) -> None:
    assert not list(rule(ast.parse(code)))
