"""What a client may know of itself."""

from __future__ import annotations

from kelmu.api.acting import no_agreement
from kelmu.api.authentication import ApiRequest
from kelmu.api.schemas import AgreementOut, ClientOut, OrganisationOut
from kelmu.identity.machine.clients import MachineClient
from kelmu.policy import Channel, policy_data
from kelmu.policy.rules import inquiry_access


def describe(request: ApiRequest) -> ClientOut:
    """The client, its organisation and agreement, and what they open.

    Raises:
        RefusedByPolicyError: the agreement is not in force for this channel; the log has it.
    """
    client = request.auth
    agreement = client.agreement
    if not agreement.in_force(client.today) or Channel.API not in agreement.channels:
        raise no_agreement(client)
    return ClientOut(
        client_id=client.client_id,
        name=client.name,
        organisation=OrganisationOut(
            business_id=client.organisation.business_id,
            name_fi=client.organisation.name_fi,
            name_sv=client.organisation.name_sv,
            name_en=client.organisation.name_en,
        ),
        agreement=AgreementOut(
            number=client.agreement_number,
            organisation_type=agreement.organisation_type,
            data_groups=sorted(agreement.data_groups),
            valid_from=agreement.valid_from,
            valid_to=agreement.valid_to,
        ),
        mandates=sorted(client.mandates),
        purposes=_purposes(client),
    )


def _purposes(client: MachineClient) -> list[str]:
    """The purposes open to the client, in the order of the purpose list."""
    data = policy_data()
    access = inquiry_access(
        data.inquiry_rows(client.agreement.organisation_type, Channel.API),
        mandates=client.mandates,
        data_groups=client.agreement.data_groups,
        purpose=None,
    )
    opened = {row.purpose for row in access.rows}
    return [code for code in data.purposes if code in opened]
