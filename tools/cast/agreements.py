"""Make the agreements file that Kelmu loads out of the cast.

``python -m tools.cast.agreements --out FILE [--api-keys FOLDER]`` with ``KELMU_PSEUDONYM_KEY`` in the
environment.
Officials stand in it by pseudonym only. With a folder of keys, the cast's systems stand in it too: the key of
each is made there unless it is there already, and only its public half goes into the file.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

from kelmu.core.personal_id import PersonalId
from kelmu.identity.pseudonym import official_pseudonym
from tools.cast.api_keys import client_key, public_jwk
from tools.cast.loading import load_cast
from tools.cast.model import Cast, Organisation

TomlValue = str | bool | date | tuple[str, ...]


def agreements_document(
    cast: Cast, pseudonym: Callable[[str], str], public_jwk: Callable[[str], Mapping[str, str]] | None = None
) -> str:
    """The TOML text with the cast's organisations, areas, agreements and officials' rights.

    Args:
        cast: whom and what to write.
        pseudonym: gives the pseudonym of an identity code.
        public_jwk: gives the public key of an API client's id; without it the file has no API clients.
    """
    lines = ["# Made from the cast by tools.cast.agreements."]
    for organisation in cast.organisations:
        lines += _organisation(organisation)
    valid_from = {
        agreement.number: agreement.valid_from
        for organisation in cast.organisations
        for agreement in organisation.agreements
    }
    for official in cast.officials:
        for number in official.protected_persons:
            assert official.personal_id is not None
            lines += ["", "[[official_rights]]"]
            lines += _pairs(
                agreement=number,
                official_pseudonym=pseudonym(official.personal_id),
                official_right="protected_persons",
                valid_from=valid_from[number],
            )
    for client in cast.api_clients if public_jwk else ():
        lines += ["", "[[api_clients]]"]
        lines += _pairs(
            client_id=client.client_id,
            agreement=client.agreement,
            name=client.name,
            valid_from=client.valid_from,
        )
        lines += ["[[api_clients.keys]]", *_pairs(valid_from=client.valid_from)]
        assert public_jwk is not None
        lines += [f"jwk.{name} = {json.dumps(value)}" for name, value in public_jwk(client.client_id).items()]
    return "\n".join(lines) + "\n"


def _organisation(organisation: Organisation) -> Iterator[str]:
    yield from ("", "[[organisations]]")
    yield from _pairs(
        business_id=organisation.business_id,
        name_fi=organisation.name_fi,
        name_sv=organisation.name_sv,
        name_en=organisation.name_en,
    )
    for area in organisation.areas:
        yield "[[organisations.areas]]"
        yield from _pairs(county=area.county, municipality=area.municipality)
    for agreement in organisation.agreements:
        yield "[[organisations.agreements]]"
        yield from _pairs(
            number=agreement.number,
            organisation_type=agreement.organisation_type,
            data_groups=agreement.data_groups,
            channels=agreement.channels,
            legal_basis=agreement.legal_basis,
            protected_persons=agreement.protected_persons,
            machine_mandates=agreement.machine_mandates,
            contact_email=agreement.contact_email,
            valid_from=agreement.valid_from,
            valid_to=agreement.valid_to,
        )


def _pairs(**values: TomlValue | None) -> Iterator[str]:
    for name, value in values.items():
        if value is not None:
            # Strings, lists of them and booleans read the same in JSON and TOML; days stand bare.
            text = value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)
            yield f"{name} = {text}"


def main() -> int:
    """Write the file; exit code 2 says what is missing."""
    parser = argparse.ArgumentParser(prog="python -m tools.cast.agreements", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the TOML file to write")
    parser.add_argument("--api-keys", type=Path, help="folder of the API clients' private keys")
    arguments = parser.parse_args()
    try:
        key = bytes.fromhex(os.environ.get("KELMU_PSEUDONYM_KEY", ""))
    except ValueError:
        key = b""
    if len(key) < 32:
        print("KELMU_PSEUDONYM_KEY must be set: 64 hexadecimal digits", file=sys.stderr)
        return 2
    folder: Path | None = arguments.api_keys
    text = agreements_document(
        load_cast(),
        lambda code: official_pseudonym(PersonalId.parse(code), key),
        None if folder is None else lambda client_id: public_jwk(client_key(folder, client_id)),
    )
    arguments.out.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
