"""Return paths: only our own, only paths."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

_LONGEST = 500


def safe_path(wanted: str | None) -> str:
    """``wanted`` if it is a path of this service, else the start page."""
    if (
        wanted
        and len(wanted) <= _LONGEST
        and wanted.startswith("/")
        and wanted.isprintable()
        and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    ):
        return wanted
    return reverse("home")


def resume_path(request: HttpRequest, *, repeatable: bool, of_inquiry: bool = False) -> str:
    """Where to go on after signing in or a new selection.

    This page, if it can be asked for again by GET; the search, if it is a page of an inquiry, which dies with
    the acting session; else the start page.
    """
    if of_inquiry:
        return reverse("clients")
    if request.method in {"GET", "HEAD"}:
        return safe_path(request.get_full_path())
    return safe_path(request.path) if repeatable else reverse("home")


def next_query(path: str) -> str:
    """The query string that carries a return path; empty for the start page, which needs none."""
    return "" if path == reverse("home") else urlencode({"next": path})


def with_next(address: str, path: str) -> str:
    """``address`` with the return path in its query, if it needs one."""
    query = next_query(path)
    return f"{address}?{query}" if query else address
