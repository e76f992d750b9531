"""Addresses of the desk: short enough to be said over a telephone."""

from django.urls import URLPattern, path

from . import entrance, heard, households, lists, meeting, searching, stack, today
from .aid_urls import urlpatterns as aid
from .brief_urls import urlpatterns as briefs
from .case_urls import urlpatterns as cases
from .order_urls import urlpatterns as orders
from .slips import urlpatterns as slips
from .ticket_urls import urlpatterns as tickets
from .tokens import urlpatterns as tokens

app_name = "desk"
urlpatterns: list[URLPattern] = [
    path("", today.today, name="today"),
    path("morning", meeting.morning, name="morning"),
    path("search", searching.search, name="search"),
    path("sign-in", entrance.sign_in, name="sign_in"),
    path("sign-out", entrance.sign_out, name="sign_out"),
    path("signed-out", entrance.signed_out, name="signed_out"),
    path("size", entrance.size, name="size"),
    path("language", entrance.language, name="language"),
    path("verifications", lists.verifications, name="verifications"),
    path("questions", lists.questions, name="questions"),
    path("stack", stack.stack, name="stack"),
    path("notes", heard.heard, name="notes"),
    path("promise/<uuid:id>", heard.keep, name="promise_keep"),
    path("h/<str:ref>", households.household, name="household"),
    path("h/<str:ref>/note", households.note, name="note"),
    path("reveal/<uuid:id>", households.reveal, name="reveal"),
    *cases,
    *orders,
    *tickets,
    *aid,
    *briefs,
    *slips,
    *tokens,
]
