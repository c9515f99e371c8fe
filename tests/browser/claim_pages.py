"""The pages of payment claims in each of their states, with invented data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from kelmu.benefits.catalogue import ClaimGround
from kelmu.claims.doors import Sending
from kelmu.claims.rules import Caution, Claim, Other, Timing
from kelmu.core.period import Period
from kelmu.web.claim_check import Checked
from kelmu.web.claim_pages import Problem, Tab
from kelmu.web.presentation.claim_forms import AccountForm, BenefitForm, PeriodForm
from kelmu.web.presentation.claim_page import claim_page, row_of
from kelmu.web.presentation.claim_words import CHANGED, CLAIM_EVENTS, CLAIM_GROUNDS, CLAIM_STATES, FOLDERS
from kelmu.web.presentation.labels import benefit_name
from tests.browser.invented import NOW, TODAY

Pages = Iterator[tuple[str, str, dict[str, Any]]]
_ID = "00000000-0000-4000-8000-000000007001"
_CLIENT = {
    "personal_id": "010190-999W", "family_name": "Mallikas", "given_names": "Testi Eemeli",
    "birth_date": "1990-01-01", "death_date": None, "language": "fi", "under_guardianship": False,
}  # fmt: skip
_ACCOUNTS = [
    ("1", "Pirkanmaan hyvinvointialue, täydentävä toimeentulotuki, FI21 1234 5600 0007 85"),
    ("2", "Pirkanmaan hyvinvointialue, asumispalvelut, FI45 5000 9420 0287 30"),
]
_PERIOD = {
    "period_from": "1.11.2026", "period_to": "30.11.2026", "basis_from": "1.11.2026",
    "basis_to": "30.11.2026", "paid_on": "5.11.2026", "whole": "no", "amount": "312,50",
}  # fmt: skip
_ACCOUNT = {"account": "1", "handler_name": "Aino Virkanen", "handler_phone": "03 1234 567"}


def _event(
    version: int, what: str, state: str, *, you: bool = True, note: str | None = None
) -> dict[str, Any]:
    return {
        "version": version, "at": (NOW - timedelta(minutes=30 - version)).isoformat(), "what": what,
        "state": state, "note": note, "you": you, "by_name": None if you else "Olli Korhonen-Virtanen",
    }  # fmt: skip


def _told(state: str = "submitted", **more: Any) -> dict[str, Any]:
    """A claim as ``door.read_claims`` tells it."""
    return {
        "claim_id": _ID, "state": state, "version": 3, "receipt_number": "MV-2026-000123",
        "benefit": "HOU-YAT", "ground": "sta23", "period_from": "2026-11-01", "period_to": "2026-11-30",
        "amount": "312.50", "made_at": NOW.isoformat(), "changed_at": NOW.isoformat(),
        "submitted_at": NOW.isoformat(), "ended_on": None, "may_approve": False, "client": _CLIENT,
        "typed": {}, "basis_from": "2026-11-01", "basis_to": "2026-11-30", "paid_on": "2026-11-05",
        "account": {"name": "Täydentävä toimeentulotuki", "iban": "FI2112345600000785"},
        "reference": "1234", "handler_name": "Aino Virkanen", "handler_phone": "03 1234 567",
        "message": "Tuki on maksettu vuokranantajalle.\nKuitti on liitteenä paperilla.",
        "cautions": [], "needs_approval": False, "others": [],
        "history": [_event(1, "made", "draft"), _event(3, "submitted", "submitted")], **more,
    }  # fmt: skip


def _draft(**more: Any) -> dict[str, Any]:
    empty = (
        "receipt_number", "benefit", "ground", "period_from", "period_to", "amount", "submitted_at",
        "basis_from", "basis_to", "paid_on", "account", "reference", "handler_name", "handler_phone",
        "message",
    )  # fmt: skip
    history = [_event(1, "made", "draft")]
    return _told("draft", **dict.fromkeys(empty), history=history, **more)


def _page(told: dict[str, Any], problem: Problem | None = None, **more: Any) -> dict[str, Any]:
    return {
        "page": claim_page(told), "done": "", "problem": problem, "typed": problem.typed if problem else {},
        "not_told": False, "least": 10, "most": 255, **more,
    }  # fmt: skip


def _list(folder: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    counts = {"draft": 3, "sent": 12, "answered": 40, "ended": 7}
    clients = [_CLIENT, None, _CLIENT, _CLIENT]
    tabs = [
        Tab(f"{label} ({counts[code]})", f"?folder={code}", code == folder) for code, label in FOLDERS.items()
    ]
    return {
        "tabs": tabs, "folder": folder, "folder_name": FOLDERS[folder],
        "rows": [row_of(told, clients[place % 4]) for place, told in enumerate(rows)],
        "total": len(rows), "newer": "", "older": "?page=2" if len(rows) > 3 else "",
    }  # fmt: skip


def _checked(cautions: tuple[Caution, ...] = (), *, care: bool = False) -> Checked:
    month = Period(date(2026, 11, 1), date(2026, 11, 30))
    benefit = "SIC-SPR" if care else "HOU-YAT"
    ground = ClaimGround.CLIENT_FEE_ACT if care else ClaimGround.SOCIAL_ASSISTANCE_ACT
    claim = Claim(
        benefit=benefit, ground=ground, period=Period(month.start) if care else month,
        amount=None if care else Decimal("312.50"), basis=Period(date(2026, 10, 3)) if care else month,
        paid_on=None if care else date(2026, 11, 5),
    )  # fmt: skip
    return Checked(
        claim=claim, benefit=benefit_name(benefit), ground=CLAIM_GROUNDS[ground], account=_ACCOUNTS[0][1],
        timing=None if care else Timing(date(2026, 12, 1), date(2026, 11, 17), date(2027, 1, 4), late=True),
        cautions=cautions, others=(Other("MV-2026-000099", ground, month, date(2026, 11, 2)),),
        net=Decimal("298.10"),
    )  # fmt: skip


def _check(checked: Checked | None, **more: Any) -> dict[str, Any]:
    claim = (checked or _checked()).claim
    sending = Sending(
        claim=claim, account_id=1, reference="1234", handler_name="Aino Virkanen",
        handler_phone="03 1234 567", message="Tuki on maksettu vuokranantajalle.",
    )  # fmt: skip
    return {
        "claim_id": _ID, "version": 3, "client": _CLIENT, "step": "check", "sending": sending,
        "checked": checked, "not_told": False, "problem": "", **more,
    }  # fmt: skip


def _step(step: str, form: Any, **more: Any) -> dict[str, Any]:
    return {
        "claim_id": _ID, "client": _CLIENT, "step": step, "form": form, "version": 2, "no_accounts": False,
        **more,
    }  # fmt: skip


def _period(typed: dict[str, str] | None, ground: str = "sta23", benefit: str = "HOU-YAT") -> PeriodForm:
    return PeriodForm(typed, ground=ground, benefit=benefit, today=TODAY)


def claim_pages() -> Pages:
    """Name, template and context of each."""
    every = [_told(state) for state in CLAIM_STATES if state not in {"draft", "to_approve"}]
    yield "claims", "claims/list", _list("sent", every)
    waiting = [_draft(), _told("to_approve", receipt_number=None, submitted_at=None, may_approve=True)]
    yield "claims_drafts", "claims/list", _list("draft", waiting)
    yield "claims_none", "claims/list", _list("ended", [])
    yield from _steps()
    yield "claim_check", "claims/check", _check(_checked())
    yield "claim_check_cautions", "claims/check", _check(_checked(tuple(Caution)), problem=CHANGED)
    yield "claim_check_care", "claims/check", _check(_checked(care=True))
    yield "claim_check_client", "claims/check", _check(None, not_told=True)
    yield from _claims()


def _steps() -> Pages:
    step = "claims/step"
    yield "claim_benefit", step, _step("benefit", BenefitForm(None))
    for name, typed in (
        ("wrong", {"benefit": "HOU-YAT", "ground": "cfa14"}),
        ("in_writing", {"benefit": "SOC-PER", "ground": "sta23"}),
        ("nothing", {}),
    ):
        yield f"claim_benefit_{name}", step, _step("benefit", BenefitForm(typed))
    yield "claim_period", step, _step("period", _period(None))
    wrong = _period({**_PERIOD, "period_from": "31.11.", "amount": "30o"})
    yield "claim_period_wrong", step, _step("period", wrong)
    care = _period(None, "cfa14", "PEN-TE")
    yield "claim_period_care", step, _step("period", care)
    yield "claim_account", step, _step("account", AccountForm(_ACCOUNT, accounts=_ACCOUNTS))
    none = AccountForm({}, accounts=[])
    yield "claim_account_none", step, _step("account", none, no_accounts=True)


def _claims() -> Pages:
    page = "claims/claim"
    yield "claim", page, _page(_told(cautions=["late", "over_net"]), done=CLAIM_EVENTS["submitted"])
    yield "claim_draft", page, _page(_draft())
    returned = [
        _event(1, "made", "draft"), _event(2, "sent_for_approval", "to_approve"),
        _event(3, "returned", "draft", you=False, note="Summa on eri kuin päätöksessä."),
        _event(4, "sent_for_approval", "to_approve"),
    ]  # fmt: skip
    waiting = {"receipt_number": None, "submitted_at": None, "history": returned}
    yield "claim_own", page, _page(_told("to_approve", **waiting))
    yield "claim_approve", page, _page(_told("to_approve", may_approve=True, **waiting))
    care = {
        "benefit": "PEN-TE", "ground": "cfa14", "period_to": None, "amount": None, "basis_to": None,
        "paid_on": None, "message": None, "reference": None,
    }  # fmt: skip
    yield "claim_in_payment", page, _page(_told("in_payment", **care))
    ended = [*returned[:1], _event(5, "ended", "ended_by_claimant", note="Hoito on päättynyt.")]
    over = {**care, "ended_on": "2026-11-20", "history": ended}
    yield "claim_ended", page, _page(_told("ended_by_claimant", **over))
    typed = {"what": "ended", "note": "Hoito on päättynyt.", "ended_on": "31.2."}
    wrong = Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Viimeinen päivä", "ended-on", typed)
    yield "claim_wrong", page, _page(_told("in_payment", **care), wrong)
