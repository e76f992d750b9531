"""What is written down later carries the time it happened."""

from __future__ import annotations

from datetime import datetime

import pytest

from lianfang.ground.acts import reading
from lianfang.ground.clock import BEIJING
from lianfang.ground.notebook import Line
from tests.cast import DOOR, Cast

from .visiting import sign_in


@pytest.mark.parametrize(
    ("named", "status", "at"),
    [
        ("2020-02-26T20:05", 302, datetime(2020, 2, 26, 20, 5, tzinfo=BEIJING)),
        ("", 302, None),
        ("yesterday", 422, None),
        ("2020-02-27T09:00", 422, None),
        ("2019-01-01T09:00", 422, None),
    ],
)
def test_a_note_may_be_of_an_earlier_hour(
    street: str, cast: Cast, named: str, status: int, at: datetime | None
) -> None:
    answer = sign_in("wang").post(
        "/h/3-2-402/note", {"text": "他说草莓明天要送。", "how": "phone", "at": named}
    )
    assert answer.status_code == status
    with reading(cast.wang):
        lines = list(Line.objects.filter(where=DOOR, kind="note.written"))
    assert len(lines) == (status == 302) and (at is None or lines[0].at == at)
