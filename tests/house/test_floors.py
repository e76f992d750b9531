"""The floors as drawn in ``.importlinter``: imports go down only, inside functions too, and nothing stands outside."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .source import ROOT, files, imports, name, tree

LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"

PLANTED = {
    "lianfang/ground/holds.py": "def later():\n    from lianfang.rooms import people",
    "lianfang/ground/ids.py": "import config.urls",
    "lianfang/rooms/gates/queries.py": "from lianfang.rooms.orders.models import Order",
    "lianfang/rooms/places/queries.py": "def later():\n    import lianfang.rooms.people.models",
    "lianfang/rooms/notes/queries.py": "from lianfang.reports import timeline",
    "lianfang/reports/today.py": "from lianfang import reactions",
    "lianfang/reactions.py": "def later():\n    from lianfang.doors import asking",
    "lianfang/doors/asking.py": "from lianfang.doors.console import saying",
    "lianfang/doors/console/saying.py": "from lianfang.doors.desk import trouble",
    "lianfang/rules/documents.py": "import django.conf",
    "lianfang/rules/conditions.py": "from lianfang.ground import where",
    "lianfang/ground/home.py": "from django.conf import settings",
    "config/settings.py": "from lianfang.rooms import places",
}
"""What somebody in a hurry might add, each on another wall."""


def lint(where: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", LINT], cwd=where, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said of a house in which every wall has a hole, and a room and a drawer nobody has drawn."""
    there = tmp_path_factory.mktemp("broken")
    shutil.copy(ROOT / ".importlinter", there)
    for folder in ("lianfang", "config"):
        shutil.copytree(
            ROOT / folder, there / folder, ignore=shutil.ignore_patterns("__pycache__", "static", "templates")
        )
    for path, code in PLANTED.items():
        with (there / path).open("a", encoding="utf-8") as file:
            file.write(f"\n\n{code}\n")
    (there / "lianfang" / "drawer.py").write_text("import this\n")
    for new in ("rooms/unasked", "doors/unasked"):
        (there / "lianfang" / new).mkdir()
        (there / "lianfang" / new / "__init__.py").write_text("")
    code, said = lint(there)
    assert code == 1, said
    return said


def test_imports_go_down_only() -> None:
    code, said = lint(ROOT)
    assert code == 0, said


@pytest.mark.parametrize("path", PLANTED)
def test_an_import_through_a_wall_is_found(broken: str, path: str) -> None:
    module = path.removesuffix(".py").replace("/", ".")
    assert f"{module} -> " in broken


def test_every_contract_can_break(broken: str) -> None:
    assert "0 kept" in broken


def test_what_stands_outside_the_drawing_is_found(broken: str) -> None:
    for stray in ("lianfang.drawer", "lianfang.rooms.unasked", "lianfang.doors.unasked"):
        assert stray.rpartition(".")[2] in broken


def test_nothing_is_fetched_by_name_past_the_linter() -> None:
    """``import_module`` and the registry of models would be doors in the walls; the uses of either are listed."""
    by_name = (
        "importlib",
        "importlib.import_module",
        "django.apps.apps",
        "django.utils.module_loading.import_string",
    )
    found = {
        (name(path), imported)
        for path in files("lianfang")
        for _, imported in imports(tree(path))
        if imported in by_name
    }
    assert found == {
        ("lianfang/doors/asking.py", "importlib.import_module"),  # an act's form, by the act's name
        ("lianfang/doors/console/__init__.py", "importlib.import_module"),  # a command's module
        ("lianfang/ground/rows.py", "django.apps.apps"),  # every table, to protect it
    }
