"""What an official types into a claim, step by step; every mistake is told at its field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kelmu.benefits.catalogue import ClaimGround, Unit, catalogue
from kelmu.claims.matrix import claimable
from kelmu.claims.rules import Claim, Stop, ground_stop, stops
from kelmu.core.formats import DateFormatError, parse_date
from kelmu.core.period import Period
from kelmu.web.presentation.claim_words import CLAIM_GROUNDS, HEADINGS, STOP_ADVICE, STOPS
from kelmu.web.presentation.labels import language

STEPS = ("benefit", "period", "account")
_CLAIMED_UNITS = frozenset({Unit.MONTH, Unit.BENEFIT_DAY, Unit.LUMP_SUM})
_AMOUNT = re.compile(r"(\d{1,7})(?:[.,](\d{1,2}))?", re.ASCII)
_TEXT = {"autocomplete": "off", "spellcheck": "false"}


class Choices(forms.RadioSelect):
    """Choices of which one is taken; what is wrong with them leads to the first one."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The id of a choice; of the first one where none is named."""
        return super().id_for_label(id_, index or "0")


class DayField(forms.CharField):
    """A day as people write it; its value is a ``date``, None where it may be and is empty."""

    def __init__(self, *, today: date, **options: Any) -> None:
        self._today = today
        options.setdefault("widget", forms.TextInput(attrs={**_TEXT, "inputmode": "numeric"}))
        options.setdefault("help_text", pgettext_lazy("how a day is written", "d.m.yyyy"))
        super().__init__(**options)

    def to_python(self, value: Any) -> date | None:  # type: ignore[override] # a day, not text
        """Read what was typed."""
        text = super().to_python(value) or ""
        if not text:
            return None
        try:
            return parse_date(text, today=self._today)
        except DateFormatError:
            raise forms.ValidationError(gettext("Enter a day in the form d.m.yyyy."), code="day") from None


class AmountField(forms.CharField):
    """Euros as people write them; its value is a ``Decimal`` above zero, None where it is empty."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override] # a sum, not text
        """Read what was typed."""
        text = "".join((super().to_python(value) or "").replace("€", "").split())
        if not text:
            return None
        found = _AMOUNT.fullmatch(text)
        amount = Decimal(f"{found[1]}.{found[2] or '0'}") if found else Decimal()
        if not amount:
            raise forms.ValidationError(gettext("Enter the sum in euros, such as 250,00."), code="amount")
        return amount


class BenefitForm(forms.Form):
    """Which benefit, on which ground."""

    benefit = forms.ChoiceField(
        label=pgettext_lazy("of a claim", "Benefit"),
        error_messages={"required": _("Choose the benefit."), "invalid_choice": _("Choose the benefit.")},
    )
    ground = forms.ChoiceField(
        label=pgettext_lazy("of a claim", "Provision"),
        choices=list(CLAIM_GROUNDS.items()),
        widget=Choices,
        error_messages={"required": _("Choose the provision."), "invalid_choice": _("Choose the provision.")},
    )

    def __init__(self, data: Mapping[str, Any] | None) -> None:
        """Make the form, with the benefits of the catalogue under their headings."""
        super().__init__(data)
        self.fields["benefit"].choices = _benefits()  # type: ignore[attr-defined] # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """Refuse what cannot be claimed here, saying where it can."""
        values = super().clean() or {}
        if {"benefit", "ground"} <= values.keys():
            stop = ground_stop(ClaimGround(values["ground"]), claimable(values["benefit"]))
            if stop is not None:
                advice = STOP_ADVICE.get(stop)
                text = str(STOPS[stop]) + (f" {advice}" if advice else "")
                self.add_error("ground" if stop is Stop.GROUND else "benefit", text)
        return values


class PeriodForm(forms.Form):
    """For which days, of what they rest on, and how much."""

    whole = forms.ChoiceField(
        label=_("How much is claimed"),
        choices=[("yes", _("The whole benefit")), ("no", _("A fixed sum"))],
        widget=Choices,
        error_messages={"required": _("Choose how much is claimed.")},
    )

    def __init__(self, data: Mapping[str, Any] | None, *, ground: str, benefit: str, today: date) -> None:
        """Make the form for a claim on ``ground`` of ``benefit``."""
        super().__init__(data)
        self._ground, self._benefit = ground, benefit
        advance = ground == ClaimGround.SOCIAL_ASSISTANCE_ACT
        whole = self.fields.pop("whole")
        last = {} if advance else {"required": False, "help_text": _("Leave empty while the care goes on.")}
        required = {"required": _("Enter the day.")}
        names: tuple[tuple[str, str | Promise, dict[str, Any]], ...] = (
            ("period_from", _("First day claimed"), {}),
            ("period_to", _("Last day claimed"), last),
            ("basis_from", _("Assistance was paid from") if advance else _("First day of the care"), {}),
            ("basis_to", _("Assistance was paid to") if advance else _("Last day of the care"), last),
        )
        for name, label, more in names:
            options: dict[str, Any] = {"label": label, "error_messages": required, **more}
            self.fields[name] = DayField(today=today, **options)
        if advance:
            self.fields["paid_on"] = DayField(
                today=today, label=_("First day on which assistance was paid"), error_messages=required
            )
        self.fields["whole"] = whole
        self.fields["amount"] = AmountField(
            label=_("Sum, euros a month or a payment"), required=False,
            widget=forms.TextInput(attrs={**_TEXT, "inputmode": "decimal"}),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order, days that nothing was paid for, and a fixed sum that is none."""
        values = super().clean() or {}
        if values.get("whole") == "no" and values.get("amount") is None and not self.errors.get("amount"):
            self.add_error("amount", gettext("Enter the sum, or claim the whole benefit."))
        for first, last in (("period_from", "period_to"), ("basis_from", "basis_to")):
            if values.get(first) and values.get(last) and values[last] < values[first]:
                self.add_error(last, gettext("The last day is before the first one."))
        if not self.errors:
            claim = self.claim()
            for stop in stops(claim, claimable(claim.benefit)):
                self.add_error("period_to" if stop is Stop.OPEN_END else "period_from", str(STOPS[stop]))
        return values

    def claim(self) -> Claim:
        """What is claimed, of a form without errors."""
        values = self.cleaned_data
        return Claim(
            benefit=self._benefit,
            ground=ClaimGround(self._ground),
            period=Period(values["period_from"], values["period_to"]),
            amount=values["amount"] if values["whole"] == "no" else None,
            basis=Period(values["basis_from"], values["basis_to"]),
            paid_on=values.get("paid_on"),
        )


class AccountForm(forms.Form):
    """Where to, by whom, and a word to Kela."""

    account = forms.TypedChoiceField(
        label=_("Account"),
        coerce=int,
        error_messages={
            "required": _("Choose the account."),
            "invalid_choice": _("This account is not in use. Choose one from the list."),
        },
    )
    reference = forms.CharField(
        label=_("Reference for the payment"), help_text=_("Optional."), required=False, max_length=35,
        widget=forms.TextInput(attrs=_TEXT),
    )  # fmt: skip
    handler_name = forms.CharField(
        label=_("Handler's name"), max_length=100, widget=forms.TextInput(attrs=_TEXT),
        error_messages={"required": _("Enter the name Kela can ask for.")},
    )  # fmt: skip
    handler_phone = forms.CharField(
        label=_("Handler's telephone number"), max_length=30, widget=forms.TextInput(attrs=_TEXT),
        error_messages={"required": _("Enter the number Kela can call.")},
    )  # fmt: skip
    message = forms.CharField(
        label=_("Message to Kela"), help_text=_("Optional. At most 2,000 characters."), required=False,
        max_length=2000, widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None, *, accounts: Sequence[tuple[str, str]]) -> None:
        """Make the form with the organisation's accounts of today: id and words."""
        super().__init__(data)
        choices = [("", _("Choose the account")), *accounts] if len(accounts) != 1 else list(accounts)
        self.fields["account"].choices = choices  # type: ignore[attr-defined] # a ChoiceField


def _benefits() -> list[tuple[str, Any]]:
    """The benefits that are paid to somebody at intervals or at once, under their headings, by name."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for each in catalogue():
        if each.unit in _CLAIMED_UNITS and each.heading in HEADINGS:
            name = capfirst(each.name(language()))
            groups.setdefault(str(HEADINGS[each.heading]), []).append((each.code, name))
    named = [(heading, sorted(benefits, key=lambda pair: pair[1])) for heading, benefits in groups.items()]
    return [("", _("Choose the benefit")), *named]
