"""What a call's sound looks like and where it goes: SDP offers and answers (RFC 4566, RFC 3264) for G.711 and keys."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from phone.sip import is_ipv4
from phone.sound import FRAME_MS, PCMA, PCMU, Codec

#: The payload type of telephone events, when we are the one who offers.
EVENT_TYPE = 101
CODECS = (PCMU, PCMA)
_TURNED = {"sendonly": "recvonly", "recvonly": "sendonly"}
_DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")


class SdpError(ValueError):
    """The other side's description has no sound that this phone speaks."""


@dataclass(frozen=True)
class Endpoint:
    """One side of a call's sound."""

    host: str
    port: int
    #: In the order of preference.
    codecs: tuple[Codec, ...] = CODECS
    #: The payload type of telephone events; None when that side takes no keys.
    event_type: int | None = EVENT_TYPE
    direction: str = "sendrecv"

    def answer_to(self, offer: Endpoint) -> Endpoint:
        """What we say to an offer: its first codec that we speak too. Raises `SdpError` when there is none."""
        shared = [codec for codec in offer.codecs if codec in self.codecs]
        if not shared:
            raise SdpError("no codec in common: this phone speaks PCMU and PCMA")
        return Endpoint(
            self.host, self.port, (shared[0],), offer.event_type, _TURNED.get(offer.direction, offer.direction)
        )


def render(side: Endpoint) -> bytes:
    """The description of one side."""
    types = [str(codec.payload_type) for codec in side.codecs]
    lines = [f"a=rtpmap:{codec.payload_type} {codec.name}/8000" for codec in side.codecs]
    if side.event_type is not None:
        types.append(str(side.event_type))
        lines += [f"a=rtpmap:{side.event_type} telephone-event/8000", f"a=fmtp:{side.event_type} 0-15"]
    head = ["v=0", f"o=phone 1 1 IN IP4 {side.host}", "s=-", f"c=IN IP4 {side.host}", "t=0 0"]
    media = [f"m=audio {side.port} RTP/AVP {' '.join(types)}", *lines, f"a=ptime:{FRAME_MS}", f"a={side.direction}"]
    return "\r\n".join([*head, *media, ""]).encode()


def parse(body: bytes, known: Sequence[Codec] = CODECS) -> Endpoint:
    """Read a description: the first audio stream in it. Raises `SdpError`."""
    text = body.decode("utf-8", "replace").replace("\r\n", "\n")
    session, _, media = text.partition("\nm=audio ")
    media = media.partition("\nm=")[0]
    line = re.match(r"(\d{1,5})(?:/\d+)? RTP/AVP((?: \d{1,3})+)", media)
    host = re.search(r"^c=IN IP4 (\S+)", media, re.MULTILINE) or re.search(r"^c=IN IP4 (\S+)", session, re.MULTILINE)
    if not line or not host or not 0 < int(line[1]) < 65536 or not is_ipv4(host[1]):
        raise SdpError("no audio over RTP/AVP and IPv4 in the description")
    types = [int(number) for number in line[2].split()]
    names = dict(re.findall(r"^a=rtpmap:(\d{1,3}) ([^/\s]+)/8000", media, re.MULTILINE))
    by_type = {codec.payload_type: codec for codec in known}
    codecs = tuple(by_type[number] for number in types if number in by_type)
    event = next((n for n in types if names.get(str(n), "").lower() == "telephone-event"), None)
    stated = re.search(rf"^a=({'|'.join(_DIRECTIONS)})\s*$", media, re.MULTILINE) or re.search(
        rf"^a=({'|'.join(_DIRECTIONS)})\s*$", session, re.MULTILINE
    )
    return Endpoint(host[1], int(line[1]), codecs, event, stated[1] if stated else "sendrecv")
