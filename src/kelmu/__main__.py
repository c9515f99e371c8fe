"""The command ``kelmu`` (or ``python -m kelmu``): serve, migrate, load what a database needs."""

from __future__ import annotations

import argparse
import importlib
import runpy
import sys
from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured

OWN = {
    "serve": "run the web server",
    "worker": "send computed notices at their time, and answers to Kela (as the worker)",
    "migrate": "bring the database to this version (as its owner)",
    "settings-reference": "print every setting, as Markdown",
}
OF_CAPABILITIES = {
    "load-policy": ("kelmu.policy.load", "load this version's policy into the database (as its owner)"),
    "load-organisations": ("kelmu.organisations.load", "load areas or agreements (as the owner)"),
    "release-official": ("kelmu.inquiry.release", "end an official's lock after review (as the owner)"),
    "feed": ("kelmu.feed", "load register data from Kela's files (as the feed)"),
    "lists": ("kelmu.lists", "make the recipient lists that are due (as the worker)"),
    "claims": ("kelmu.claims", "load the accounts claims are paid to (as the owner)"),
    "notices": ("kelmu.notices", "one run of the worker, and its figures; load pick rules (as the owner)"),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kelmu", description="Benefit-information service for public authorities."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, summary in OWN.items():
        commands.add_parser(name, help=summary, description=summary)
    for name, (_, summary) in OF_CAPABILITIES.items():
        command = commands.add_parser(name, help=summary, add_help=False)
        command.add_argument("arguments", nargs=argparse.REMAINDER)
    return parser


def _hand_over(command: str, arguments: Sequence[str]) -> int:
    """Run a capability's own command module with its own arguments."""
    sys.argv = [f"kelmu {command}", *arguments]
    runpy.run_module(OF_CAPABILITIES[command][0], run_name="__main__", alter_sys=True)
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a setting that is missing or nonsensical ends it with one line.

    Returns:
        0 when all went well, 2 when a setting stopped the start.
    """
    chosen = _parser().parse_args(arguments)
    command: str = chosen.command
    try:
        if command in OF_CAPABILITIES:
            return _hand_over(command, chosen.arguments)
        # Imported only when chosen: each command reads its own settings and refuses on its own.
        module = importlib.import_module(f"kelmu.config.commands.{command.replace('-', '_')}")
        status: int = module.run()
    except ImproperlyConfigured as error:
        print(f"kelmu: {error}", file=sys.stderr)  # noqa: T201 - the one line for the person who starts it
        return 2
    return status


if __name__ == "__main__":
    sys.exit(main())
