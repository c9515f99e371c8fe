"""Every address of the pages; all of them through ``routing.page``, so that each declares its action."""

from __future__ import annotations

from django.urls import URLPattern

from kelmu.policy.vocabulary import Action
from kelmu.web import keys, mandates, organisation, sign_in
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
]
