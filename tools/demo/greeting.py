"""What the demo says when it is ready: the address, and the cast with what each may do."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from tools.cast import Cast
from tools.demo.inbox import SYSTEM

WIDTH = 110
INDENT = 30


def greeting(cast: Cast, address: str, persons: int, kela: str) -> str:
    """The whole text, in English."""
    parts = (_service(address, persons), _officials(cast), _clients(cast), _systems(cast, kela))
    return "\n".join([*(line for part in parts for line in part), "", "Ctrl-C stops it.", ""])


def _service(address: str, persons: int) -> Iterator[str]:
    yield ""
    yield f"Kelmu is at {address} with {persons:,} invented persons."
    yield "This is plain HTTP, for a demo only: its cookies are neither Secure nor __Host-."


def _officials(cast: Cast) -> Iterator[str]:
    yield ""
    yield "Sign in as one of these officials (choose any method, then the name):"
    for official in cast.officials:
        where = dict.fromkeys(cast.organisation(right.organisation).name_en for right in official.rights)
        text = f"{', '.join(where)}: {official.story_en}" if where else official.story_en
        yield from _entry(f"{official.given_names} {official.family_name}", text)


def _clients(cast: Cast) -> Iterator[str]:
    yield ""
    yield "and look up one of these clients, or anybody:"
    for client in cast.clients:
        yield from _entry(client.personal_id, client.situation_en)


def _systems(cast: Cast, kela: str) -> Iterator[str]:
    yield ""
    yield "Systems that ask by themselves, over the machine interface:"
    for system in cast.api_clients:
        if system.client_id == SYSTEM:
            yield f"  {system.client_id} brings notices; what it was told of them: {kela}/control/kept"
            continue
        yield f"  .venv/bin/python -m tools.demo.ask {system.client_id} {cast.clients[0].personal_id}"


def _entry(head: str, text: str) -> Iterator[str]:
    first, *further = textwrap.wrap(text, WIDTH - INDENT)
    yield f"  {head:<{INDENT - 3}} {first}"
    yield from (f"{' ' * INDENT}{line}" for line in further)
