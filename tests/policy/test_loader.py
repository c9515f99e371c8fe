"""The policy's files are loaded strictly: every fault stops it, and names file and line."""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from kelmu.benefits.catalogue import data_file
from kelmu.core.data_files import DataFileError
from kelmu.policy import DataGroup, OrganisationType, policy_data, policy_digest
from kelmu.policy.content import PolicyData
from kelmu.policy.loader import load_policy_data

TYPES, MANDATES, PURPOSES = "organisation_types.csv", "mandates.csv", "purposes.csv"
PROFILES, FEATURES, BENEFITS = "profiles.csv", "features.csv", "benefits.csv"
COUNTY = "wellbeing_county,benefit_view_and_claims,social_assistance,web+api,812/2000"


class Files:
    """A copy of the shipped files, to be spoilt line by line. The header is line 1."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with as_file(files("kelmu.policy") / "data") as shipped:
            for name in (TYPES, MANDATES, PURPOSES, PROFILES, FEATURES):
                shutil.copy(shipped / name, folder)
        with as_file(data_file()) as shipped:
            shutil.copy(shipped, folder)

    def lines(self, name: str) -> list[str]:
        return (self.folder / name).read_text(encoding="utf-8").splitlines()

    def write(self, name: str, lines: list[str]) -> None:
        (self.folder / name).write_text("\n".join([*lines, ""]), encoding="utf-8")

    def replace(self, name: str, line: int, old: str, new: str) -> None:
        lines = self.lines(name)
        assert lines[line - 1].count(old) == 1
        lines[line - 1] = lines[line - 1].replace(old, new)
        self.write(name, lines)

    def add(self, name: str, text: str) -> int:
        lines = [*self.lines(name), text]
        self.write(name, lines)
        return len(lines)

    def drop(self, name: str, containing: str) -> None:
        self.write(name, [line for line in self.lines(name) if containing not in line])

    def load(self) -> PolicyData:
        return load_policy_data(self.folder, self.folder / BENEFITS)

    def fault(self) -> str:
        with pytest.raises(DataFileError) as raised:
            self.load()
        return str(raised.value)


@pytest.fixture
def data(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_the_shipped_policy_loads_whole(data: Files) -> None:
    loaded = data.load()
    assert loaded == policy_data()
    assert (len(loaded.profiles), len(loaded.features)) == (53, 35)
    assert (len(loaded.purposes), len(loaded.mandates)) == (22, 10)
    assert list(loaded.organisation_types) == list(OrganisationType)
    assert {row.data_group for row in loaded.profiles.values()} == set(DataGroup)


def test_a_profile_is_known_by_its_line(data: Files) -> None:
    lines = data.lines(PROFILES)
    for line, row in data.load().profiles.items():
        assert lines[line - 1].startswith(f"{row.organisation_type},{row.mandate},{row.purpose},")


def test_any_change_of_any_file_changes_the_digest(data: Files) -> None:
    seen = {policy_digest()}
    changes = {
        TYPES: (4, "HUS-yhtymä", "HUS"),
        MANDATES: (2, "Viewing", "Seeing"),
        PURPOSES: (4, "Setting", "Fixing"),
        PROFILES: (3, ",24", ",25"),
        FEATURES: (5, "1412/1997", "1412/1997 18 §"),
        BENEFITS: (2, "child benefit", "child allowance"),
    }
    for name, (line, old, new) in changes.items():
        data.replace(name, line, old, new)
        seen.add(data.load().digest)
    assert len(seen) == len(changes) + 1


SPOILT = [
    (PROFILES, 2, "wellbeing_county", "county", "unknown organisation_type 'county'"),
    (PROFILES, 2, "benefit_view_and_claims", "benefit_view", "unknown mandate 'benefit_view'"),
    (PROFILES, 2, "social_assistance", "assistance", "unknown purpose 'assistance'"),
    (PROFILES, 2, "pending", "waiting", "unknown data_group 'waiting'"),
    (PROFILES, 2, ",pending,*,", ",pending,**,", "unknown benefit_scope '**': it opens no benefit"),
    (PROFILES, 9, "SIC-SPR", "SIC-SPX", "unknown benefit_scope 'SIC-SPX': it opens no benefit"),
    (PROFILES, 9, "SIC-SPR", "MED", "unknown benefit_scope 'MED': it opens no benefit"),
    (PROFILES, 9, "SIC-SPR", "FAM", "benefit_scope names a code twice"),
    (PROFILES, 9, "SIC-SPR", " SIC-SPR", "benefit_scope has an empty place between its codes"),
    (PROFILES, 2, ",pending,*,", ",pending,,", "benefit_scope is empty"),
    (PROFILES, 2, "web+api", "api+web", "unknown channel 'api+web'"),
    (PROFILES, 2, "web+api", "phone", "unknown channel 'phone'"),
    (PROFILES, 2, "web+api", "", "channel is empty"),
    (PROFILES, 2, "812/2000 20-21 §; 1412/1997 18 §", "", "legal_basis is empty"),
    (PROFILES, 3, ",24", ",0", "lookback_months is '0', which is no whole number above zero"),
    (PROFILES, 3, ",24", ",-24", "lookback_months is '-24', which is no whole number above zero"),
    (PROFILES, 3, ",24", ",2 years", "lookback_months is '2 years', which is no whole number above zero"),
    (PROFILES, 3, ",24", ",601", "lookback_months is 601; more than 600 is a mistake"),
    (PROFILES, 3, ",24", ",24,", "9 fields where 8 belong"),
    (FEATURES, 2, "social_assistance_and_welfare", "welfare", "unknown mandate 'welfare'"),
    (FEATURES, 2, "wellbeing_county", "county", "unknown organisation_type 'county'"),
    (FEATURES, 2, "notices", "letters", "unknown feature 'letters'"),
    (FEATURES, 2, "welfare_need", "need", "unknown purpose 'need'"),
    (FEATURES, 2, "1412/1997 14 §; 1301/2014 35 §", "", "legal_basis is empty"),
    (FEATURES, 10, "lms_300_days", "lms_400_days", "unknown list_kind 'lms_400_days'"),
    (FEATURES, 10, "lms_300_days", "", "list_kind belongs to the feature lists, and only to it"),
    (
        FEATURES,
        2,
        "notices,",
        "notices,care_abroad",
        "list_kind belongs to the feature lists, and only to it",
    ),
    (PURPOSES, 2, "Toimeentulotuen käsittely", "", "name_fi is empty"),
    (PURPOSES, 2, "Behandling av utkomststöd", "", "name_sv is empty"),
    (PURPOSES, 2, "Handling social assistance", "", "name_en is empty"),
    (PURPOSES, 2, ",1", ",yes", "minor_allowed is 'yes'; only 1 or nothing is allowed"),
    (PURPOSES, 3, "social_care", "social_assistance", "'social_assistance' has a line already"),
    (MANDATES, 2, "Etuustietojen katselu ja maksuvaatimusten rekisteröinti", "", "name_fi is empty"),
    (MANDATES, 3, "Granska material om arbetsmarknadsstöd", "", "name_sv is empty"),
    (MANDATES, 3, "Viewing labour market subsidy material", "", "name_en is empty"),
    (MANDATES, 3, "labour_market_subsidy_material", "kela_desk", None),
    (TYPES, 4, "HUS Group", "", "name_en is empty"),
    (TYPES, 4, "hus,", "hvs,", "unknown code 'hvs'"),
    (TYPES, 4, "hus,", "kela,", None),
    (TYPES, 3, "wellbeing_county", "county", "unknown profile_type 'county'"),
    (TYPES, 3, "wellbeing_county", "hus", "'hus' has no profile rows of its own to lend"),
    (TYPES, 7, ",,1", ",,x", "everybody_outside is 'x'; only 1 or nothing is allowed"),
    (BENEFITS, 2, "lapsilisä", "", "name_fi is empty"),
    (BENEFITS, 2, "sta23", "sta24", "unknown claim ground 'sta24'"),
]


@pytest.mark.parametrize(("name", "line", "old", "new", "problem"), SPOILT)
def test_a_spoilt_line_is_told(
    data: Files, name: str, line: int, old: str, new: str, problem: str | None
) -> None:
    data.replace(name, line, old, new)
    if problem is None:
        # A second line of the same code: the later of the two is told.
        assert data.fault() == f"{name}:{_later(data, name, new)}: {new.strip(',')!r} has a line already"
    else:
        assert data.fault() == f"{name}:{line}: {problem}"


def _later(data: Files, name: str, start: str) -> int:
    code = start.strip(",")
    return max(number for number, line in enumerate(data.lines(name), 1) if line.startswith(f"{code},"))


def test_an_unused_data_group_is_told(data: Files) -> None:
    data.drop(PROFILES, ",recovery,")
    last = len(data.lines(PROFILES))
    problem = "no line up to this last one opens data group 'recovery': it is unused"
    assert data.fault() == f"{PROFILES}:{last}: {problem}"


@pytest.mark.parametrize(
    ("file", "organisation_type", "line"),
    [
        (PROFILES, "reception_centre", 7),
        (PROFILES, "aland_municipality", 5),
        (FEATURES, "hus", 4),
        (FEATURES, "kela", 14),
    ],
)
def test_a_type_without_a_row_is_told(data: Files, file: str, organisation_type: str, line: int) -> None:
    data.write(file, [each for each in data.lines(file) if not each.startswith(f"{organisation_type},")])
    assert data.fault() == f"{TYPES}:{line}: type {organisation_type!r} has no row in {file}"


def test_a_type_that_is_not_listed_is_told(data: Files) -> None:
    data.drop(TYPES, "state_treasury,")
    assert data.fault() == f"{TYPES}:13: type 'state_treasury' has no line"


@pytest.mark.parametrize("organisation_type", ["helsinki", "hus", "kela"])
def test_a_profile_row_nobody_would_read_is_told(data: Files, organisation_type: str) -> None:
    line = data.add(PROFILES, COUNTY.replace("wellbeing_county", organisation_type) + ",pending,*,")
    assert data.fault() == f"{PROFILES}:{line}: type {organisation_type!r} has no profile rows of its own"


def test_a_repeated_row_is_told(data: Files) -> None:
    line = data.add(PROFILES, data.lines(PROFILES)[4])
    assert data.fault() == f"{PROFILES}:{line}: repeats line 5"


@pytest.mark.parametrize("row", [",pending,*,12", ",pending,FAM-LL,", ",recovery,claimable,"])
def test_a_row_that_opens_again_what_another_opens_is_told(data: Files, row: str) -> None:
    line = data.add(PROFILES, COUNTY + row)
    first = 2 if "pending" in row else 6
    assert data.fault() == f"{PROFILES}:{line}: opens again what line {first} opens"


def test_rows_side_by_side_for_other_benefits_are_allowed(data: Files) -> None:
    line = data.add(PROFILES, COUNTY + ",payments,SIC-TTP,6")
    assert data.load().profiles[line].benefits == {"SIC-TTP"}


def test_a_feature_opened_twice_is_told(data: Files) -> None:
    line = data.add(FEATURES, "kela,kela_desk,desk,,oversight,731/2001")
    assert data.fault() == f"{FEATURES}:{line}: opens again what line 34 opens"


def test_overlapping_validity_is_told(data: Files) -> None:
    twice = data.lines(BENEFITS)[1].replace("lapsilisä", "uusi lapsilisä")
    line = data.add(BENEFITS, twice)
    problem = "overlapping validity: FAM-LL has another line for some of these days"
    assert data.fault() == f"{BENEFITS}:{line}: {problem}"


@pytest.mark.parametrize("name", [TYPES, MANDATES, PURPOSES, PROFILES, FEATURES, BENEFITS])
def test_another_header_is_told(data: Files, name: str) -> None:
    lines = data.lines(name)
    data.write(name, [lines[0] + ",more", *lines[1:]])
    assert data.fault().startswith(f"{name}:1: the columns must be ")


def test_names_are_given_in_the_language_asked() -> None:
    purpose = policy_data().purposes["social_assistance"]
    assert purpose.name("fi") == "Toimeentulotuen käsittely"
    assert purpose.name("sv") == "Behandling av utkomststöd"
    assert purpose.name("en-GB") == "Handling social assistance"
    assert policy_data().organisation_types["kela"].name("sv") == "FPA"


def test_the_longest_window_is_fifty_years(data: Files) -> None:
    data.replace(PROFILES, 3, ",24", ",600")
    assert data.load().profiles[3].lookback_months == 600


def test_the_same_may_be_opened_in_each_channel_on_its_own_line(data: Files) -> None:
    line = data.lines(PROFILES)[1]
    data.replace(PROFILES, 2, "web+api", "web")
    added = data.add(PROFILES, line.replace("web+api", "api"))
    assert [channel.value for channel in data.load().profiles[added].channels] == ["api"]
