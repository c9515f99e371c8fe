"""The addresses of the machine interface. Whatever lies below ``/api/`` answers with problem details."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt

from kelmu.api import notice_operations, problems
from kelmu.api.operations import api

__all__ = ["api", "not_there", "urlpatterns"]

_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"
# The operations are made where they are declared.
assert notice_operations


def _edge(view: Callable[..., HttpResponse], name: str) -> Callable[..., HttpResponse]:
    """A view of ninja behind the checks that come before it. No cookie counts here, so no CSRF token."""

    @wraps(view)
    def answer(request: HttpRequest, **parameters: Any) -> HttpResponse:
        if request.method == "POST" and request.content_type != (_FORM if name == "token" else _JSON):
            return problems.problem(problems.WRONG_MEDIA_TYPE)
        response = view(request, **parameters)
        if response.status_code == problems.NOT_ALLOWED.status:
            return problems.problem(problems.NOT_ALLOWED, {"Allow": response.headers["Allow"]})
        return response

    return csrf_exempt(answer)


@csrf_exempt
def not_there(request: HttpRequest) -> HttpResponse:
    """Any other address below ``/api/``."""
    del request
    return problems.problem(problems.NOT_THERE)


def _operations() -> list[URLPattern]:
    patterns, _app, _namespace = api.urls
    named = [pattern for pattern in patterns if isinstance(pattern, URLPattern)]
    return [
        path(
            f"api/v1/{pattern.pattern}",
            _edge(pattern.callback, str(pattern.name)),
            name=f"api_{pattern.name}",
        )
        for pattern in named
        if pattern.name != "api-root"
    ]


urlpatterns = [*_operations(), re_path(r"^api/", not_there, name="api_not_there")]
