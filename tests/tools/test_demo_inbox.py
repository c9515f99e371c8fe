"""The notices of the demo show every kind Kela brings, every state, and what makes an inbox hard."""

from __future__ import annotations

from tools.cast import load_cast
from tools.demo.inbox import planned


def test_the_demos_notices_show_what_an_inbox_holds() -> None:
    notices = planned()
    cast = load_cast()
    assert len({each["number"] for each in notices}) == len(notices)
    assert {each["kind"] for each in notices} == {
        "social_work_need", "supplementary_preventive_application", "lowered_basic_part",
    }  # fmt: skip
    assert any(each.get("urgent") for each in notices)
    assert any(cast.client(each["client"]).protected for each in notices)
    assert any(each["days_ago"] > 12 and "work" not in each for each in notices)
    assert any(len(each.get("attachments", ())) > 1 for each in notices)
    work = [change for each in notices for change in each.get("work", ())]
    assert {"taken", "noted", "marked_read", "handled", "reopened"} <= {change[1] for change in work}
    assert {change[2] for change in work if change[1] == "transferred"} == {"853", "837"}
