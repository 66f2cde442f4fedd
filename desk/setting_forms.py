"""How the values of settings are written. What goes into Asterisk's configuration holds no space, no line end, and
nothing that begins a comment or another value."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from ledger.clock import MEANT_YEARS
from ledger.email import looks_like_email


def port_pair(text: str) -> tuple[int, int] | None:
    """Two ports from `A-B`; None for an empty text. Raises `ValueError`."""
    if not text:
        return None
    first, _, second = text.partition("-")
    if not (text.isascii() and first.isdecimal() and second.isdecimal() and 0 < int(first) < int(second) < 32768):
        raise ValueError("write two ports below 32768 as A-B")
    return int(first), int(second)


def _port_pair(text: str) -> str:
    port_pair(text)
    return text


def _written(pattern: str, how: str) -> Callable[[str], str]:
    """A check: empty, or written like this."""
    form = re.compile(pattern)

    def check(text: str) -> str:
        if text and not form.fullmatch(text):
            raise ValueError(how)
        return text

    return check


def _one_of(*words: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text not in words:
            raise ValueError("give " + " or ".join([", ".join(words[:-1]), words[-1]]))
        return text

    return check


def servers(text: str) -> dict[str, str]:
    """Addresses by language from `nl=ws://host:2700,de=…`. Raises `ValueError`."""
    pairs = [one.strip().partition("=") for one in text.split(",") if one.strip()]
    for language, _, address in pairs:
        if not re.fullmatch(r"[a-z]{2}", language) or not re.fullmatch(r"wss?://[A-Za-z0-9.:_/-]+", address):
            raise ValueError("write languages and addresses as nl=ws://host:2700,de=ws://host:2701")
    return {language: address for language, _, address in pairs}


def _servers(text: str) -> str:
    servers(text)
    return text


def _uri(text: str) -> str:
    check = _written(
        r"sip:(?:[A-Za-z0-9._+-]+@)?(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?", "write it as sip:host:port"
    )
    port = re.search(r":([0-9]+)$", check(text))
    if port is not None and not 0 < int(port[1]) < 65536:
        raise ValueError("write it as sip:host:port; a port is at most 65535")
    return text


def _email(text: str) -> str:
    if text and not looks_like_email(text):
        raise ValueError("write one e-mail address, as alarm@example.be")
    return text


def _loopback(text: str) -> str:
    if text not in {"127.0.0.1", "::1", "localhost"}:
        raise ValueError("AudioSocket has no password: only 127.0.0.1 is allowed")
    return text


def _iso(value: object) -> object:
    # a bare number would be read as seconds since 1970
    if isinstance(value, str) and not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]", value):
        raise ValueError("write a time as 2026-11-24T10:00:00+01:00")
    return value


def _aware(value: datetime | None) -> datetime | None:
    if value is not None and value.tzinfo is None:
        raise ValueError("write the zone too: 2026-11-24T10:00:00+01:00")
    if value is not None and value.year not in MEANT_YEARS:
        raise ValueError(f"{value.year} is too far away; check the year")
    return value


Port = Annotated[int, Field(ge=0, le=32767)]
AnyPort = Annotated[int, Field(ge=0, le=65535)]
PortPair = Annotated[str, AfterValidator(_port_pair)]
HostName = Annotated[str, AfterValidator(_written(r"[A-Za-z0-9.:_-]{1,255}", "write a host name or an address"))]
Loopback = Annotated[str, AfterValidator(_loopback)]
UserName = Annotated[
    str, AfterValidator(_written(r"[A-Za-z0-9._@+-]{1,64}", "write a name of letters, digits, dots and dashes"))
]
TrunkUri = Annotated[str, AfterValidator(_uri)]
Codecs = Annotated[str, AfterValidator(_written(r"[a-z0-9]+(?:,[a-z0-9]+)*", "write names of codecs as ulaw,alaw"))]
Number = Annotated[
    str, AfterValidator(_written(r"\+[1-9][0-9]{6,14}", "write the number with + and its country, as +3225550100"))
]
Addresses = Annotated[
    str,
    AfterValidator(
        _written(r"[A-Za-z0-9.:/_-]+(?:, ?[A-Za-z0-9.:/_-]+)*", "write addresses as 192.0.2.10,192.0.2.0/28")
    ),
]
Email = Annotated[str, AfterValidator(_email)]
Servers = Annotated[str, AfterValidator(_servers)]
Engine = Annotated[str, AfterValidator(_one_of("pyttsx3", "espeak", "piper"))]
LogLevel = Annotated[str, AfterValidator(_one_of("debug", "info", "warning", "error"))]
Moment = Annotated[datetime | None, BeforeValidator(_iso), AfterValidator(_aware)]
