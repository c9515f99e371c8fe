"""``python -m kelmu.organisations.load areas`` and ``... agreements FILE``, as ``kelmu_owner``.

Reads ``KELMU_OWNER_DATABASE_URL``. Both may be run again at any time.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import psycopg

from kelmu.core.data_files import DataFileError
from kelmu.organisations.agreement_file import AgreementFileError
from kelmu.organisations.agreements import load_agreements
from kelmu.organisations.areas import load_areas

_URL = "KELMU_OWNER_DATABASE_URL"


def main(arguments: Sequence[str] | None = None) -> int:
    """Load; exit code 1 with one line where the file cannot be loaded, 2 where a setting is missing."""
    parser = argparse.ArgumentParser(prog="python -m kelmu.organisations.load", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("areas", help="counties and municipalities")
    commands.add_parser("agreements", help="organisations and agreements").add_argument("file", type=Path)
    chosen = parser.parse_args(arguments)
    url = os.environ.get(_URL)
    if not url:
        return _say(f"{_URL} is not set", 2)
    try:
        with psycopg.connect(url) as connection:
            if chosen.command == "areas":
                counties, municipalities = load_areas(connection)
                return _say(f"{counties} counties, {municipalities} municipalities", 0)
            organisations, agreements = load_agreements(connection, chosen.file)
            return _say(f"{organisations} organisations, {agreements} agreements", 0)
    except (AgreementFileError, DataFileError) as error:
        return _say(str(error), 1)
    except psycopg.OperationalError:
        # The driver's text may repeat parts of the URL.
        return _say(f"the database of {_URL} cannot be reached", 1)


def _say(text: str, code: int) -> int:
    sys.stderr.write(f"{text}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
