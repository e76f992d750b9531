"""The OpenAPI document: the addresses as they are declared, and every act's fields as its room declares them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from lianfang.ground.acts import ACTS, Act
from lianfang.rooms.people.roles import ROLES

from . import problems
from .door import api
from .fields import fields_of, label_of
from .listing import LISTINGS
from .shapes import BATCH

JSON = "application/json"
SCHEMAS = "#/components/schemas/"


@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    """The document, in Chinese or English. It says nothing of anybody, and is read without a token."""
    return JsonResponse(document(problems.language_of(request)))


@lru_cache(maxsize=2)
def document(language: str) -> dict[str, Any]:
    """The whole document in one language."""
    with translation.override(language):
        told: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="api/v1/"))
        schemas = told["components"]["schemas"]
        for kind, what in sorted(ACTS.items()):
            schemas[_name(kind)] = _asked(kind, what)
            schemas[f"{_name(kind)}.in_a_batch"] = _in_a_batch(kind)
        _asks_for(told["paths"]["/api/v1/acts/{id}"]["put"], "")
        batch = schemas["Batch"]["properties"]["acts"]
        batch["items"] = _one_of(".in_a_batch")
        batch["maxItems"] = BATCH
        for way in told["paths"]["/api/v1/things/{kind}"]["get"]["parameters"]:
            if way["name"] == "kind":
                way["schema"]["enum"] = list(LISTINGS)
        for answers in _answers(told):
            for code, one in answers.items():
                if code >= 400:
                    one["content"] = {problems.PROBLEM: one["content"].pop(JSON)}
        told["info"]["description"] = _(
            "The same acts and questions as at the desk, by a token: docs/handbook/api.md shows how."
        )
    return told


def _answers(told: dict[str, Any]) -> list[dict[Any, Any]]:
    return [one["responses"] for path in told["paths"].values() for one in path.values()]


def _name(kind: str) -> str:
    return f"act.{kind}"


def _one_of(ending: str) -> dict[str, Any]:
    known = {kind: f"{SCHEMAS}{_name(kind)}{ending}" for kind in sorted(ACTS)}
    return {
        "oneOf": [{"$ref": one} for one in known.values()],
        "discriminator": {"propertyName": "kind", "mapping": known},
    }


def _asks_for(operation: dict[str, Any], ending: str) -> None:
    operation["requestBody"]["content"][JSON]["schema"] = _one_of(ending)


def _asked(kind: str, what: Act[Any]) -> dict[str, Any]:
    """An act as it is sent: its kind, its own fields, when it happened."""
    fields = fields_of(what)
    properties = {}
    for name, field in fields.items():
        label = label_of(field)
        properties[name] = field.schema | ({"description": label} if label else {})
    said = {
        "type": "object",
        "properties": properties,
        "required": [name for name, field in fields.items() if field.required],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "title": kind,
        "description": " ".join((what.__doc__ or "").split()),
        "properties": {
            "kind": {"const": kind},
            "said": said,
            "at": {"type": "string", "format": "date-time"},
        },
        "required": ["kind", "said"] if said["required"] else ["kind"],
        "additionalProperties": False,
        "x-roles": [name for name, role in ROLES.items() if kind in role.writes],
    }


def _in_a_batch(kind: str) -> dict[str, Any]:
    """The same with the id its line will have, which alone stands in the address."""
    alone = _asked(kind, ACTS[kind])
    alone["properties"] = {"id": {"type": "string", "format": "uuid"}} | alone["properties"]
    alone["required"] = ["id", *alone["required"]]
    return alone
