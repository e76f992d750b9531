"""Addresses of tickets and of the case page."""

from django.urls import URLPattern, path

from . import matters, ticket_intake, tickets

urlpatterns: list[URLPattern] = [
    path("tickets", tickets.listed, name="tickets"),
    path("t/new", ticket_intake.new, name="ticket_new"),
    path("t/<uuid:id>", tickets.ticket, name="ticket"),
    path("t/<uuid:id>/accept", tickets.deed_of("accept"), name="ticket_accept"),
    path("t/<uuid:id>/call", tickets.deed_of("call"), name="ticket_call"),
    path("t/<uuid:id>/speak", tickets.deed_of("speak"), name="ticket_speak"),
    path("t/<uuid:id>/answer", tickets.deed_of("answer"), name="ticket_answer"),
    path("t/<uuid:id>/call-back", tickets.deed_of("call_back"), name="ticket_call_back"),
    path("t/<uuid:id>/close", tickets.deed_of("close"), name="ticket_close"),
    path("t/<uuid:id>/reopen", tickets.deed_of("reopen"), name="ticket_reopen"),
    path("t/<uuid:id>/reveal", tickets.reveal, name="ticket_reveal"),
    path("m/<uuid:id>", matters.matter, name="matter"),
    path("m/<uuid:id>/note", matters.note, name="matter_note"),
]
