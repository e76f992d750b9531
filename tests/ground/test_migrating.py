"""A database says what it is for, and stays that."""

import pytest

from lianfang.ground import migrating
from lianfang.ground.home import CannotStart


def test_a_demo_and_a_street_never_share_a_database(empty: str) -> None:
    migrating.claim("demo")
    migrating.claim("demo")
    with pytest.raises(CannotStart) as no:
        migrating.claim("street")
    assert "演示" in no.value.zh and "demo" in no.value.en
