"""The attachments of a notice: one to open, or all as one archive. Each is an entry of its own."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from kelmu.core import clock
from kelmu.core.errors import NotThere
from kelmu.core.formats import FINLAND
from kelmu.notices import doors
from kelmu.web.access import KelmuRequest

# What a browser shows by itself, without running anything.
_SHOWN = frozenset({"application/pdf", "image/jpeg", "image/png", "text/plain"})
_ENDINGS = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/tiff": (".tif", ".tiff"),
    "text/plain": (".txt",),
}
# What no file system, or not every one, takes; and marks that turn the direction of writing.
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_LONGEST = 120
_MOST_PLACES = 32_767


def attachment(request: KelmuRequest, notice_id: UUID, place: int) -> HttpResponse:
    """One file, as the sender named it and of the type it was sent as."""
    if not 0 < place <= _MOST_PLACES:
        raise NotThere("no such attachment")
    found = doors.attachments(request.kelmu.session().secret, notice_id, place)
    if not found:
        raise NotThere("no such attachment")
    [file] = found
    [name] = safe_names([(file.name, file.media_type)])
    return _answer(file.data, file.media_type, name)


def attachments(request: KelmuRequest, notice_id: UUID) -> HttpResponse:
    """All files in one zip archive, in their order, under distinct names."""
    found = doors.attachments(request.kelmu.session().secret, notice_id)
    if not found:
        raise NotThere("no such attachment")
    packed = io.BytesIO()
    packed_at = clock.now().astimezone(FINLAND).timetuple()[:6]
    names = safe_names((file.name, file.media_type) for file in found)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, name in zip(found, names, strict=True):
            entry = zipfile.ZipInfo(name, packed_at)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.data)
    name = _("notice-%(mark)s-attachments") % {"mark": str(notice_id)[:8]}
    return _answer(packed.getvalue(), "application/zip", f"{name}.zip")


def _answer(data: bytes, media_type: str, name: str) -> HttpResponse:
    content_type = f"{media_type}; charset=utf-8" if media_type == "text/plain" else media_type
    answer = HttpResponse(data, content_type=content_type)
    disposition = content_disposition_header(media_type not in _SHOWN, name)
    answer.headers["Content-Disposition"] = disposition or "attachment"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def safe_names(files: Iterable[tuple[str, str]]) -> list[str]:
    """Names under which files (name, media type) can be saved anywhere, side by side.

    Each keeps its name but for what some system would not take; it ends as its type does; one that is taken
    already, in upper or lower case, gets a number.
    """
    names: list[str] = []
    taken: set[str] = set()
    for name, media_type in files:
        stem, ending = _parts(name, media_type)
        made, number = f"{stem}{ending}", 1
        while made.casefold() in taken:
            number += 1
            made = f"{stem} ({number}){ending}"
        taken.add(made.casefold())
        names.append(made)
    return names


def _parts(name: str, media_type: str) -> tuple[str, str]:
    clean = _UNSAFE.sub("_", name).strip(" .")
    endings = _ENDINGS[media_type]
    ending = next((clean[-len(each) :] for each in endings if clean.lower().endswith(each)), endings[0])
    stem = clean[: -len(ending)] if clean.lower().endswith(endings) else clean
    stem = stem[:_LONGEST].rstrip(" .") or "_"
    return (f"_{stem}" if _RESERVED.fullmatch(stem.partition(".")[0]) else stem), ending
