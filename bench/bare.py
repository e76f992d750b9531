"""The floors of web work in one file of Django: insert one row by the ORM, list 25 rows. Nobody signs in, nothing is checked,
nothing is remembered. Served by ``granian`` like the desk, on the same database server."""

from __future__ import annotations

import json
import os

import django
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from psycopg.conninfo import conninfo_to_dict

GIVEN = conninfo_to_dict(os.environ["LIANFANG_DATABASE_URL"])
settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    INSTALLED_APPS=[],
    USE_TZ=True,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": GIVEN["host"],
            "USER": GIVEN["user"],
            "PASSWORD": GIVEN["password"],
            "NAME": "floor",
            "CONN_MAX_AGE": None,
        }
    },
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - Django must be awake
from django.db import models, transaction  # noqa: E402
from django.urls import path  # noqa: E402


class Entry(models.Model):
    """A row of about the size of a note with its line."""

    created_at = models.DateTimeField(auto_now_add=True)
    kind = models.TextField()
    person = models.TextField()
    phone = models.TextField()
    id_no = models.TextField()
    sex = models.TextField()
    age = models.IntegerField()
    temp_c = models.DecimalField(max_digits=4, decimal_places=1)
    community = models.TextField()
    address = models.TextField()
    symptoms = models.TextField()
    travelled = models.BooleanField()
    note = models.TextField()

    class Meta:
        app_label, db_table, managed = "floor", "entry", False


def insert(request: HttpRequest) -> JsonResponse:
    """One row."""
    with transaction.atomic():
        made = Entry.objects.create(**json.loads(request.body))
    return JsonResponse({"id": made.pk}, status=201)


def page(request: HttpRequest) -> JsonResponse:
    """The last 25."""
    return JsonResponse({"results": list(Entry.objects.order_by("-id")[:25].values())})


urlpatterns = [path("insert", insert), path("list", page)]
application = get_wsgi_application()
