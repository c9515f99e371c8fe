"""The official's desk: the start page of one who acts for an organisation."""

from dataclasses import dataclass
from datetime import datetime

from kelmu.web.presentation.inbox import Tile


@dataclass(frozen=True, slots=True)
class RecentInquiry:
    """One of the official's own look-ups that is still alive; the client by initials only."""

    inquiry_id: str
    opened_at: datetime
    initials: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk shows. `may_look_up`: whether some mandate opens client look-ups at all.

    `notices`: what to do first in the inbox; None where the official sees no notices. `notices_unread`: it
    could not be read now.
    """

    recent: tuple[RecentInquiry, ...]
    may_look_up: bool = True
    notices: tuple[Tile, ...] | None = None
    notices_unread: bool = False
