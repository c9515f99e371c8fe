"""The keys of the service: one list, which the help page shows and the script of the pages reads."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kelmu.identity.acting import ActingSession
from kelmu.policy.decisions import purposes_for
from kelmu.policy.vocabulary import Channel
from kelmu.web.new_notices import sees_notices


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Keys pressed one after another, what they do, and the page they lead to (empty: none)."""

    keys: tuple[str, ...]
    label: str | Promise
    url: str = ""

    @property
    def sequence(self) -> str:
        """The keys as the script compares them."""
        return " ".join(self.keys)


def shortcuts_of(acting: ActingSession | None) -> tuple[Shortcut, ...]:
    """The keys that lead somewhere for this official; those to pages she has no right to are absent."""
    found = [Shortcut(("g", "h"), _("Start page"), reverse("home"))]
    if acting is not None and purposes_for(acting, Channel.WEB, acting.today):
        search = reverse("clients")
        found.insert(0, Shortcut(("/",), _("To the search field, on any page"), search))
        found.append(Shortcut(("g", "c"), _("Client search"), search))
        found.append(Shortcut(("1–8",), _("The client's pages in the order of the tabs")))
    if acting is not None and sees_notices(acting):
        found += [
            Shortcut(("g", "n"), pgettext_lazy("shortcuts", "Notices"), reverse("notices")),
            Shortcut(("j",), _("Notices: to the next row")),
            Shortcut(("k",), _("Notices: to the previous row")),
            Shortcut(("x",), _("Notices: choose the row, or not")),
            Shortcut(("Enter",), _("Notices: open the row")),
        ]
    if acting is not None:
        found.append(Shortcut(("g", "o"), _("Change organisation"), reverse("organisation")))
    found += [
        Shortcut(("g", "m"), _("Mandates"), reverse("mandates")),
        Shortcut(("g", "s"), _("Settings"), reverse("settings")),
        Shortcut(("?",), _("This list"), reverse("shortcuts")),
    ]
    return tuple(found)
