"""Reading ``cast.toml``: what the types cannot say is checked here."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from stdnum.fi import hetu, ytunnus

from tools.cast.model import Cast, CastError

CAST_FILE = Path(__file__).with_name("cast.toml")


@cache
def load_cast(path: Path = CAST_FILE) -> Cast:
    """Read and check a cast.

    Raises:
        CastError: the file is missing, is not TOML, or an entry cannot be; the message names it.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        cast = TypeAdapter(Cast).validate_python(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        raise CastError(f"{path.name}: {place}: {first['msg']}") from None
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CastError(f"{path.name}: {error}") from None
    for fault in _faults(cast):
        raise CastError(f"{path.name}: {fault}")
    return cast


def _faults(cast: Cast) -> Iterator[str]:
    keys = [organisation.key for organisation in cast.organisations] + [person.key for person in cast.people]
    yield from _repeated("key", keys)
    yield from _repeated("business id", [organisation.business_id for organisation in cast.organisations])
    for organisation in cast.organisations:
        if not ytunnus.is_valid(organisation.business_id):
            yield f"organisation {organisation.key}: the business id has a wrong check digit"
    yield from _identity_faults(cast)
    yield from _reference_faults(cast)


def _identity_faults(cast: Cast) -> Iterator[str]:
    codes = [(person.key, person.personal_id) for person in cast.people]
    codes += [(client.key, client.former_personal_id) for client in cast.clients]
    for key, code in codes:
        if code is None:
            continue
        if not hetu.is_valid(code, allow_temporary=True):
            yield f"{key}: the identity code is not valid"
        elif int(code[7:10]) < 900:
            yield f"{key}: the identity code is not artificial (900 to 999)"
    yield from _repeated("identity code", [code for _, code in codes if code is not None])
    ids = [person.person_id for person in cast.people if person.person_id is not None]
    yield from _repeated("person_id", ids)
    for official in cast.officials:
        known = official.person_id is not None and official.personal_id is not None and official.municipality
        if official.in_register != bool(known):
            yield f"{official.key}: in_register goes with person_id, personal_id and municipality"


def _reference_faults(cast: Cast) -> Iterator[str]:
    organisations = {organisation.key for organisation in cast.organisations}
    numbers = {
        agreement.number for organisation in cast.organisations for agreement in organisation.agreements
    }
    persons = {person.key for person in cast.people if person.person_id is not None}
    for official in cast.officials:
        if unknown := {right.organisation for right in official.rights} - organisations:
            yield f"{official.key}: unknown organisation {min(unknown)}"
        if unknown := set(official.protected_persons) - numbers:
            yield f"{official.key}: unknown agreement {min(unknown)}"
    for system in cast.api_clients:
        if system.agreement not in numbers:
            yield f"{system.client_id}: unknown agreement {system.agreement}"
    for client in cast.clients:
        named = {relation.person for relation in client.relations}
        named |= {spell.payee_person for spell in client.spells if spell.payee_person is not None}
        if unknown := named - persons:
            yield f"{client.key}: unknown person {min(unknown)}"


def _repeated(what: str, values: Iterable[str] | Iterable[int]) -> Iterator[str]:
    # The place is named, never the value: an identity code would stand in the message.
    repeated = sum(1 for count in Counter(values).values() if count > 1)
    if repeated:
        yield f"{repeated} repeated {what}(s)"
