"""Addresses of needs, and of the pledges for them."""

from django.urls import URLPattern, path

from . import aid_notes, aid_pages

urlpatterns: list[URLPattern] = [
    path("needs", aid_pages.listed, name="needs"),
    path("n/new", aid_notes.new, name="need_new"),
    path("n/ask", aid_notes.ask, name="needs_ask"),
    path("n/<uuid:id>", aid_pages.need, name="need"),
    path("n/<uuid:id>/confirm", aid_pages.deed_of("confirm"), name="need_confirm"),
    path("n/<uuid:id>/drop", aid_pages.deed_of("drop"), name="need_drop"),
    path("n/<uuid:id>/pledge", aid_pages.deed_of("pledge"), name="need_pledge"),
    path("n/<uuid:id>/met", aid_pages.deed_of("meet"), name="need_met"),
    path("n/<uuid:id>/p/<uuid:given>/deliver", aid_pages.deed_of("deliver"), name="pledge_deliver"),
    path("n/<uuid:id>/p/<uuid:given>/withdraw", aid_pages.deed_of("withdraw"), name="pledge_withdraw"),
]
