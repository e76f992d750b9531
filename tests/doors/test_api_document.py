"""The OpenAPI document says what there is, and what it says is so."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from lianfang.doors import asking
from lianfang.doors.api.document import document
from lianfang.doors.api.fields import fields_of
from lianfang.doors.api.listing import ALWAYS, LISTINGS
from lianfang.doors.api.urls import urlpatterns
from lianfang.ground.acts import ACTS
from lianfang.ground.rows import tables
from lianfang.ground.things import Sealed, Thing
from lianfang.rooms.people.roles import ROLES

HAN = re.compile("[\u3400-\u9fff]")


@pytest.fixture(scope="module", params=["zh-hans", "en"])
def told(request: pytest.FixtureRequest) -> dict[str, Any]:
    return document(request.param)


def test_every_act_stands_in_it_with_its_fields(told: dict[str, Any]) -> None:
    schemas = told["components"]["schemas"]
    for kind, what in ACTS.items():
        one = schemas[f"act.{kind}"]
        said = one["properties"]["said"]
        form = asking.form_of(what)
        takes = set(what.parameters) - set(asking.GIVEN) - set(getattr(form, "MAKES", ()))
        assert takes <= set(said["properties"]), kind
        assert set(said["properties"]) - takes <= set(form().fields if form else ()), kind
        assert set(said["required"]) <= set(said["properties"]), kind
        assert one["properties"]["kind"] == {"const": kind}
        assert one["x-roles"] == [name for name, role in ROLES.items() if kind in role.writes]


def test_both_ways_to_act_offer_every_kind(told: dict[str, Any]) -> None:
    alone = told["paths"]["/api/v1/acts/{id}"]["put"]["requestBody"]["content"]["application/json"]["schema"]
    batch = told["components"]["schemas"]["Batch"]["properties"]["acts"]
    for offered in (alone, batch["items"]):
        assert set(offered["discriminator"]["mapping"]) == set(ACTS)
        assert {one["$ref"] for one in offered["oneOf"]} == set(offered["discriminator"]["mapping"].values())
    assert (batch["minItems"], batch["maxItems"]) == (1, 50)


def test_every_reference_leads_somewhere(told: dict[str, Any]) -> None:
    names = set(re.findall(r"'#/components/schemas/([^']+)'", str(told)))
    assert names and names <= set(told["components"]["schemas"])


def test_every_address_is_in_it_and_asks_for_a_token(told: dict[str, Any]) -> None:
    declared = [str(one.pattern) for one in urlpatterns if one.name != "api_openapi"]
    addresses = {"/api/v1/" + re.sub("<(?:[a-z]+:)?([a-z]+)>", r"{\1}", one) for one in declared}
    assert set(told["paths"]) == addresses
    for path, ways in told["paths"].items():
        for method, one in ways.items():
            assert one["security"] == [{"Token": []}], (method, path)
            codes = {str(code) for code in one["responses"]}
            assert {"401", "403", "404", "422", "503"} <= codes, (method, path)
            for code, answer in one["responses"].items():
                kinds = list(answer["content"])
                assert kinds == (["application/problem+json"] if int(code) >= 400 else ["application/json"])
    assert told["components"]["securitySchemes"]["Token"] == {"type": "http", "scheme": "bearer"}


def test_it_is_served_in_both_languages_and_says_nothing_of_anybody(street: str) -> None:
    for language, wanted in (("zh-CN", "zh-hans"), ("en", "en")):
        answer = Client().get("/api/v1/openapi.json", headers={"Accept-Language": language})
        assert answer.status_code == 200
        assert answer.json()["openapi"].startswith("3.1")
        assert answer.headers["Content-Language"] == wanted
        labels = [field.label for what in ACTS.values() for field in fields_of(what).values()]
        assert labels
        text = answer.content.decode("unicode_escape")
        assert bool(HAN.search(text)) == (wanted == "zh-hans")
        assert "宁小松" not in text
    assert Client().post("/api/v1/openapi.json", {}, content_type="application/json").status_code == 405


def test_what_is_listed_are_fields_of_things_and_no_index_of_an_identifier() -> None:
    models = {model._meta.model_name: model for model in tables() if issubclass(model, Thing)}
    for kind, listing in LISTINGS.items():
        columns = {one.name: one for one in models[kind]._meta.concrete_fields}
        shown = [*ALWAYS, *listing.shown.split()]
        assert set(shown) <= set(columns), kind
        assert len(shown) == len(set(shown))
        indexes = {one.index for one in columns.values() if isinstance(one, Sealed)}
        assert not indexes & set(shown)
        assert not [
            name
            for name in shown
            if columns[name].get_internal_type() == "BinaryField" and not isinstance(columns[name], Sealed)
        ]
