"""Addresses of the briefs."""

from django.urls import URLPattern, path

from . import briefs

urlpatterns: list[URLPattern] = [
    path("b", briefs.briefs, name="briefs"),
    path("b/new", briefs.new, name="brief_new"),
    path("b/<uuid:id>", briefs.brief, name="brief"),
    path("b/<uuid:id>/amend", briefs.amend, name="brief_amend"),
    path("b/<uuid:id>/publish", briefs.publish, name="brief_publish"),
    path("b/<uuid:id>/pdf", briefs.pdf, name="brief_pdf"),
    path("b/<uuid:id>/png", briefs.picture, name="brief_picture"),
    path("b/<uuid:id>/<slug:name>", briefs.figure, name="brief_figure"),
]
