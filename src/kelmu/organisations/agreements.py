"""Loading organisations and agreements: the administrator's way until pages for it exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

from kelmu.organisations.agreement_file import (
    AgreementFile,
    AgreementFileError,
    OfficialRightEntry,
    OrganisationEntry,
    read_agreement_file,
)
from kelmu.organisations.api_clients import load_api_client


def load_agreements(connection: psycopg.Connection, path: Path) -> tuple[int, int]:
    """Make the database's organisations and agreements those of a file, all of it or nothing.

    Organisations are known by business id, agreements by number, API clients by their id; areas, officials'
    rights and clients' keys of what the file names become exactly the file's. What the file does not name
    stays. An agreement is never removed, since entries of the log rest on it: it is ended by its
    ``valid_to``; so is a client.

    Args:
        connection: to the database as ``kelmu_owner``, areas loaded.
        path: the agreements file.

    Returns:
        How many organisations and agreements the file has.

    Raises:
        AgreementFileError: the file or one of its entries cannot be loaded; nothing has changed.
    """
    content = read_agreement_file(path)
    with connection.transaction():
        agreements: dict[str, int] = {}
        for organisation in content.organisations:
            with _named(path, f"organisation {organisation.business_id}"):
                organisation_id = _organisation(connection, organisation)
                _areas(connection, organisation_id, organisation)
            agreements |= _agreements(connection, path, organisation_id, organisation)
        _rights(connection, path, content, agreements)
        for client in content.api_clients:
            with _named(path, f"API client {client.client_id}"):
                load_api_client(connection, client, agreements[client.agreement])
    return len(content.organisations), len(agreements)


@contextmanager
def _named(path: Path, entry: str) -> Iterator[None]:
    """Turn the database's refusal into one that names the file's entry."""
    try:
        yield
    except psycopg.errors.IntegrityError as error:
        constraint = error.diag.constraint_name or error.diag.column_name or "the table"
        raise AgreementFileError(f"{path.name}: {entry}: refused by {constraint}") from None


def _organisation(connection: psycopg.Connection, organisation: OrganisationEntry) -> int:
    row = connection.execute(
        "INSERT INTO organisations.organisation (business_id, name_fi, name_sv, name_en)"
        " VALUES (%s, %s, %s, %s) ON CONFLICT (business_id) DO UPDATE SET name_fi = excluded.name_fi,"
        " name_sv = excluded.name_sv, name_en = excluded.name_en RETURNING organisation_id",
        [organisation.business_id, organisation.name_fi, organisation.name_sv, organisation.name_en],
    ).fetchone()
    assert row is not None
    return int(row[0])


def _areas(connection: psycopg.Connection, organisation_id: int, organisation: OrganisationEntry) -> None:
    connection.execute("DELETE FROM organisations.area WHERE organisation_id = %s", [organisation_id])
    first = min((agreement.valid_from for agreement in organisation.agreements), default=None)
    for area in organisation.areas:
        connection.execute(
            "INSERT INTO organisations.area (organisation_id, county_code, municipality_code, valid_from,"
            " valid_to) VALUES (%s, %s, %s, %s, %s)",
            [organisation_id, area.county, area.municipality, area.valid_from or first, area.valid_to],
        )


def _agreements(
    connection: psycopg.Connection, path: Path, organisation_id: int, organisation: OrganisationEntry
) -> Mapping[str, int]:
    """Write an organisation's agreements; give their ids by number."""
    ids: dict[str, int] = {}
    for agreement in organisation.agreements:
        with _named(path, f"agreement {agreement.number}"):
            row = connection.execute(
                "INSERT INTO organisations.agreement AS a (organisation_id, number, organisation_type,"
                " data_groups, channels, legal_basis, protected_persons, machine_mandates, contact_email,"
                " valid_from, valid_to) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
                " ON CONFLICT (number) DO UPDATE SET data_groups = excluded.data_groups,"
                " channels = excluded.channels, legal_basis = excluded.legal_basis,"
                " protected_persons = excluded.protected_persons,"
                " machine_mandates = excluded.machine_mandates, contact_email = excluded.contact_email,"
                " valid_from = excluded.valid_from, valid_to = excluded.valid_to"
                " WHERE a.organisation_id = excluded.organisation_id"
                " AND a.organisation_type = excluded.organisation_type RETURNING agreement_id",
                [
                    organisation_id, agreement.number, agreement.organisation_type,
                    list(agreement.data_groups), list(agreement.channels), agreement.legal_basis,
                    agreement.protected_persons, list(agreement.machine_mandates),
                    agreement.contact_email, agreement.valid_from,
                    agreement.valid_to,
                ],
            ).fetchone()  # fmt: skip
        if row is None:
            raise AgreementFileError(
                f"{path.name}: agreement {agreement.number}: belongs to another organisation or type already;"
                " end it and make a new one"
            )
        ids[agreement.number] = int(row[0])
    _nothing_left_out(connection, path, organisation_id, organisation, ids)
    return ids


def _nothing_left_out(
    connection: psycopg.Connection,
    path: Path,
    organisation_id: int,
    organisation: OrganisationEntry,
    ids: Mapping[str, int],
) -> None:
    row = connection.execute(
        "SELECT min(number) FROM organisations.agreement"
        " WHERE organisation_id = %s AND agreement_id <> ALL (%s)",
        [organisation_id, list(ids.values())],
    ).fetchone()
    if row is not None and row[0] is not None:
        raise AgreementFileError(
            f"{path.name}: organisation {organisation.business_id}: its agreement {row[0]} is on record and"
            " missing from the file; end it by valid_to"
        )


def _rights(
    connection: psycopg.Connection, path: Path, content: AgreementFile, agreements: Mapping[str, int]
) -> None:
    connection.execute(
        "DELETE FROM organisations.official_right WHERE agreement_id = ANY (%s)", [list(agreements.values())]
    )
    for place, right in enumerate(content.official_rights, start=1):
        with _named(path, f"official_rights {place}"):
            _right(connection, right, agreements[right.agreement])


def _right(connection: psycopg.Connection, right: OfficialRightEntry, agreement_id: int) -> None:
    connection.execute(
        "INSERT INTO organisations.official_right (agreement_id, official_pseudonym, official_right,"
        " valid_from, valid_to) VALUES (%s, %s, %s, %s, %s)",
        [agreement_id, right.official_pseudonym, right.official_right, right.valid_from, right.valid_to],
    )
