"""Acting for one call of an organisation's system, and what policy says to it."""

from __future__ import annotations

import structlog

from kelmu.core.door import NoAgreement
from kelmu.core.errors import SourceDown
from kelmu.identity import doors
from kelmu.identity.acting import ActingSession
from kelmu.identity.configuration import identity
from kelmu.identity.machine.clients import MachineClient, VouchedOfficial, begin_machine_acting
from kelmu.policy import Action, Cause, Channel, Decision, decide, policy_digest
from kelmu.policy.refusals import NO_AGREEMENT, RefusedByPolicyError

_log = structlog.get_logger("kelmu.api")


def no_agreement(client: MachineClient) -> RefusedByPolicyError:
    """The refusal where the agreement is not in force, with its entry."""
    doors.log_access_refusal(None, client.organisation.business_id, Cause.NO_AGREEMENT, None)
    return RefusedByPolicyError(NO_AGREEMENT)


def allowed(
    client: MachineClient, official: VouchedOfficial, action: Action, purpose: str | None = None
) -> tuple[ActingSession, Decision]:
    """Act for one call, and the decision that allows it; with a purpose the decision has a grant.

    Raises:
        RefusedByPolicyError: agreement, mandates or purpose do not allow it; the log has it.
        SourceDown: the database does not answer, or holds another policy than this release.
    """
    session = _act(client, official)
    decision = decide(session, action, purpose, Channel.API, today=session.today)
    if not decision.allowed or (purpose is not None and decision.grant is None):
        cause = decision.cause or Cause.PURPOSE_NOT_ALLOWED
        doors.log_refusal(session.secret, action, cause, decision.missing_mandates, purpose)
        raise RefusedByPolicyError(decision)
    return session, decision


def _act(client: MachineClient, official: VouchedOfficial) -> ActingSession:
    try:
        session = begin_machine_acting(client, official, identity().pseudonym_key)
    except NoAgreement:
        raise no_agreement(client) from None
    if session.policy_digest != policy_digest():
        _log.error("policy_differs")
        raise SourceDown("the database holds another policy than this release")
    return session
