"""What goes in and out, typed; the OpenAPI description is made from these."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetPydanticSchema, StringConstraints
from pydantic_core import core_schema

from kelmu.core.personal_id import PersonalId, PersonalIdError
from kelmu.identity.machine.clients import VouchedOfficial

STRICT = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
"""What every body keeps to: no unknown member, no value of another type, nothing repeated in an error."""
_SIGN, _INK = r"[^\x00-\x1f\x7f-\x9f]", r"[^\x00-\x20\x7f-\xa0]"
_CODE = re.compile(r"[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-Z]", re.IGNORECASE)


def _identity_code(text: str) -> PersonalId:
    try:
        return PersonalId.parse(text)
    except PersonalIdError:
        raise ValueError("not an identity code") from None


def no_identity_code(text: str) -> str:
    """The text, or ValueError if it holds what looks like an identity code."""
    # It goes into the log, where no identity code may stand, not even a mistyped one.
    if _CODE.search(text):
        raise ValueError("an identity code")
    return text


_CODE_AS_TEXT = core_schema.str_schema(pattern=r"^[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-Y]$")
IdentityCode = Annotated[
    PersonalId,
    GetPydanticSchema(
        lambda _type, _handler: core_schema.no_info_after_validator_function(_identity_code, _CODE_AS_TEXT)
    ),
]
"""A Finnish identity code."""
Line = Annotated[str, StringConstraints(pattern=rf"^{_SIGN}*{_INK}{_SIGN}*$")]
"""One line of text that is not blank."""


# What comes in are models of pydantic's own: ninja's Schema reads objects of Django as well, and for that
# validates what forbids unknown members twice at every level.
class OfficialIn(BaseModel):
    """The official for whom the organisation's system asks; the organisation vouches for her."""

    model_config = STRICT
    id: Annotated[
        str, StringConstraints(pattern=r"^[A-Za-z0-9._@-]{1,64}$"), AfterValidator(no_identity_code)
    ] = Field(description="The organisation's own lasting id of the official; never her identity code.")
    personal_id: IdentityCode | None = Field(
        default=None,
        description="Her identity code, for the rules about own data, family and colleagues. Without it "
        "every look goes to the organisation's review.",
    )

    def vouched(self) -> VouchedOfficial:
        """Her, as who acts for the organisation takes her."""
        return VouchedOfficial(self.id, self.personal_id)


class InquiryIn(BaseModel):
    """An inquiry about one client, for one purpose."""

    model_config = STRICT
    personal_id: IdentityCode = Field(description="The client's identity code.")
    purpose: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,60}$")] = Field(
        description="One of the purposes that `GET /api/v1/me` lists."
    )
    case_reference: Annotated[Line, StringConstraints(max_length=100)] = Field(
        description="The case in the organisation's own system."
    )
    told_client: Literal[True] = Field(
        description="The client has been told that data are fetched (812/2000 21 §)."
    )
    official: OfficialIn
    reason: Annotated[Line, StringConstraints(min_length=10, max_length=255)] | None = Field(
        default=None, description="The official's reason, where the answer `reason-needed` has asked one."
    )


class OrganisationOut(Schema):
    """The organisation the token stands for."""

    business_id: str
    name_fi: str
    name_sv: str
    name_en: str


class AgreementOut(Schema):
    """The agreement everything rests on; days inclusive."""

    number: str
    organisation_type: str
    data_groups: list[str]
    valid_from: date
    valid_to: date | None


class ClientOut(Schema):
    """Who the client is to the service, and what it may ask."""

    client_id: str
    name: str
    organisation: OrganisationOut
    agreement: AgreementOut
    mandates: list[str] = Field(description="The mandates the agreement gives the organisation's systems.")
    purposes: list[str] = Field(description="The purposes an inquiry can be made for.")


class TokenOut(Schema):
    """An access token (RFC 6749 5.1)."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int = Field(description="Seconds the token is good for.")


class TokenErrorOut(Schema):
    """Why there is no token (RFC 6749 5.2)."""

    error: str
