"""``python -m tools.demo.ask CLIENT IDENTITY_CODE``: ask the running demo as a system of an authority would.

Signs an assertion with the system's key, gets a token, and makes one inquiry. Identity codes of the demo are
artificial; a real one never belongs on a command line.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import httpx

from tools.demo.database import API_KEYS
from tools.demo.processes import ROOT
from tools.demo.token import take_token


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.demo.ask", description=__doc__)
    parser.add_argument("client_id", help="a system of the cast")
    parser.add_argument("personal_id", nargs="?", help="whom to ask about; without it, what may be asked")
    parser.add_argument("--purpose", help="one of those the system may ask for; the first one unless told")
    parser.add_argument("--reason", help="where one is needed")
    parser.add_argument("--official", default="demo", help="the organisation's own id of its official")
    parser.add_argument("--address", default="http://127.0.0.1:8000", help="where the demo is")
    parser.add_argument("--data", type=Path, default=ROOT / ".data", help="the demo's data folder")
    return parser.parse_args()


def main() -> int:
    """Ask and print the answer; 1 if it is not given."""
    options = _options()
    with httpx.Client(base_url=options.address, trust_env=False) as http:
        answer = take_token(http, options.address, options.data / API_KEYS, options.client_id)
        if answer.is_success:
            answer = http.get("/api/v1/me")
        if answer.is_success and options.personal_id:
            answer = http.post("/api/v1/inquiries", json=_inquiry(options, answer.json()["purposes"]))
    print(json.dumps(answer.json(), indent=2, ensure_ascii=False))
    return 0 if answer.is_success else 1


def _inquiry(options: argparse.Namespace, purposes: list[str]) -> dict[str, object]:
    body: dict[str, object] = {
        "personal_id": options.personal_id,
        "purpose": options.purpose or purposes[0],
        "case_reference": "demo",
        "told_client": True,
        "official": {"id": options.official},
    }
    return body | ({"reason": options.reason} if options.reason else {})


if __name__ == "__main__":
    sys.exit(main())
