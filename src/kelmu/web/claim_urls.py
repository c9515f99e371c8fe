"""The addresses of payment claims; all of them through ``routing.page``."""

from __future__ import annotations

from django.urls import URLPattern

from kelmu.policy.vocabulary import Action
from kelmu.web import claim_check, claim_client, claim_pages, claim_steps
from kelmu.web.routing import page

urlpatterns: list[URLPattern] = [
    page("claims/", claim_pages.claims, action=Action.CLAIMS, name="claims"),
    page("claims/start/", claim_client.start, action=Action.CLAIMS, name="claim_start", methods=("POST",)),
    page("claims/<uuid:claim_id>/", claim_pages.claim, action=Action.CLAIMS, name="claim"),
    page(
        "claims/<uuid:claim_id>/change/",
        claim_pages.change,
        action=Action.CLAIMS,
        name="claim_change",
        methods=("POST",),
    ),
    page(
        "claims/<uuid:claim_id>/client/",
        claim_client.open_client,
        action=Action.CLAIMS,
        name="claim_client",
        methods=("POST",),
    ),
    page(
        "claims/<uuid:claim_id>/check/",
        claim_check.check,
        action=Action.CLAIMS,
        name="claim_check",
        methods=("GET", "POST"),
    ),
    page(
        "claims/<uuid:claim_id>/<slug:step>/",
        claim_steps.step,
        action=Action.CLAIMS,
        name="claim_step",
        methods=("GET", "POST"),
    ),
]
