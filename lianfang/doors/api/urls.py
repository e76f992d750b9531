"""Addresses of the API, below /api/v1/."""

from typing import cast

from django.urls import URLPattern, path

from . import acting, reading
from .document import openapi
from .door import api

__all__ = ["acting", "reading", "urlpatterns"]

app_name = "api"
urlpatterns: list[URLPattern] = [
    path("openapi.json", openapi, name="api_openapi"),
    *(one for one in cast(list[URLPattern], api.urls[0]) if one.name != "api-root"),
]
