"""Who may see what, and why: the only place where rights are decided and grants minted."""

from kelmu.policy.comparison import SqlDecision, agrees
from kelmu.policy.content import Mandate, PolicyData, Purpose, TypeRow
from kelmu.policy.decisions import Decision, decide, decide_person, inquiry_mandates, purposes_for
from kelmu.policy.grants import Grant, GrantRefusedError, Scope, require
from kelmu.policy.loader import policy_data, policy_digest
from kelmu.policy.rules import PersonDecision, PersonFacts
from kelmu.policy.vocabulary import (
    Action,
    Cause,
    Channel,
    DataGroup,
    Feature,
    ListKind,
    OrganisationType,
    Outcome,
    Rule,
)

__all__ = [
    "Action",
    "Cause",
    "Channel",
    "DataGroup",
    "Decision",
    "Feature",
    "Grant",
    "GrantRefusedError",
    "ListKind",
    "Mandate",
    "OrganisationType",
    "Outcome",
    "PersonDecision",
    "PersonFacts",
    "PolicyData",
    "Purpose",
    "Rule",
    "Scope",
    "SqlDecision",
    "TypeRow",
    "agrees",
    "decide",
    "decide_person",
    "inquiry_mandates",
    "policy_data",
    "policy_digest",
    "purposes_for",
    "require",
]
