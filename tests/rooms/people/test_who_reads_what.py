"""Masked fields: which role reads which, from the one page of roles."""

from __future__ import annotations

import pytest

from lianfang.ground.acts import reading
from lianfang.ground.refusals import FORBIDDEN, Refused
from lianfang.rooms import people
from lianfang.rooms.people.models import Resident
from lianfang.rooms.people.roles import installer
from tests.cast import HOME, STORY, STREET, Cast

pytestmark = pytest.mark.usefixtures("one_street")

READS = {
    "wang": {"id_number", "phone"},
    "li": {"id_number", "phone"},
    "he": {"id_number", "phone"},
    "liu": {"phone"},
    "sun": {"phone"},
    "chen": {"phone"},
    "guo": set[str](),
    "zhao": set[str](),
    "zhou": set[str](),
    "qian": set[str](),
}
"""Who reads what with a reason: written down a second time, so that a slip on the page of roles is seen."""


@pytest.mark.parametrize(
    "field", ["id_number", "phone", "name", "keys", "id_index", "where", "no such field"]
)
@pytest.mark.parametrize("who", READS)
def test_a_field_is_read_by_the_roles_that_may_and_nobody_else(cast: Cast, who: str, field: str) -> None:
    by = getattr(cast, who)
    with reading(installer(STREET)):
        ning = Resident.objects.get(name="宁小松", where__under=HOME)
    if field in READS[who]:
        assert people.reveal(ning, field=field, reason="verify", by=by, at=STORY)
        return
    with pytest.raises(Refused) as no:
        people.reveal(ning, field=field, reason="verify", by=by, at=STORY)
    assert no.value.code == FORBIDDEN
