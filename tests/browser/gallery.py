"""Every page rendered with invented data: the HTML an official would get, without server or database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from kelmu.inquiry.dossier import Dossier
from kelmu.inquiry.drafts import Draft, Form
from kelmu.policy.vocabulary import Cause
from kelmu.web.drafts import OpenForm
from kelmu.web.presentation.client import PAGE_GROUPS, client_frame
from kelmu.web.presentation.coverage import coverage_page
from kelmu.web.presentation.decisions import decision_page, decisions_page
from kelmu.web.presentation.desk import Desk, RecentInquiry
from kelmu.web.presentation.errors import Refusal
from kelmu.web.presentation.forms import ReasonForm, SearchForm
from kelmu.web.presentation.from_others import from_others_page
from kelmu.web.presentation.inbox import desk_tiles
from kelmu.web.presentation.medicine import medicine_page
from kelmu.web.presentation.meeting import meeting_page
from kelmu.web.presentation.payments import payments_page
from kelmu.web.presentation.pending import pending_page
from kelmu.web.presentation.printing import PrintAsked, print_page
from kelmu.web.presentation.recovery import recovery_page
from kelmu.web.presentation.summary import summary_page
from kelmu.web.style_guide import style_guide_context
from tests.browser.claim_pages import claim_pages
from tests.browser.entry_pages import entry_pages
from tests.browser.invented import (
    ACTING,
    DEAD,
    DOSSIER,
    INQUIRY,
    INQUIRY_ID,
    MINOR,
    NO_RIGHTS,
    NOTHING_IN_LIMIT,
    NOW,
    PROTECTED,
    REMOVED,
    SOURCES_DOWN,
    TODAY,
)
from tests.browser.notice_pages import COUNTS as NOTICE_COUNTS
from tests.browser.notice_pages import notice_pages
from tests.browser.one_notice_pages import one_notice_pages

_PURPOSES = (("social_assistance", "Toimeentulotuen käsittely"), ("child_welfare", "Lastensuojelu"))
_TABS: dict[str, Callable[[Dossier], Any]] = {
    "summary": lambda dossier: summary_page(dossier, today=TODAY),
    "pending": lambda dossier: pending_page(dossier, today=TODAY),
    "decisions": lambda dossier: decisions_page(dossier, {}, today=TODAY),
    "payments": lambda dossier: payments_page(dossier, {}, today=TODAY),
    "coverage": lambda dossier: coverage_page(dossier, today=TODAY),
    "recovery": recovery_page,
    "medicine": lambda dossier: medicine_page(dossier, today=TODAY),
    "from_others": lambda dossier: from_others_page(dossier, today=TODAY),
}
_PRINTS: tuple[tuple[str, Dossier, tuple[str, ...]], ...] = (
    ("", DOSSIER, ("summary", "pending", "decisions")),
    ("_all", DOSSIER, tuple(PAGE_GROUPS)),
    ("_all_empty", NOTHING_IN_LIMIT, tuple(PAGE_GROUPS)),
    ("_protected_down", PROTECTED, ("payments", "recovery")),
)
_NOBODY = ("401", "session_ended", "sign_in")
"""Pages of nobody, by how their names begin; so are those that say ``signed_out``."""
_IDENTIFIED = ("organisation",)
"""Pages of somebody who does not act for any organisation."""


def _refusal(cause: Cause) -> Refusal:
    return Refusal(
        cause=cause,
        organisation_name=ACTING.organisation.name_fi,
        business_id=ACTING.organisation.business_id,
        missing_mandates=("Etuustietojen katselu ja maksuvaatimusten rekisteröinti",),
        purpose_name="Lastensuojelu",
        contact_email="sopimukset@kela.example",
    )


def _print(dossier: Dossier, sections: tuple[str, ...]) -> dict[str, Any]:
    granted = frozenset(scope.group for scope in dossier.scope)
    page = print_page(dossier, PrintAsked(sections), granted=granted, today=TODAY, now=NOW)
    frame = client_frame(dossier, INQUIRY, tab="summary")
    return {"frame": frame, "page": page, "printed_at": NOW, "official_name": "Aino Virkanen"}


def _client_pages() -> Iterator[tuple[str, str, dict[str, Any]]]:
    dossiers = {
        "": (DOSSIER, PAGE_GROUPS),
        "_empty": (NOTHING_IN_LIMIT, PAGE_GROUPS),
        "_down": (SOURCES_DOWN, PAGE_GROUPS),
        "_protected": (PROTECTED, ("summary", "payments", "recovery")),
        "_dead": (DEAD, ("summary", "recovery", "medicine")),
        "_minor": (MINOR, ("summary", "payments")),
        "_removed": (REMOVED, PAGE_GROUPS),
        "_no_rights": (NO_RIGHTS, ("summary", "pending", "decisions", "payments", "recovery")),
    }
    for suffix, (dossier, tabs) in dossiers.items():
        for tab in tabs:
            frame = client_frame(dossier, INQUIRY, tab=tab)
            page = _TABS[tab](dossier)
            yield f"client_{tab}{suffix}", f"clients/{tab}", {"frame": frame, "page": page}
    frame = client_frame(DOSSIER, INQUIRY, tab="summary")
    claimable = {"frame": frame, "page": _TABS["summary"](DOSSIER), "may_claim": True}
    yield "client_summary_claim", "clients/summary", claimable
    frame = client_frame(DOSSIER, INQUIRY, tab="decisions")
    for name, query in (
        ("filtered", {"benefit": "SOC-PER"}),
        ("nothing_left", {"outcome": "withdrawn"}),
        ("own", {"from": "2026-11-01", "to": "2026-11-30", "outcome": "granted"}),
        ("mistyped", {"from": "1.12.2026", "to": "31.11.2026"}),
    ):
        filtered = decisions_page(DOSSIER, query, today=TODAY)
        yield f"client_decisions_{name}", "clients/decisions", {"frame": frame, "page": filtered}
    of_benefit = payments_page(DOSSIER, {"benefit": "HOU-YAT", "period": "all"}, today=TODAY)
    payments_frame = client_frame(DOSSIER, INQUIRY, tab="payments")
    yield "client_payments_filtered", "clients/payments", {"frame": payments_frame, "page": of_benefit}
    for name, days in (
        ("own", {"from": "2026-10-01", "to": "2026-10-31"}),
        ("mistyped", {"from": "31.2.2026"}),
    ):
        chosen = payments_page(DOSSIER, days, today=TODAY)
        yield f"client_payments_{name}", "clients/payments", {"frame": payments_frame, "page": chosen}
    for suffix, dossier in (("", DOSSIER), ("_empty", NOTHING_IN_LIMIT), ("_down", SOURCES_DOWN)):
        meeting = {"page": meeting_page(dossier, today=TODAY), "inquiry_id": INQUIRY_ID}
        yield f"client_meeting{suffix}", "clients/meeting", meeting
    for suffix, dossier, sections in _PRINTS:
        yield f"client_print{suffix}", "clients/print", _print(dossier, sections)
    for number in ("2026/118-204", "2026/118-203", "2025/311-002"):
        page = decision_page(DOSSIER, number, {"benefit": "SOC-PER"}, today=TODAY)
        yield f"client_decision_{number[-3:]}", "clients/decision", {"frame": frame, "page": page}


def _pages() -> Iterator[tuple[str, str, dict[str, Any]]]:
    search = SearchForm(purposes=_PURPOSES, initial={"purpose": "child_welfare"})
    opened = OpenForm(Form.SEARCH)
    kept = Draft({"case_reference": "TT-2026-118"}, NOW)
    offered = OpenForm(Form.SEARCH, draft=kept)
    reason = OpenForm(Form.REASON, UUID(INQUIRY_ID))
    reason_offered = replace(reason, draft=kept)
    wrong = SearchForm({"personal_id": "010190-999A"}, purposes=_PURPOSES)
    recent = tuple(RecentInquiry(INQUIRY_ID, NOW, initials) for initials in ("T.M.", "Å.Ö.", "K.V."))
    yield "style_guide", "style_guide", style_guide_context()
    yield "home_signed_out", "home", {}
    yield "home", "home", {"desk": Desk(recent), "form": search, "opened": opened}
    yield "home_draft", "home", {"desk": Desk(recent), "form": search, "opened": offered}
    yield "home_empty", "home", {"desk": Desk(()), "form": search, "opened": opened}
    tiles = desk_tiles(NOTICE_COUNTS, 2, today=TODAY)
    yield "home_notices", "home", {"desk": Desk(recent, notices=tiles), "form": search, "opened": opened}
    unread = Desk((), may_look_up=False, notices_unread=True)
    yield "home_notices_unread", "home", {"desk": unread}
    yield "home_without_mandate", "home", {"desk": Desk((), may_look_up=False)}
    yield "search", "clients/search", {"form": search, "opened": opened}
    yield "search_draft", "clients/search", {"form": search, "opened": offered, "reason_kept": True}
    yield "search_wrong", "clients/search", {"form": wrong, "opened": opened}
    card = {"form": ReasonForm(), "inquiry_id": INQUIRY_ID}
    yield "confirm", "clients/confirm", {**card, "opened": reason}
    yield "confirm_draft", "clients/confirm", {**card, "opened": reason_offered}
    wrong_reason = ReasonForm({"reason": "lyhyt"})
    yield "confirm_wrong", "clients/confirm", {**card, "form": wrong_reason, "opened": reason}
    yield "reason_too_late", "clients/reason_too_late", {}
    yield "own_data", "clients/own_data", {}
    yield "not_available", "clients/not_available", {}
    yield from _client_pages()
    for cause in Cause:
        yield f"403_{cause.value}", "errors/403", {"refusal": _refusal(cause)}
    yield "429", "errors/429", {"wait_seconds": 30}
    yield "503", "errors/503", {"source": "Suomi.fi-valtuudet", "phone": "020 000 0000"}
    for status in ("401", "403", "404", "409", "422", "500"):
        yield status, f"errors/{status}", {}
    yield from entry_pages()
    yield from notice_pages()
    yield from one_notice_pages()
    yield from claim_pages()
    yield "help", "about/help", {}
    yield "accessibility", "about/accessibility", {}


def templates() -> set[str]:
    """The templates the gallery shows."""
    return {f"kelmu/{template}.html" for _, template, _ in _pages()}


def first_states() -> set[str]:
    """One page of each template: the first state it is shown in."""
    return set({template: name for name, template, _ in reversed(list(_pages()))}.values())


def gallery(language: str = "fi", density: str = "comfortable") -> Iterator[tuple[str, str]]:
    """Name and HTML of each page in each of its states."""
    with translation.override(language):
        # Also what the pages are made of has words of the language, such as names of benefits.
        rendered = [
            (name, _rendered(name, template, context, density)) for name, template, context in _pages()
        ]
    yield from rendered


def _rendered(name: str, template: str, context: dict[str, Any], density: str) -> str:
    request = RequestFactory().get("/clients/" if template.startswith("clients") else "/")
    request.COOKIES["kelmu_density"] = density
    request.COOKIES["kelmu_shortcuts"] = "off" if name.endswith("_off") else "on"
    if not name.startswith(_NOBODY) and "signed_out" not in name:
        request.official_name = "Aino Virkanen"  # type: ignore[attr-defined] # set by the guard
        acting = None if name.startswith(_IDENTIFIED) and name != "organisation_change" else ACTING
        request.new_notices = 7  # type: ignore[attr-defined] # set by who knows it
        request.acting = acting  # type: ignore[attr-defined] # set by the guard
    return render_to_string(f"kelmu/{template}.html", context, request=request)
