"""As much SIP (RFC 3261) as it takes to be called by one peer on loopback, answer, and hang up. Pure: bytes in, out."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

_MEDIA = re.compile(rb"^m=audio (\d+) RTP/AVP", re.MULTILINE)
_HOST = re.compile(rb"^c=IN IP4 (\S+)", re.MULTILINE)
_EVENTS = re.compile(rb"^a=rtpmap:(\d+) telephone-event/8000", re.MULTILINE | re.IGNORECASE)
#: Telephone events, where the caller names no number for them.
USUAL_EVENT_TYPE = 101


@dataclass(frozen=True)
class Heard:
    """A message: its first word (a method, or `SIP/2.0`), its headers as they came, its body."""

    word: str
    start: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The first header of this name, or nothing."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def call_id(self) -> str:
        return self.header("call-id")


@dataclass(frozen=True)
class Sound:
    """Where the caller listens, and which payload type its keys have."""

    host: str
    port: int
    event_type: int


def read(data: bytes) -> Heard | None:
    """A message, or None for what is none."""
    head, found, body = data.partition(b"\r\n\r\n")
    if not found:
        return None
    start, *lines = head.decode("utf-8", "replace").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = tuple((key.strip().lower(), value.strip()) for key, _, value in pairs)
    return Heard(start.partition(" ")[0], start, headers, body)


def sound_of(body: bytes) -> Sound | None:
    """What an offer says; None where it offers no sound."""
    media, host, events = _MEDIA.search(body), _HOST.search(body), _EVENTS.search(body)
    if not media or not host:
        return None
    return Sound(host[1].decode(), int(media[1]), int(events[1]) if events else USUAL_EVENT_TYPE)


def response(invite: Heard, status: str, tag: str = "", contact: str = "", body: bytes = b"") -> bytes:
    """An answer to a request."""
    lines = [f"SIP/2.0 {status}"]
    for key, value in invite.headers:
        if key in {"via", "record-route", "from", "call-id", "cseq"}:
            lines.append(f"{key}: {value}")
        elif key == "to":
            lines.append(f"to: {value};tag={tag}" if tag and ";tag=" not in value else f"to: {value}")
    if contact:
        lines.append(f"contact: <{contact}>")
    if body:
        lines.append("content-type: application/sdp")
    lines.append(f"content-length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def bye(invite: Heard, tag: str, here: str) -> bytes:
    """The end of a call that came in by this INVITE, from our side. `here`: our host:port."""
    contact = re.search(r"<([^>]*)>", invite.header("contact"))
    lines = [
        f"BYE {contact[1] if contact else 'sip:' + here} SIP/2.0",
        f"via: SIP/2.0/UDP {here};branch=z9hG4bK{secrets.token_hex(8)}",
        f"from: {invite.header('to')};tag={tag}",
        f"to: {invite.header('from')}",
        f"call-id: {invite.call_id}",
        "cseq: 1 BYE",
        "max-forwards: 70",
        "content-length: 0",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def answer(host: str, port: int, event_type: int) -> bytes:
    """Our sound: mu-law and keys."""
    lines = [
        "v=0", f"o=callee 1 1 IN IP4 {host}", "s=-", f"c=IN IP4 {host}", "t=0 0",
        f"m=audio {port} RTP/AVP 0 {event_type}", "a=rtpmap:0 PCMU/8000",
        f"a=rtpmap:{event_type} telephone-event/8000", f"a=fmtp:{event_type} 0-15", "a=ptime:20", "a=sendrecv",
    ]  # fmt: skip
    return "\r\n".join([*lines, ""]).encode()
