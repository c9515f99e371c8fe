"""Page 6 of the page map: how the official wants her pages."""

from __future__ import annotations

from http import HTTPStatus

from django import forms
from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language_info, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kelmu.web.access import KelmuRequest
from kelmu.web.presentation.labels import language
from kelmu.web.presentation.preferences import (
    COLOR_SCHEME_COOKIE,
    DENSITY_COOKIE,
    SHORTCUTS_COOKIE,
    keep,
    preferences_of,
)


class SettingsForm(forms.Form):
    """Everything that can be chosen. Each language is named in itself."""

    language = forms.ChoiceField(label=_("Language"), widget=forms.RadioSelect)
    density = forms.ChoiceField(
        label=_("Density of tables"),
        widget=forms.RadioSelect,
        choices=[
            ("comfortable", pgettext_lazy("density", "Comfortable")),
            ("compact", pgettext_lazy("density", "Compact: more rows at a time")),
        ],
    )
    color_scheme = forms.ChoiceField(
        label=_("Colours"),
        widget=forms.RadioSelect,
        choices=[("auto", _("As in the system")), ("light", _("Light")), ("dark", _("Dark"))],
    )
    shortcuts = forms.ChoiceField(
        label=_("Keyboard shortcuts"),
        help_text=_("Keys of one character can disturb a screen reader or speech input; turn them off then."),
        widget=forms.RadioSelect,
        choices=[("on", pgettext_lazy("shortcuts", "On")), ("off", pgettext_lazy("shortcuts", "Off"))],
    )

    def __init__(self, data: object, initial: dict[str, str]) -> None:
        super().__init__(data, initial=initial)  # type: ignore[arg-type] # a QueryDict, or None
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES
        ]


_COOKIES = {
    "language": settings.LANGUAGE_COOKIE_NAME,
    "density": DENSITY_COOKIE,
    "color_scheme": COLOR_SCHEME_COOKIE,
    "shortcuts": SHORTCUTS_COOKIE,
}


def settings_page(request: KelmuRequest) -> HttpResponse:
    """The form; what is chosen holds from the very next page on, which is this one."""
    form = SettingsForm(request.POST if request.method == "POST" else None, _present(request))
    if request.method == "POST" and form.is_valid():
        response = HttpResponseRedirect(f"{reverse('settings')}?saved=1")
        for name, cookie in _COOKIES.items():
            keep(response, cookie, form.cleaned_data[name])
        return response
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = {"form": form, "saved": "saved" in request.GET and not form.is_bound}
    return render(request, "kelmu/settings.html", context, status=status)


def _present(request: KelmuRequest) -> dict[str, str]:
    preferences = preferences_of(request)
    return {
        "language": language(),
        "density": preferences.density,
        "color_scheme": preferences.color_scheme,
        "shortcuts": "on" if preferences.shortcuts else "off",
    }
