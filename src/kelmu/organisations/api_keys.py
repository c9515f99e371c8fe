"""Which keys a client of the machine interface may sign with."""

from __future__ import annotations

from collections.abc import Mapping

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey, import_key

_LEAST_RSA_BITS = 2048


def public_key(jwk: Mapping[str, str]) -> Mapping[str, str]:
    """The key, if it is one a client may use: public, EC P-256 or RSA of 2048 bits or more, with a ``kid``.

    Raises:
        ValueError: it is not; the message says what is wrong.
    """
    if not jwk.get("kid"):
        raise ValueError("the key has no kid")
    try:
        key = import_key(dict(jwk))
    except (JoseError, ValueError, KeyError, TypeError):
        raise ValueError("not a JSON Web Key") from None
    if isinstance(key, ECKey):
        fits = key.curve_name == "P-256"
    else:
        fits = isinstance(key, RSAKey) and key.public_key.key_size >= _LEAST_RSA_BITS
    if not fits:
        raise ValueError("neither EC P-256 nor RSA of 2048 bits or more")
    if key.is_private:
        raise ValueError("the private key does not belong here")
    return jwk
