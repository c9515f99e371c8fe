"""What the generated OpenAPI description needs beyond what ninja writes."""

from __future__ import annotations

from typing import Any

from kelmu.api.problems import MEDIA_TYPE

_PROBLEM = "#/components/schemas/Problem"
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TOKEN_REQUEST = {
    "required": True,
    "content": {
        "application/x-www-form-urlencoded": {
            "schema": {
                "type": "object",
                "required": ["grant_type", "client_assertion_type", "client_assertion"],
                "properties": {
                    "grant_type": {"const": "client_credentials"},
                    "client_assertion_type": {"const": _ASSERTION},
                    "client_assertion": {
                        "type": "string",
                        "description": "A JWT signed ES256, PS256 or RS256 with a key of the client "
                        "(its `kid` in the header): `iss` and `sub` the client's id, `aud` this endpoint's "
                        "address, `exp` at most five minutes ahead, `jti` never used before.",
                    },
                },
            }
        }
    },
}
"""The body of a token request."""
INQUIRY_HEADERS = {
    "Kelmu-Inquiry": {
        "description": "The inquiry's id, by which Kela finds it in the log.",
        "required": True,
        "schema": {"type": "string", "format": "uuid"},
    }
}
"""The headers of a dossier."""


def describe(schema: Any) -> Any:
    """Put problems under their media type, and make the description the same wherever it is made."""
    for methods in schema["paths"].values():
        for operation in methods.values():
            answers = operation["responses"]
            for answer in answers.values():
                content = answer.get("content", {})
                if content.get("application/json", {}).get("schema", {}).get("$ref") == _PROBLEM:
                    answer["content"] = {MEDIA_TYPE: content["application/json"]}
            operation["responses"] = {str(status): answers[status] for status in sorted(answers)}
    return schema
