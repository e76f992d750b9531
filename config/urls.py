"""Addresses: the desk for now; public pages, phones and the API come through doors of their own."""

from django.urls import include, path

urlpatterns = [path("", include("lianfang.doors.desk.urls"))]
handler400 = "lianfang.doors.desk.trouble.bad_request"
handler403 = "lianfang.doors.desk.trouble.forbidden"
handler404 = "lianfang.doors.desk.trouble.not_found"
handler500 = "lianfang.doors.desk.trouble.broken"
