"""Every address of the pages; all of them through ``routing.page``, so that each declares its action."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern

from kelmu.inquiry.drafts import Form
from kelmu.policy.vocabulary import Action
from kelmu.web import (
    about,
    appearance,
    client_extras,
    client_pages,
    clients,
    drafts,
    health,
    home,
    keys,
    mandates,
    organisation,
    session,
    settings_page,
    shortcuts,
    sign_in,
    style_guide,
)
from kelmu.web.claim_urls import urlpatterns as claim_patterns
from kelmu.web.notice_urls import urlpatterns as notice_patterns
from kelmu.web.routing import page

urlpatterns: list[URLPattern] = [
    page(".well-known/jwks.json", keys.jwks, action=Action.PUBLIC, name="jwks"),
    page("sign-in/", sign_in.sign_in, action=Action.SIGN_IN, name="sign_in", methods=("GET", "POST")),
    page("sign-in/return/", sign_in.sign_in_return, action=Action.SIGN_IN, name="sign_in_return"),
    page("sign-out/", sign_in.sign_out, action=Action.SIGN_IN, name="sign_out", methods=("POST",)),
    page("session-ended/", sign_in.session_ended, action=Action.PUBLIC, name="session_ended"),
    page(
        "organisation/",
        organisation.organisation,
        action=Action.IDENTIFIED,
        name="organisation",
        methods=("GET", "POST"),
    ),
    page(
        "organisation/unavailable/",
        organisation.organisation_unavailable,
        action=Action.IDENTIFIED,
        name="organisation_unavailable",
    ),
    page(
        "organisation/select/",
        organisation.organisation_select,
        action=Action.IDENTIFIED,
        name="organisation_select",
        methods=("POST",),
    ),
    page(
        "organisation/change/",
        organisation.organisation_change,
        action=Action.IDENTIFIED,
        name="organisation_change",
        methods=("POST",),
    ),
    page(
        "organisation/return/",
        organisation.organisation_return,
        action=Action.IDENTIFIED,
        name="organisation_return",
    ),
    page("mandates/", mandates.mandates, action=Action.PUBLIC, name="mandates"),
    page("", home.home, action=Action.PUBLIC, name="home"),
    page("desk/", home.desk, action=Action.ACT, name="desk"),
    page(
        "clients/",
        clients.search,
        action=Action.INQUIRE,
        name="clients",
        methods=("GET", "POST"),
        too_late=drafts.keeper(Form.SEARCH),
    ),
    page(
        "clients/confirm/<uuid:inquiry_id>/",
        clients.confirm,
        action=Action.VIEW_CLIENT,
        name="client_confirm",
        methods=("GET", "POST"),
        too_late=drafts.keeper(Form.REASON),
    ),
    page(
        "drafts/keep/",
        drafts.keep,
        action=Action.KEEP_DRAFT,
        name="draft_keep",
        methods=("POST",),
        too_late=drafts.keeper(None),
    ),
    page("drafts/discard/", drafts.discard, action=Action.INQUIRE, name="draft_discard", methods=("POST",)),
    page(
        "clients/<uuid:inquiry_id>/", client_pages.summary, action=Action.VIEW_CLIENT, name="client_summary"
    ),
    page(
        "clients/<uuid:inquiry_id>/pending/",
        client_pages.pending,
        action=Action.VIEW_CLIENT,
        name="client_pending",
    ),
    page(
        "clients/<uuid:inquiry_id>/decisions/",
        client_pages.decisions,
        action=Action.VIEW_CLIENT,
        name="client_decisions",
    ),
    page(
        "clients/<uuid:inquiry_id>/decisions/<path:number>/",
        client_pages.decision,
        action=Action.VIEW_CLIENT,
        name="client_decision",
    ),
    page(
        "clients/<uuid:inquiry_id>/payments/",
        client_pages.payments,
        action=Action.VIEW_CLIENT,
        name="client_payments",
    ),
    page(
        "clients/<uuid:inquiry_id>/coverage/",
        client_pages.coverage,
        action=Action.VIEW_CLIENT,
        name="client_coverage",
    ),
    page(
        "clients/<uuid:inquiry_id>/recovery/",
        client_pages.recovery,
        action=Action.VIEW_CLIENT,
        name="client_recovery",
    ),
    page(
        "clients/<uuid:inquiry_id>/medicine/",
        client_pages.medicine,
        action=Action.VIEW_CLIENT,
        name="client_medicine",
    ),
    page(
        "clients/<uuid:inquiry_id>/from-others/",
        client_pages.from_others,
        action=Action.VIEW_CLIENT,
        name="client_from_others",
    ),
    page(
        "clients/<uuid:inquiry_id>/meeting/",
        client_extras.meeting,
        action=Action.VIEW_CLIENT,
        name="client_meeting",
    ),
    page(
        "clients/<uuid:inquiry_id>/print/",
        client_extras.print_view,
        action=Action.VIEW_CLIENT,
        name="client_print",
    ),
    page("appearance/", appearance.appearance, action=Action.PUBLIC, name="appearance", methods=("POST",)),
    page(
        "settings/",
        settings_page.settings_page,
        action=Action.PUBLIC,
        name="settings",
        methods=("GET", "POST"),
    ),
    page("shortcuts/", shortcuts.shortcuts, action=Action.PUBLIC, name="shortcuts"),
    page(
        "session/extend/",
        session.extend,
        action=Action.IDENTIFIED,
        name="session_extend",
        methods=("POST",),
    ),
    page("help/", about.help_page, action=Action.PUBLIC, name="help"),
    page("accessibility/", about.accessibility, action=Action.PUBLIC, name="accessibility"),
    page("health/live/", health.live, action=Action.PUBLIC, name="health_live"),
    page("health/ready/", health.ready, action=Action.PUBLIC, name="health_ready"),
    *notice_patterns,
    *claim_patterns,
]

if settings.KELMU.environment != "production":
    urlpatterns.append(
        page("style-guide/", style_guide.style_guide, action=Action.PUBLIC, name="style_guide")
    )
