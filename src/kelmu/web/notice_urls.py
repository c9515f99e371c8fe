"""The addresses of notices of a need for social welfare; all of them through ``routing.page``."""

from __future__ import annotations

from django.urls import URLPattern

from kelmu.policy.vocabulary import Action
from kelmu.web import notices_bulk, notices_inbox, notices_views
from kelmu.web.routing import page

urlpatterns: list[URLPattern] = [
    page("notices/", notices_inbox.inbox, action=Action.NOTICES, name="notices"),
    page("notices/news/", notices_inbox.news, action=Action.NOTICE_NEWS, name="notices_news"),
    page(
        "notices/changes/",
        notices_bulk.change,
        action=Action.NOTICES,
        name="notices_bulk",
        methods=("POST",),
    ),
    page(
        "notices/views/",
        notices_views.save,
        action=Action.NOTICES,
        name="notices_view_save",
        methods=("POST",),
    ),
    page(
        "notices/views/remove/",
        notices_views.remove,
        action=Action.NOTICES,
        name="notices_view_remove",
        methods=("POST",),
    ),
    page(
        "notices/views/first/",
        notices_views.first,
        action=Action.NOTICES,
        name="notices_view_first",
        methods=("POST",),
    ),
]
