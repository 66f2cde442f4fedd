"""SIP messages (RFC 3261): values, reading and writing, and the credentials of a digest (RFC 2617, RFC 8760)."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

Address = tuple[str, int]
Headers = tuple[tuple[str, str], ...]

BRANCH_COOKIE = "z9hG4bK"
REASONS = {
    100: "Trying",
    180: "Ringing",
    200: "OK",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    480: "Temporarily Unavailable",
    481: "Call Does Not Exist",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    500: "Server Internal Error",
    503: "Service Unavailable",
    603: "Decline",
}
_COMPACT = {
    "v": "via",
    "f": "from",
    "t": "to",
    "i": "call-id",
    "m": "contact",
    "l": "content-length",
    "c": "content-type",
}
_NEEDED = ("via", "from", "to", "call-id", "cseq")
_REQUEST_LINE = re.compile(r"([A-Z]+) (\S+) SIP/2\.0")
_STATUS_LINE = re.compile(r"SIP/2\.0 ([1-6]\d\d)(?: (.*))?")
_URI = re.compile(r"sips?:(?:([^@;>\s]+)@)?([^:;>\s]+)(?::([0-9]{1,5}))?")
_BYTE = r"(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"
_IPV4 = re.compile(rf"(?:{_BYTE}\.){{3}}{_BYTE}")
_PARAMETER = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')


class SipError(ValueError):
    """The datagram is not a SIP message that we can work with."""


@dataclass(frozen=True)
class Message:
    """What requests and responses share. A message that was parsed has Via, From, To, Call-ID and CSeq."""

    headers: Headers
    body: bytes = b""

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def first(self, name: str) -> str:
        """A header's value, or nothing."""
        return next(iter(self.all(name)), "")

    @property
    def call_id(self) -> str:
        return self.first("Call-ID")

    @property
    def cseq(self) -> tuple[int, str]:
        number, _, method = self.first("CSeq").partition(" ")
        return int(number), method.strip()

    @property
    def branch(self) -> str:
        """What ties a response, an ACK of a refusal, or a CANCEL to its request."""
        return parameter(self.first("Via"), "branch")

    def render_with(self, first_line: str) -> bytes:
        lines = [first_line, *(f"{key}: {value}" for key, value in self.headers), f"Content-Length: {len(self.body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True, kw_only=True)
class Request(Message):
    method: str
    uri: str

    def render(self) -> bytes:
        return self.render_with(f"{self.method} {self.uri} SIP/2.0")

    def answer(
        self, status: int, to_tag: str = "", more: Iterable[tuple[str, str]] = (), body: bytes = b""
    ) -> Response:
        """A response to this request (RFC 3261, 8.2.6)."""
        to = self.first("To")
        if to_tag and not parameter(to, "tag"):
            to += f";tag={to_tag}"
        copied = [("Via", via) for via in self.all("Via")] + [
            ("Record-Route", route) for route in self.all("Record-Route")
        ]
        copied += [("From", self.first("From")), ("To", to), ("Call-ID", self.call_id), ("CSeq", self.first("CSeq"))]
        return Response(status=status, reason=REASONS.get(status, "Refused"), headers=(*copied, *more), body=body)


@dataclass(frozen=True, kw_only=True)
class Response(Message):
    status: int
    reason: str = ""

    def render(self) -> bytes:
        return self.render_with(f"SIP/2.0 {self.status} {self.reason}")


def parse(data: bytes) -> Request | Response:
    """Read a datagram. Raises `SipError` for anything that is not a whole SIP message."""
    head, separator, body = data.partition(b"\r\n\r\n")
    if not separator:
        raise SipError("no empty line after the headers")
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SipError("headers are not UTF-8") from error
    first_line, *lines = re.sub(r"\r\n[ \t]+", " ", text).split("\r\n")
    headers = tuple(_header(line) for line in lines)
    names = {name.lower() for name, _ in headers}
    if missing := [name for name in _NEEDED if name not in names]:
        raise SipError(f"without {', '.join(missing)}")
    body = _measured(body, headers)
    headers = tuple((name, value) for name, value in headers if name.lower() != "content-length")
    if match := _REQUEST_LINE.fullmatch(first_line):
        message: Request | Response = Request(headers=headers, body=body, method=match[1], uri=match[2])
    elif match := _STATUS_LINE.fullmatch(first_line):
        message = Response(headers=headers, body=body, status=int(match[1]), reason=match[2] or "")
    else:
        raise SipError(f"first line {first_line[:60]!r} is neither a request nor a response")
    if not re.fullmatch(r"\d{1,10} +[A-Z]+", message.first("CSeq")):
        raise SipError("CSeq without a number and a method")
    if not message.branch:
        raise SipError("Via without a branch")
    return message


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    name = name.strip()
    if not colon or not name:
        raise SipError(f"{line[:60]!r} is not a header")
    return _COMPACT.get(name.lower(), name), value.strip()


def _measured(body: bytes, headers: Headers) -> bytes:
    length = next((value for name, value in headers if name.lower() == "content-length"), None)
    if length is None:
        return body
    if not re.fullmatch(r"\d{1,5}", length) or int(length) > len(body):
        raise SipError("Content-Length is wrong or the body is cut short")
    return body[: int(length)]


def parameter(value: str, name: str) -> str:
    """A parameter after the address of a header, such as the tag of From."""
    match = re.search(rf";\s*{name}\s*=\s*([^;,\s>]+)", value.rpartition(">")[2] or value, re.IGNORECASE)
    return match[1] if match else ""


def uri_of(value: str) -> str:
    """The address inside a From, To or Contact."""
    match = re.search(r"<([^>]*)>", value)
    return match[1] if match else value.partition(";")[0].strip()


def user_of(uri: str) -> str:
    """The number or name that an address stands for."""
    match = _URI.search(uri)
    return match[1] or "" if match else ""


def address_of(uri: str) -> Address | None:
    """Where an address is reached, when it says so by numbers: this phone looks no names up."""
    match = _URI.search(uri)
    if not match or not is_ipv4(match[2]) or not 0 < int(match[3] or 5060) < 65536:
        return None
    return match[2], int(match[3] or 5060)


def is_ipv4(host: str) -> bool:
    return _IPV4.fullmatch(host) is not None


def new_token() -> str:
    return secrets.token_hex(8)


@dataclass(frozen=True)
class Credentials:
    user: str
    password: str


def authorization(challenge: str, who: Credentials, method: str, uri: str) -> str:
    """The answer to a digest challenge. Raises `SipError` for a scheme or algorithm that this phone does not know."""
    scheme, _, rest = challenge.partition(" ")
    asked = {key.lower(): quoted or plain for key, quoted, plain in _PARAMETER.findall(rest)}
    algorithm = asked.get("algorithm", "MD5")
    if scheme.lower() != "digest" or algorithm.upper() not in ("MD5", "SHA-256") or "nonce" not in asked:
        raise SipError(f"cannot answer the challenge {challenge[:80]!r}")

    def digest(*parts: str) -> str:
        return hashlib.new(algorithm.replace("-", "").lower(), ":".join(parts).encode()).hexdigest()

    realm, nonce = asked.get("realm", ""), asked["nonce"]
    secret, what = digest(who.user, realm, who.password), digest(method, uri)
    said = f'Digest username="{who.user}", realm="{realm}", nonce="{nonce}", uri="{uri}", algorithm={algorithm}'
    if "auth" in asked.get("qop", "").split(","):
        cnonce, count = new_token(), "00000001"
        said += f', response="{digest(secret, nonce, count, cnonce, "auth", what)}"'
        said += f', qop=auth, nc={count}, cnonce="{cnonce}"'
    else:
        said += f', response="{digest(secret, nonce, what)}"'
    return said + (f', opaque="{asked["opaque"]}"' if "opaque" in asked else "")
