"""One file from a web server: goes on where it broke off, and never takes more than was agreed."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from voices.errors import ModelRefused

#: A server that says nothing for so long has gone.
SILENT_SECONDS = 30.0
_PIECE = 65_536
_PART, _WHOLE, _PAST_END = 206, 200, 416
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")

#: Hears (bytes that are here, of how many; 0: nobody knows).
Progress = Callable[[int, int], None]


class _Guarded(HTTPRedirectHandler):
    """Follows a redirection only where the address itself would have been allowed."""

    def __init__(self, allowed: Callable[[str], bool]) -> None:
        self._allowed = allowed

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        if not self._allowed(newurl):
            raise ModelRefused(f"the server leads to {newurl}, which is not https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(
    address: str, into: Path, *, most_bytes: int, tell: Progress, plain_http: Collection[str] = frozenset()
) -> None:
    """Bring the file at `address` into `into`, which may hold its beginning already.

    `plain_http` names hosts that may be asked without encryption; none should be, but a test's own.
    Raises `ModelRefused`: not https, larger than `most_bytes`, or broken off (what is here is kept for the next time).
    """

    def allowed(one: str) -> bool:
        parts = urlsplit(one)
        return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in plain_http)

    if not allowed(address):
        raise ModelRefused(f"{address} is not https")
    here = into.stat().st_size if into.exists() else 0
    request = Request(address, headers={"Range": f"bytes={here}-"} if here else {})  # noqa: S310
    try:
        with build_opener(_Guarded(allowed)).open(request, timeout=SILENT_SECONDS) as answer:
            _take(answer, into, here, most_bytes, tell)
    except HTTPError as fault:
        if fault.code == _PAST_END and _total(fault.headers.get("Content-Range", "")) == here:
            return  # it was whole already
        if fault.code == _PAST_END:
            into.unlink(missing_ok=True)
        raise ModelRefused(f"{address} answers {fault.code} {fault.reason}") from None
    except (URLError, HTTPException, OSError) as fault:
        reason = fault.reason if isinstance(fault, URLError) else fault
        raise ModelRefused(f"{address} could not be fetched: {reason}; run the command again to go on") from None


def _take(answer: HTTPResponse, into: Path, here: int, most_bytes: int, tell: Progress) -> None:
    begins = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    goes_on = answer.status == _PART and begins is not None and int(begins[1]) == here
    if answer.status not in (_PART, _WHOLE) or (answer.status == _PART and not goes_on):
        raise ModelRefused(f"the server answers {answer.status} and another part than was asked for")
    here = here if goes_on else 0
    length = answer.headers.get("Content-Length", "")
    total = here + int(length) if length.isdecimal() else 0
    if total > most_bytes:
        raise ModelRefused(f"the file has {total:,} bytes; this model has at most {most_bytes:,}")
    with into.open("ab" if goes_on else "wb") as file:
        here = _copy(answer, file, here, total, most_bytes, tell)
    if here < total:
        raise ModelRefused(f"it broke off after {here:,} of {total:,} bytes; run the command again to go on")


def _copy(answer: HTTPResponse, file: IO[bytes], here: int, total: int, most_bytes: int, tell: Progress) -> int:
    tell(here, total)
    while piece := answer.read1(_PIECE):
        here += len(piece)
        if here > most_bytes:
            raise ModelRefused(f"the server sends more than the {most_bytes:,} bytes that this model has at most")
        file.write(piece)
        tell(here, total)
    return here


def _total(content_range: str) -> int | None:
    total = content_range.rpartition("/")[2]
    return int(total) if total.isdecimal() else None
