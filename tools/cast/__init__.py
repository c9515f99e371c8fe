"""The cast: invented authorities, officials and clients of the demo and the tests.

``cast.toml`` is its only source. The simulators read the officials, the population puts officials
and clients into its feed, and ``tools.cast.agreements`` makes the agreements that Kelmu loads.
"""

from tools.cast.loading import load_cast
from tools.cast.model import (
    Agreement,
    AnnulmentFact,
    Area,
    AssistanceFact,
    Cast,
    CastError,
    Client,
    EventFact,
    Official,
    Organisation,
    PendingFact,
    RelationFact,
    RelationKind,
    Right,
    SpellFact,
)

__all__ = [
    "Agreement",
    "AnnulmentFact",
    "Area",
    "AssistanceFact",
    "Cast",
    "CastError",
    "Client",
    "EventFact",
    "Official",
    "Organisation",
    "PendingFact",
    "RelationFact",
    "RelationKind",
    "Right",
    "SpellFact",
    "load_cast",
]
