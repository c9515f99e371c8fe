"""The only way to make a route: every page declares its action, the methods it takes, and a name."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import URLPattern, path

from kelmu.policy.vocabulary import Action
from kelmu.web.access import Guard, TooLate, View


def page(  # noqa: PLR0913 - what a route is
    pattern: str,
    view: View,
    *,
    action: Action,
    name: str,
    methods: Iterable[str] = ("GET",),
    too_late: TooLate | None = None,
) -> URLPattern:
    """A route to a view behind its action.

    Args:
        pattern: as Django's ``path`` takes it.
        view: a plain function of the request (``access.KelmuRequest``) and the pattern's parameters.
        action: what the route does; decides who may.
        name: for ``reverse``.
        methods: ``GET`` (which includes ``HEAD``) and/or ``POST``; any other answers 405.
        too_late: keeps the text of its form where a POST comes when the session is over or nothing answers.

    A route whose action is ``VIEW_CLIENT`` is guarded by agreement and mandate; its view decides again
    with the purpose of the inquiry it finds.
    """
    return path(pattern, Guard(view, action, methods, too_late), name=name)
