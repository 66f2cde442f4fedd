"""A look at a whole file before its rows are read: is it a list, in which letters is it written, what is its hash."""

from __future__ import annotations

import codecs
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ledger.errors import ListUnreadable
from ledger.intake.workbook import XLSX, look_into

_CHUNK = 1 << 20
#: No line of a list is longer; an endless one would fill the memory.
LONGEST_LINE = 1 << 20
#: First bytes of what people send instead of a list.
_OTHERS = {
    b"%PDF": "is a PDF; ask for the list as CSV",
    b"\x1f\x8b": "is packed (gzip); unpack it first",
}
_ZIP = b"PK\x03\x04"
#: The older container: an xls of before 2007, or an xlsx with a password, which holds a stream of this name.
_OLE, _PROTECTED = b"\xd0\xcf\x11\xe0", "EncryptedPackage".encode("utf-16-le")
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True)
class Survey:
    """What is known of a file before its first row."""

    path: Path
    size: int
    #: SHA-256 of its bytes, in hexadecimal: the same list is known again under any name.
    digest: str
    #: utf-8, utf-8-sig, utf-16, utf-16-le, utf-16-be, cp1252 or latin-1; xlsx for a workbook.
    encoding: str
    #: When it was last changed, to notice that it changes under our eyes.
    changed_ns: int


def survey(path: Path) -> Survey:
    """Look through a file. Raises `ListUnreadable` with one sentence for what can't be a list."""
    size, changed_ns = _regular(path)
    if size == 0:
        raise ListUnreadable(f"{path} is empty")
    digest = sha256()
    look = _Look(path)
    for chunk in _chunks(path):
        digest.update(chunk)
        look.at(chunk)
    return Survey(path, size, digest.hexdigest(), look.encoding(), changed_ns)


def _regular(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        raise ListUnreadable(f"{path} does not exist; check the name") from None
    except (OSError, ValueError) as error:
        raise ListUnreadable(f"{str(path)[:200]} can't be opened: {_said(error)}") from error
    if stat.S_ISDIR(found.st_mode):
        raise ListUnreadable(f"{path} is a folder; name the file in it")
    if not stat.S_ISREG(found.st_mode):
        raise ListUnreadable(f"{path} is a pipe or device, no file; save the list as a file first")
    return found.st_size, found.st_mtime_ns


def _said(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
    except OSError as error:
        raise ListUnreadable(f"{path} can't be read: {_said(error)}") from error


class _Look:
    """What the bytes show, chunk by chunk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._encoding: str | None = None
        self._utf8 = codecs.getincrementaldecoder("utf-8")()
        self._is_utf8 = True
        self._is_cp1252 = True
        self._lines = 1
        self._since_break = 0
        self._seen_text = False

    def at(self, chunk: bytes) -> None:
        if self._encoding is None:
            self._encoding = self._begin(chunk)
        if self._encoding == XLSX:
            self._seen_text = True
            return
        wide = self._encoding.startswith("utf-16")
        if not wide and (at := chunk.find(b"\0")) >= 0:
            line = self._lines + _breaks(chunk[:at])
            raise ListUnreadable(f"{self._path}: line {line} holds a NUL byte; this is no text file")
        if not wide:
            self._letters(chunk)
        self._lengths(chunk)

    def _begin(self, chunk: bytes) -> str:
        for start, what in _OTHERS.items():
            if chunk.startswith(start):
                raise ListUnreadable(f"{self._path} {what}")
        if chunk.startswith(_ZIP):
            look_into(self._path)
            return XLSX
        if chunk.startswith(_OLE):
            what = "is protected by a password" if _PROTECTED in chunk else "is an Excel file of an old kind (xls)"
            raise ListUnreadable(f"{self._path} {what}; open it and save it as xlsx without a password, or as CSV")
        for bom, encoding in _BOMS.items():
            if chunk.startswith(bom):
                return encoding
        head = chunk[:4096]
        # Text in Latin letters has a zero in every second byte of UTF-16.
        if head[1::2].count(0) > len(head) // 3 and not head[::2].count(0):
            return "utf-16-le"
        if head[::2].count(0) > len(head) // 3 and not head[1::2].count(0):
            return "utf-16-be"
        return "utf-8"

    def _letters(self, chunk: bytes) -> None:
        if self._is_utf8:
            try:
                self._utf8.decode(chunk)
            except UnicodeDecodeError:
                if self._encoding == "utf-8-sig":
                    raise ListUnreadable(f"{self._path} says that it is UTF-8 and isn't; save it anew") from None
                self._is_utf8 = False
        # The five bytes that mean nothing in cp1252.
        self._is_cp1252 = self._is_cp1252 and not any(byte in chunk for byte in b"\x81\x8d\x8f\x90\x9d")

    def _lengths(self, chunk: bytes) -> None:
        pieces = chunk.replace(b"\r", b"\n").split(b"\n")
        self._seen_text = self._seen_text or bool(chunk.strip(b" \t\r\n\0\xff\xfe\xef\xbb\xbf"))
        pieces[0] = b" " * min(self._since_break, LONGEST_LINE) + pieces[0]
        longest = max(range(len(pieces)), key=lambda n: len(pieces[n]))
        if len(pieces[longest]) >= LONGEST_LINE:
            raise ListUnreadable(f"{self._path}: line {self._lines + longest} is longer than a million characters")
        self._since_break = len(pieces[-1])
        self._lines += _breaks(chunk)

    def encoding(self) -> str:
        if not self._seen_text:
            raise ListUnreadable(f"{self._path} is empty")
        if self._encoding != "utf-8" or self._is_utf8:
            return self._encoding or "utf-8"
        return "cp1252" if self._is_cp1252 else "latin-1"


def _breaks(chunk: bytes) -> int:
    """Line ends of any of the three kinds; one that is cut between two chunks may count twice."""
    return chunk.count(b"\n") + chunk.count(b"\r") - chunk.count(b"\r\n")
