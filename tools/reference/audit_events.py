"""The kinds of audit entries: which there are comes from the log's table, what each means from here."""

from __future__ import annotations

import re
from importlib.resources import files

_INTRODUCTION = """\
# Audit events

<!-- Written by `make reference`; a test fails when it lags behind the code. -->

Every kind of entry that `audit.entry` takes. Entries are only ever added: no role of the service may change
or remove one, and a trigger refuses it to the rest. An entry holds no benefit data and no identity code. The
official is a pseudonym (and her own number in the register, if she is there), the client a number of Kela's.
Each entry has the time by the database's clock and the transaction that committed it.

Before any acting session there is only the pseudonym; after that each entry also has the session,
organisation, agreement and its type, mandates with the request they were read by, channel, and the digest
of the policy in force.
"""
_MEANINGS = {
    "signed_in": "An official signed in with Suomi.fi.",
    "signed_out": "An official signed out.",
    "sign_in_failed": "A sign-in came back without success. `detail` says why; nobody may be known yet.",
    "access_refused": (
        "Refused before there was an acting session: no organisation, no agreement, or mandates that could "
        "not be read. `cause` says which."
    ),
    "acting_begun": "An official began to act for an organisation, under one agreement and its mandates.",
    "acting_refreshed": "Her mandates were read again, as they are while she works.",
    "acting_ended": (
        "The acting session ended. `detail`: signed out, organisation changed, expired, mandates gone."
    ),
    "refused": (
        "Something was refused before any client: a mandate, agreement or purpose was missing (`cause`)."
    ),
    "inquiry": (
        "A client was looked up. `outcome` is what the official was told, `rule` the true rule behind it, "
        "`facts` what it rests on, `scope` the profile rows opened with the first day each reaches back to."
    ),
    "reason_given": "The reason an inquiry waited for (`reason`), and the decision made again with it.",
    "view": (
        "A further page of an inquiry; decided anew like an inquiry. Its action says where data leave "
        "the desk: `print`, or `meeting`, the page turned to the client."
    ),
    "disclosed": (
        "Data left the database: `data_groups` and `fields` say which, `document_digest` is the SHA-256 of "
        "exactly what was given. Other persons named in it are in `audit.entry_mention`."
    ),
    "use": "Use that discloses no client's dossier. `action` says which; persons named are mentioned.",
    "notice": (
        "Notices were opened: a page of names (`page`; those named are mentioned), one notice (`open`, "
        "`print`), or its attachments (`attachments`). `scope` says which. What was read is in `disclosed`."
    ),
    "notice_work": (
        "Something was done with a notice: its action says what, `detail` what came of it. Kela's side "
        "bringing one (`take_in`) is one too."
    ),
    "list": (
        "A recipient list was opened, to be looked at (`view`, `names`). `scope` says of which kind and "
        "period and names its runs, `document_digest` is that of what is on them. It is a disclosure of "
        "everybody on them, who are in `lists.run_row`; what of it was read is in `disclosed`."
    ),
    "claim": (
        "Payment claims were opened: a page of names (`page`; those named are mentioned) or one claim "
        "(`open`). `scope` says which. What was read is in `disclosed`."
    ),
    "claim_work": (
        "Something was done with a payment claim: its action says what, `detail` what came of it, `scope` "
        "which claim in which version."
    ),
    "not_there": (
        "An inquiry or ticket was asked for that is not this session's, is over, used or never was. `detail` "
        "says which. Several are a sign of guessing."
    ),
    "difference": ("The policy engine and the door decided differently: nothing was shown. Always an alarm."),
    "locked": (
        "An official reached a limit against guessing and opens nothing until her use has been reviewed."
    ),
    "released": "A lock was ended after a review; `reason` says why.",
}


def kinds() -> list[str]:
    """The kinds the log takes, in the order of its table.

    Raises:
        ValueError: the table's rule about kinds is not where it was.
    """
    ddl = (files("kelmu.audit") / "sql" / "tables.sql").read_text(encoding="utf-8")
    listed = re.search(r"entry_kind_known CHECK \(VALUE IN \(([^)]*)\)", ddl)
    if listed is None:
        raise ValueError("audit.entry no longer says which kinds it takes")
    return re.findall(r"'(\w+)'", listed[1])


def reference() -> str:
    """The page.

    Raises:
        KeyError: the log takes a kind that nothing here describes.
    """
    rows = [f"| `{kind}` | {_MEANINGS[kind]} |" for kind in kinds()]
    return "\n".join([_INTRODUCTION, "| kind | what happened |", "|---|---|", *rows, ""])
