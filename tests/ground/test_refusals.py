"""A refusal is the one expected no: a code for the door, a reason for the reader, in his language."""

from __future__ import annotations

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from lianfang.ground.refusals import CONFLICT, FORBIDDEN, GONE, UNFIT, Refused, refuse, refuse_if


def test_a_refusal_is_filled_in_where_it_is_read() -> None:
    no = Refused("already taken by %(unit)s", unit="街道")
    assert (str(no), no.code) == ("already taken by 街道", CONFLICT)


def test_a_refusal_speaks_the_readers_language() -> None:
    no = Refused(_("Your role does not do this."), FORBIDDEN)
    with translation.override("en"):
        english = no.message
    with translation.override("zh-hans"):
        chinese = no.message
    assert english == "Your role does not do this."
    assert chinese != english
    assert any("一" <= letter <= "鿿" for letter in chinese)


def test_a_per_cent_sign_without_params_is_left_alone() -> None:
    assert Refused("100 % full").message == "100 % full"


def test_refuse_if_refuses_only_if() -> None:
    for nothing in (False, None, "", [], 0):
        refuse_if(nothing, "no")
    with pytest.raises(Refused) as no:
        refuse_if(["something"], "no: %(why)s", UNFIT, why="it rains")
    assert (no.value.message, no.value.code) == ("no: it rains", UNFIT)
    with pytest.raises(Refused) as no:
        refuse("gone", GONE)
    assert no.value.code == 404


def test_the_codes_are_those_of_http() -> None:
    assert (GONE, FORBIDDEN, CONFLICT, UNFIT) == (404, 403, 409, 422)


def test_fields_are_kept_apart() -> None:
    assert Refused("no", fields={"name": ["too long"]}).fields == {"name": ["too long"]}
    assert Refused("no").fields == {}
