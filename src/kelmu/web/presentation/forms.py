"""What an official types about a client: the search and the reason.

Every mistake is told at its field, in words.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kelmu.core.personal_id import PersonalId, PersonalIdError, PersonalIdFault

CASE_REFERENCE_LENGTH = 64
REASON_LENGTH = (10, 255)

_FAULTS = {
    PersonalIdFault.EMPTY: _("Enter the client's personal identity code."),
    PersonalIdFault.TOO_LONG: _("The personal identity code is too long: it has 11 characters."),
    PersonalIdFault.SHAPE: _("This is not a personal identity code. Write it in the form DDMMYY-NNNT."),
    PersonalIdFault.DATE: _("The date of birth in the personal identity code does not exist."),
    PersonalIdFault.CHECK_CHARACTER: _(
        "The check character of the personal identity code is wrong. Check what you typed."
    ),
}
# Nobody's real code may be tried out where data are invented.
_REAL_RANGE = _(
    "This is the identity code of a real person, or could be. Here only invented persons are looked up: "
    "their individual numbers are 900 to 999."
)


class PersonalIdField(forms.CharField):
    """An identity code with spaces, lower case and any century sign allowed; its value is a `PersonalId`."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)  # an empty one gets the same kind of message as any other fault
        super().__init__(strip=False, **options)

    def to_python(self, value: Any) -> PersonalId:  # type: ignore[override] # a value object, not text
        """Read what was typed. Raises ValidationError whose text never repeats it."""
        try:
            personal_id = PersonalId.parse(super().to_python(value) or "")
        except PersonalIdError as error:
            # No cause is kept: a trace must not lead back to what was typed.
            raise forms.ValidationError(_FAULTS[error.reason], code=error.reason.value) from None
        if settings.KELMU.environment != "production" and not personal_id.is_artificial:
            raise forms.ValidationError(_REAL_RANGE, code="real_range")
        return personal_id


class SearchForm(forms.Form):
    """Whom to look up and why."""

    personal_id = PersonalIdField(
        label=_("Personal identity code"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    purpose = forms.ChoiceField(
        label=_("Purpose of use"),
        error_messages={
            "required": _("Choose the purpose for which you process the data."),
            "invalid_choice": _("This purpose cannot be chosen. Choose one from the list."),
        },
    )
    case_reference = forms.CharField(
        label=_("Own case reference"),
        help_text=_("Optional. Do not write personal data here."),
        required=False,
        max_length=CASE_REFERENCE_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    told_client = forms.BooleanField(
        label=_("The client has been told that data are fetched"),
        help_text=_(
            "Under section 21 of the Act on the Status and Rights of Social Welfare Clients (812/2000) the "
            "client must be told that data are fetched."
        ),
        error_messages={"required": _("Tell the client that data are fetched, and then confirm it here.")},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        purposes: Sequence[tuple[str, str]],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        """Make the form; `purposes` are the codes and names the mandates open, in the order shown."""
        super().__init__(data, initial=dict(initial or {}))
        choices: list[tuple[str, str | Promise]] = list(purposes)
        if len(choices) != 1:
            choices.insert(0, ("", _("Choose the purpose")))
        self.fields["purpose"].choices = choices  # type: ignore[attr-defined] # a ChoiceField


class ReasonForm(forms.Form):
    """Why an official looks at this client, where a reason is needed."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("10 to 255 characters. Describe why your task requires the data."),
        min_length=REASON_LENGTH[0],
        max_length=REASON_LENGTH[1],
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        error_messages={
            "required": _("Write the reason for your look-up."),
            "min_length": _("Write the reason in at least 10 characters."),
            "max_length": _("Write the reason in at most 255 characters."),
        },
    )
