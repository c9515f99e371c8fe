"""A second reading of the policy, made on purpose in another manner than ``kelmu.policy``.

Plain loops over the lines of the data files as text, no enums, no catalogue, no tables of rules: this
is what somebody would do by hand with the files and ``policy`` on paper. It imports nothing of Kelmu.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

_SOURCE = Path(__file__).resolve().parents[2] / "src" / "kelmu"
NATIONAL = (
    "unemployment_fund",
    "pension_institution",
    "insurance_institution",
    "state_treasury",
    "legal_aid_office",
)

Opened = dict[str, dict[str, str]]
"""Group to benefit to the first day that may be seen, ``""`` for no limit."""


def _lines(path: str) -> list[dict[str, str]]:
    with (_SOURCE / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PROFILES = _lines("policy/data/profiles.csv")
PURPOSES = _lines("policy/data/purposes.csv")
BENEFITS = _lines("benefits/data/benefits.csv")


@dataclass
class Actor:
    """What is known of the one who asks, as texts."""

    kind: str
    mandates: Collection[str]
    agreement_channels: Collection[str]
    agreement_groups: Collection[str]
    agreement_first_day: date
    agreement_last_day: date | None


@dataclass
class Verdict:
    """``cause`` is empty if something is open."""

    cause: str
    wanted_mandates: set[str]
    opened: Opened


def ask(actor: Actor, purpose: str | None, channel: str, today: date) -> Verdict:
    """The decision before any person."""
    last = actor.agreement_last_day or date.max
    if not (actor.agreement_first_day <= today <= last) or channel not in actor.agreement_channels:
        return Verdict("no_agreement", set(), {})
    kind = "wellbeing_county" if actor.kind == "helsinki" else actor.kind
    mine = [
        line
        for line in PROFILES
        if line["organisation_type"] == kind and channel in line["channel"].split("+")
    ]
    known_purpose = [line for line in mine if line["purpose"] == purpose]
    relevant = known_purpose or mine
    wanted = {line["mandate"] for line in relevant}
    if wanted and not wanted & set(actor.mandates):
        return Verdict("missing_mandate", wanted, {})
    if purpose is None:
        usable = [each for each in mine if each["mandate"] in actor.mandates]
        usable = [each for each in usable if each["data_group"] in actor.agreement_groups]
        return Verdict("" if usable else "purpose_not_allowed", set(), {})
    opened: Opened = {}
    for line in known_purpose:
        if line["mandate"] not in actor.mandates or line["data_group"] not in actor.agreement_groups:
            continue
        first_day = _first_day(today, line["lookback_months"])
        for code in _codes(line["benefit_scope"]):
            opened.setdefault(line["data_group"], {})[code] = first_day
    return Verdict("" if opened else "purpose_not_allowed", set(), opened)


def _codes(scope: str) -> list[str]:
    reached = []
    for benefit in BENEFITS:
        code, tells_of_illness = benefit["code"], benefit["health"] == "1"
        for word in scope.split():
            by_name = code == word
            by_ground = word == "claimable" and benefit["claim_grounds"] != ""
            by_star = word == "*" and not tells_of_illness
            by_prefix = (code + "-").startswith(word + "-") and not tells_of_illness
            if by_name or by_ground or by_star or by_prefix:
                reached.append(code)
                break
    return reached


def _first_day(today: date, months: str) -> str:
    """Step back a month at a time; then take the day, or the nearest earlier one that exists."""
    if not months:
        return ""
    year, month = today.year, today.month
    for _ in range(int(months)):
        month -= 1
        if month == 0:
            year, month = year - 1, 12
    for day in range(today.day, 0, -1):
        try:
            return date(year, month, day).isoformat()
        except ValueError:
            continue
    raise AssertionError("every month has a first day")


def purposes(actor: Actor, channel: str, today: date) -> list[str]:
    """The purposes that could be chosen, in the order of their file."""
    return [line["code"] for line in PURPOSES if ask(actor, line["code"], channel, today).opened]


def judge(kind: str, purpose: str, fact: Mapping[str, bool]) -> tuple[str, str]:
    """Outcome and rule for a person: every rule is worked out first, then the table of outcomes is read."""
    local = kind not in NATIONAL
    for_minors = any(line["code"] == purpose and line["minor_allowed"] == "1" for line in PURPOSES)
    no_right = fact["protected"] and not fact["protected_right"]
    asks = [
        ("unknown", local and not fact["found"]),
        ("family", local and fact["family"]),
        ("protected_without_right", local and no_right),
        ("protected_with_right", fact["protected"] and fact["protected_right"]),
        ("outside_area", local and fact["outside_area"] and not fact["has_relation"]),
        ("colleague", fact["colleague"]),
        ("died", fact["died_over_a_year_ago"]),
        ("minor", fact["minor"] and not for_minors),
        ("many_persons", fact["many_persons"]),
    ]
    bars = [
        ("unknown", not fact["found"]),
        ("family", fact["family"]),
        ("protected_without_right", no_right),
        ("protection_unknown", fact["found"] and not fact["protection_known"]),
    ]
    table = [("own_data", "own_data")] if fact["own_data"] else []
    table += [("reason_needed", rule) for rule, holds in asks if holds and not fact["reason_given"]]
    table += [("not_available", rule) for rule, holds in bars if holds]
    table += [("given", "given_after_reason" if fact["reason_given"] else "given")]
    return table[0]
