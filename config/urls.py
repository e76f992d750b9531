"""Addresses: the desk, the API and the residents' pages each below its own."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("lianfang.doors.api.urls")),
    path("r/", include("lianfang.doors.public.urls")),
    path("", include("lianfang.doors.desk.urls")),
]
handler400 = "lianfang.doors.desk.trouble.bad_request"
handler403 = "lianfang.doors.desk.trouble.forbidden"
handler404 = "lianfang.doors.desk.trouble.not_found"
handler500 = "lianfang.doors.desk.trouble.broken"
