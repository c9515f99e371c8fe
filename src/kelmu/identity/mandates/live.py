"""The mandate session of one official: how mandates are read, and read again while it lives."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from kelmu.core import clock
from kelmu.identity.mandates.client import MandateService, Token
from kelmu.identity.mandates.errors import MandateError, MandateFault
from kelmu.identity.mandates.roles import MandatesRead

_MARGIN = timedelta(seconds=10)


@dataclass(frozen=True)
class LiveMandates:
    """A mandate session with its present token."""

    session_id: str = field(repr=False)
    token: Token

    def as_json(self) -> dict[str, Any]:
        """JSON-able form, for the sealed session only."""
        return {
            "session_id": self.session_id,
            "access": self.token.access,
            "refresh": self.token.refresh,
            "expires_at": self.token.expires_at.isoformat(),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> LiveMandates:
        """Read ``as_json``'s form."""
        expires_at = datetime.fromisoformat(kept["expires_at"])
        return cls(kept["session_id"], Token(kept["access"], kept["refresh"], expires_at))

    def read(self, service: MandateService) -> tuple[MandatesRead, LiveMandates]:
        """The mandates as they are now, and the session as it is after reading (its token may be a new one).

        A token that has ended, or is not taken any more, is renewed once if the service offered that.

        Raises:
            MandateError: ``EXPIRED`` when only a new selection helps, ``DOWN`` or ``REFUSED``.
        """
        live = self
        renewed = False
        if clock.now() + _MARGIN >= live.token.expires_at:
            live, renewed = LiveMandates(self.session_id, service.renewed(self.token)), True
        request_id = uuid.uuid4()
        try:
            return service.roles(live.session_id, live.token, request_id), live
        except MandateError as error:
            if renewed or error.fault is not MandateFault.EXPIRED:
                raise
        live = LiveMandates(self.session_id, service.renewed(self.token))
        return service.roles(live.session_id, live.token, request_id), live
