"""Page 7 of the page map: the keys, and whether they are on."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from kelmu.web.access import KelmuRequest


def shortcuts(request: KelmuRequest) -> HttpResponse:
    """The list of keys; says so when they are turned off."""
    return render(request, "kelmu/shortcuts.html")
