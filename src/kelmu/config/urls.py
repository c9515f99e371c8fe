"""The root of all addresses."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("kelmu.api.urls")), path("", include("kelmu.web.urls"))]

handler404 = "kelmu.web.error_pages.not_found"
handler500 = "kelmu.web.error_pages.server_error"
