"""Middleware that only pages need; the machine interface goes past it.

A system brings no cookie that counts, no form, no language and asks for no file, so nothing of that is
looked for below ``/api/``. What every answer gets (log line, headers, HTTPS) stands outside of this.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string

MACHINES = "/api/"
_Handler = Callable[[HttpRequest], HttpResponse]
_ViewHook = Callable[[HttpRequest, Callable[..., Any], Any, Any], HttpResponseBase | None]


class OnlyPagesMiddleware:
    """Puts ``settings.PAGE_MIDDLEWARE`` before pages, outermost first, as Django does ``MIDDLEWARE``."""

    def __init__(self, get_response: _Handler) -> None:
        self._get_response = self._pages = get_response
        self._view_hooks: list[_ViewHook] = []
        for path in reversed(settings.PAGE_MIDDLEWARE):
            made = import_string(path)(self._pages)
            self._pages = cast("_Handler", convert_exception_to_response(made))
            if hasattr(made, "process_view"):
                self._view_hooks.insert(0, made.process_view)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        if not request.path_info.startswith(MACHINES):
            return self._pages(request)
        # Raises where the host is none of ours, as CommonMiddleware does for pages.
        request.get_host()
        response = self._get_response(request)
        response.headers.setdefault("Content-Length", str(len(response.content)))
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], arguments: Any, named: Any
    ) -> HttpResponseBase | None:
        """What the pages' middleware says just before the view: the check that a form is our own."""
        if request.path_info.startswith(MACHINES):
            return None
        answers = (hook(request, view, arguments, named) for hook in self._view_hooks)
        return next((answer for answer in answers if answer is not None), None)
