"""The home of an installation: its secrets are made once, and a demo never becomes a street."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lianfang.ground import home
from lianfang.ground.home import CHECKOUT, CannotStart


def test_a_damaged_file_of_secrets_is_never_replaced(tmp_path: Path) -> None:
    first = home.secret_key(tmp_path)
    assert home.secret_key(tmp_path) == first
    (tmp_path / "secrets.json").write_text("{half")
    with pytest.raises(CannotStart, match=r"secrets\.json"):
        home.secret_key(tmp_path)
    assert (tmp_path / "secrets.json").read_text() == "{half"


def test_two_who_ask_at_once_get_the_same_secret(tmp_path: Path) -> None:
    ask = (
        "import sys; from pathlib import Path; from lianfang.ground.home import secret_key;"
        "print(secret_key(Path(sys.argv[1])))"
    )
    asking = [
        subprocess.Popen([sys.executable, "-c", ask, str(tmp_path)], cwd=CHECKOUT, stdout=subprocess.PIPE)
        for _ in range(6)
    ]
    assert len({process.communicate()[0] for process in asking}) == 1


def test_a_demo_and_a_street_never_share_a_home(tmp_path: Path) -> None:
    home.claim(tmp_path, "demo")
    home.claim(tmp_path, "demo")
    with pytest.raises(CannotStart, match="LIANFANG_HOME"):
        home.claim(tmp_path, "street")
