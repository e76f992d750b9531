"""Addresses of the cases: verification, assessment, question, order, edition."""

from django.urls import URLPattern, path

from . import asking_upward, assessing, calls, ordering, rules_pages

urlpatterns: list[URLPattern] = [
    path("v/new", calls.new, name="verification_new"),
    path("v/<uuid:id>", calls.verification, name="verification"),
    path("v/<uuid:id>/person", calls.person, name="verification_person"),
    path("v/<uuid:id>/answer", calls.answer, name="verification_answer"),
    path("v/<uuid:id>/settle", calls.settle, name="verification_settle"),
    path("assess", assessing.start, name="assess"),
    path("a/<uuid:id>", assessing.assessment, name="assessment"),
    path("a/<uuid:id>/ask", asking_upward.new, name="question_new"),
    path("a/<uuid:id>/order", ordering.by_clause, name="order_by_clause"),
    path("q/<uuid:id>", asking_upward.question, name="question"),
    path("q/<uuid:id>/rule", asking_upward.rule, name="question_rule"),
    path("q/<uuid:id>/order", ordering.by_ruling, name="order_by_ruling"),
    path("e", rules_pages.editions, name="editions"),
    path("e/<str:code>", rules_pages.edition, name="edition"),
]
