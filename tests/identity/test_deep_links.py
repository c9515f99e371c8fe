"""A link deep into a client's pages survives signing in, with its filter, and is judged anew."""

from __future__ import annotations

import pytest

from tests.identity.browsing import Desk, text_of
from tests.simulators import Visitor
from tests.world import World

WORKER, COLLEAGUE = "pirkanmaa_social_worker", "pirkanmaa_claims_handler"
FILTERS = ("payments/?from=2026-01-01&to=2026-01-31", "decisions/?from=2026-01-01&outcome=granted")


@pytest.mark.parametrize("page", FILTERS)
def test_a_filtered_page_is_come_back_to_after_signing_in_and_judged_again(
    world: World, desk: Desk, visitor: Visitor, page: str
) -> None:
    desk.sign_in(WORKER)
    asked = {"personal_id": world.person().personal_id, "purpose": "social_assistance", "told_client": "on"}
    link = desk.post("/clients/", **asked).headers["Location"] + page
    assert desk.get(link).status_code == 200
    other = Visitor()
    later = Desk(other)
    assert "/sign-in/?next=%2Fclients%2F" in text_of(later.get(link))
    answer = later.sign_in(COLLEAGUE, next_path=link)
    assert answer.headers["Location"] == link
    # The link names an inquiry of somebody else's session: it is not there, and that is an entry.
    assert later.get(link).status_code == 404
    assert world.entries(kind="not_there", inquiry_id=link.split("/")[2])
    other.close()
