"""Why a sign-in did not succeed. Each cause has its own page; none leads to a weaker way in."""

from __future__ import annotations

from enum import StrEnum


class SignInFault(StrEnum):
    """The cause as the page, the log and the tests name it."""

    CANCELLED = "cancelled"
    """The person backed out at the provider (``access_denied`` or ``cancel``)."""
    LEVEL_TOO_LOW = "level_too_low"
    """The provider vouches for less than was asked."""
    TEST_IDENTITY = "test_identity"
    """A test level in production."""
    NO_IDENTITY_CODE = "no_identity_code"
    """Identified, but without a Finnish personal identity code (eIDAS and other foreign methods)."""
    REGISTER_UNREAD = "register_unread"
    """Identified, but the provider could not check the person in the population register."""
    CODE_REFUSED = "code_refused"
    """The provider does not take the code: already used, too old, or not ours."""
    WRONG_NONCE = "wrong_nonce"
    """The answer belongs to another sign-in."""
    UNKNOWN_STATE = "unknown_state"
    """This browser has no such sign-in under way: expired, already finished, or begun elsewhere."""
    BAD_TOKEN = "bad_token"  # noqa: S105 - the name of a cause
    """The ID token is unencrypted, made for other keys, wrongly signed, or not for this service."""
    UNKNOWN_KEY = "unknown_key"
    """The ID token is signed with a key the provider does not publish."""
    WRONG_ISSUER = "wrong_issuer"
    """The answer or the ID token names another provider than the one that was asked."""
    WRONG_TIME = "wrong_time"
    """The ID token is not of this time, or the identification is older than the sign-in: clocks differ."""
    PROVIDER_DOWN = "provider_down"
    """The provider cannot be reached or answers nonsense."""
    PROVIDER_ERROR = "provider_error"
    """The provider reports an error of the protocol."""


class SignInError(Exception):
    """A sign-in that did not succeed. ``detail`` is for the log: a fixed phrase, never a value received."""

    def __init__(self, fault: SignInFault, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}" if detail else str(fault))
        self.fault = fault
        self.detail = detail
