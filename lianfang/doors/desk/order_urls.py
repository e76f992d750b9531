"""Addresses of an order: its page, what is done on it, its papers; and the register."""

from django.urls import URLPattern, path

from . import observing, papers, serving

urlpatterns: list[URLPattern] = [
    path("orders", observing.register, name="orders"),
    path("o/<uuid:id>", serving.order, name="order"),
    path("o/<uuid:id>/serve", serving.deed_of("serve"), name="order_serve"),
    path("o/<uuid:id>/refuse", serving.deed_of("refuse"), name="order_refuse"),
    path("o/<uuid:id>/object", serving.deed_of("object"), name="order_object"),
    path("o/<uuid:id>/objection/<uuid:which>", serving.deed_of("answer"), name="objection_answer"),
    path("o/<uuid:id>/undertake", serving.deed_of("undertake"), name="order_undertake"),
    path("o/<uuid:id>/check/<uuid:which>", serving.deed_of("check"), name="check_record"),
    path("o/<uuid:id>/alarm/<uuid:which>", serving.deed_of("settle"), name="alarm_settle"),
    path("o/<uuid:id>/verify", serving.deed_of("verify"), name="order_verify"),
    path("o/<uuid:id>/release", serving.deed_of("release"), name="order_release"),
    path("o/<uuid:id>/notice", papers.notice, name="notice"),
    path("o/<uuid:id>/released", papers.release_notice, name="release_notice"),
]
