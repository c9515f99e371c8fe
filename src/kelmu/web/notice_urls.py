"""The addresses of notices of a need for social welfare; all of them through ``routing.page``."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
