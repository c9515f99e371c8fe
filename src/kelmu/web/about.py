"""Pages about the service itself."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from kelmu.web.access import KelmuRequest


def help_page(request: KelmuRequest) -> HttpResponse:
    """Help for officials."""
    return render(request, "kelmu/about/help.html")


def accessibility(request: KelmuRequest) -> HttpResponse:
    """The accessibility statement (306/2019)."""
    return render(request, "kelmu/about/accessibility.html")
