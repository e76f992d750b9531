"""Addresses of the resident's door. A code after ``/r/`` is taken out of the address before it gets here (manners)."""

from django.urls import URLPattern, path

from . import entrance, pages

app_name = "public"
urlpatterns: list[URLPattern] = [
    path("", entrance.enter, name="enter"),
    path("link", entrance.link, name="link"),
    path("leave", entrance.leave, name="leave"),
    path("me", pages.own_page, name="own"),
    path("object", pages.object_to, name="object"),
    path("request", pages.request_something, name="request"),
    path("arrived/<uuid:id>", pages.arrived, name="arrived"),
    path("seen/<uuid:id>", pages.seen, name="seen"),
]
