"""What has been shown has its entry on disk, whatever the caller set and whoever else writes."""

from __future__ import annotations

from tests.door.looking import Desk
from tests.world import Somebody, World


def test_200_looks_while_a_feeds_copy_is_open_and_none_is_refused(
    desk: Desk, client: Somebody, world: World
) -> None:
    other = world.person()
    with world.database.connect("kelmu_feed", autocommit=False) as feed:
        with feed.cursor().copy(
            "COPY register.payment (person_id, paid_on, payment_number, benefit_code, gross, net, "
            "payee_kind, state) FROM STDIN"
        ) as copy:
            for number in range(200):
                for row in range(50):
                    copy.write_row(
                        [other.person_id, "2026-01-02", number * 50 + row, "SOC-PER", 1, 1, "client", "paid"]
                    )
                _, ticket = desk.open(client.personal_id)
                assert desk.outcome(ticket) is not None
                assert desk.read(ticket) is not None
        feed.rollback()
