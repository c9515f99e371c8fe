"""The addresses of notices of a need for social welfare; all of them through ``routing.page``."""

from __future__ import annotations

from django.urls import URLPattern

from kelmu.policy.vocabulary import Action
from kelmu.web import (
    notice_client,
    notice_files,
    notice_pages,
    notice_transfer,
    notice_work,
    notices_bulk,
    notices_inbox,
    notices_transferred,
    notices_views,
)
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
    page(
        "notices/transferred/",
        notices_transferred.transferred,
        action=Action.NOTICES,
        name="notices_transferred",
    ),
    page("notices/<uuid:notice_id>/", notice_pages.notice, action=Action.NOTICES, name="notice"),
    page(
        "notices/<uuid:notice_id>/print/",
        notice_pages.print_view,
        action=Action.NOTICES,
        name="notice_print",
    ),
    page(
        "notices/<uuid:notice_id>/work/",
        notice_work.work,
        action=Action.NOTICES,
        name="notice_work",
        methods=("POST",),
    ),
    page(
        "notices/<uuid:notice_id>/undo/",
        notice_work.undo,
        action=Action.NOTICES,
        name="notice_undo",
        methods=("POST",),
    ),
    page(
        "notices/<uuid:notice_id>/transfer/",
        notice_transfer.transfer,
        action=Action.NOTICES,
        name="notice_transfer",
        methods=("GET", "POST"),
    ),
    page(
        "notices/<uuid:notice_id>/attachments/",
        notice_files.attachments,
        action=Action.NOTICES,
        name="notice_attachments",
    ),
    page(
        "notices/<uuid:notice_id>/attachments/<int:place>/",
        notice_files.attachment,
        action=Action.NOTICES,
        name="notice_attachment",
    ),
    page(
        "notices/<uuid:notice_id>/client/",
        notice_client.open_client,
        action=Action.INQUIRE,
        name="notice_client",
        methods=("POST",),
    ),
]
