"""The telephone of the tests: SIP and SDP as values."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phone import sdp
from phone.sdp import Endpoint, SdpError
from phone.sip import (
    Credentials,
    Request,
    Response,
    SipError,
    address_of,
    authorization,
    parameter,
    parse,
    uri_of,
    user_of,
)
from phone.sound import PCMA, PCMU

INVITE = (
    b"INVITE sip:+3225550101@127.0.0.1:6060 SIP/2.0\r\n"
    b"v: SIP/2.0/UDP 127.0.0.1:5560;rport;branch=z9hG4bKabc\r\n"
    b'f: "Acme; Ltd" <sip:+3225550000@127.0.0.1>;tag=there\r\n'
    b"t: <sip:+3225550101@127.0.0.1:6060>\r\n"
    b"Contact: <sip:asterisk@127.0.0.1:5560>\r\n"
    b"i: 42@asterisk\r\n"
    b"CSeq: 7 INVITE\r\n"
    b"Subject: folded\r\n  over two lines\r\n"
    b"l: 4\r\n\r\n"
    b"v=0\nand what is too much"
)
#: RFC 2617, 3.5, without and with the other side's wish for qop.
MUFASA = Credentials("Mufasa", "Circle Of Life")
CHALLENGE = 'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c"'


def test_an_invite_is_read_with_short_names_folding_and_a_measured_body() -> None:
    invite = parse(INVITE)
    assert isinstance(invite, Request)
    assert (invite.method, user_of(invite.uri), invite.cseq) == ("INVITE", "+3225550101", (7, "INVITE"))
    assert (invite.call_id, invite.branch, invite.body) == ("42@asterisk", "z9hG4bKabc", b"v=0\n")
    assert invite.first("Subject") == "folded over two lines"
    assert parameter(invite.first("From"), "tag") == "there"
    assert user_of(uri_of(invite.first("From"))) == "+3225550000"
    assert address_of(uri_of(invite.first("contact"))) == ("127.0.0.1", 5560)


def test_what_is_written_is_read_the_same() -> None:
    invite = parse(INVITE)
    assert isinstance(invite, Request)
    assert parse(invite.render()) == invite
    ringing = invite.answer(180, "ours", [("Contact", "<sip:us@127.0.0.1:6060>")])
    assert parse(ringing.render()) == ringing


def test_an_answer_goes_back_on_the_same_way_with_our_tag() -> None:
    invite = parse(INVITE)
    assert isinstance(invite, Request)
    busy = parse(invite.answer(486, "ours").render())
    assert isinstance(busy, Response)
    assert (busy.status, busy.reason, busy.branch, busy.cseq) == (486, "Busy Here", "z9hG4bKabc", (7, "INVITE"))
    assert parameter(busy.first("To"), "tag") == "ours"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"SIP/2.0\r\nv", b"SIP/3.0\r\nv"),
        (b"CSeq: 7 INVITE", b"CSeq: many INVITE"),
        (b"i: 42@asterisk\r\n", b""),
        (b";branch=z9hG4bKabc", b""),
        (b"l: 4", b"l: 4000"),
        (b"l: 4", b"l: -1"),
        (b"Subject:", b"Subject"),
        (b"\r\n\r\n", b"\r\n"),
        (b"Acme", b"\xff\xfe"),
    ],
)
def test_a_broken_message_is_refused_with_a_reason(old: bytes, new: bytes) -> None:
    with pytest.raises(SipError, match=r"\w+"):
        parse(INVITE.replace(old, new))


@given(st.randoms(use_true_random=False), st.integers(1, 20))
def test_a_message_with_bytes_changed_is_read_or_refused_and_nothing_else(rng: random.Random, changes: int) -> None:
    spoilt = bytearray(INVITE)
    for _ in range(changes):
        spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
    try:
        message = parse(bytes(spoilt))
    except SipError as refusal:
        assert str(refusal)
    else:
        assert message.cseq[0] >= 0
        assert message.branch
        assert parse(message.render()).call_id == message.call_id


@given(st.binary(max_size=300))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(SipError):
        parse(noise)


def test_a_digest_is_the_one_of_the_rfc() -> None:
    plain = authorization(CHALLENGE, MUFASA, "GET", "/dir/index.html")
    assert 'response="670fd8c2df070c60b045671b8b24ff02"' in plain
    assert 'opaque="5ccc069c"' in plain
    assert "qop" not in plain


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_a_digest_with_qop_carries_a_count_and_a_nonce_of_ours(algorithm: str) -> None:
    said = authorization(f'{CHALLENGE}, qop="auth,auth-int", algorithm={algorithm}', MUFASA, "INVITE", "sip:1@x")
    assert "qop=auth, nc=00000001, cnonce=" in said
    assert f"algorithm={algorithm}" in said


@pytest.mark.parametrize("challenge", ["Basic realm=x", 'Digest realm="x"', 'Digest nonce="n", algorithm=MD9', ""])
def test_a_challenge_that_it_cannot_answer_is_an_error(challenge: str) -> None:
    with pytest.raises(SipError, match="cannot answer"):
        authorization(challenge, MUFASA, "INVITE", "sip:1@x")


@pytest.mark.parametrize("uri", ["sip:a@example.org", "sip:a@999.1.1.1", "sip:a@127.0.0.1:0", "tel:+32", ""])
def test_an_address_that_must_be_looked_up_is_none(uri: str) -> None:
    assert address_of(uri) is None


def test_a_description_is_read_as_it_was_written() -> None:
    side = Endpoint("127.0.0.1", 12000, (PCMA, PCMU), 96, "sendonly")
    assert sdp.parse(sdp.render(side)) == side


def test_the_callers_first_codec_that_we_speak_is_taken_with_the_callers_event_number() -> None:
    offer = sdp.parse(
        b"v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP 9 8 0 97\r\na=rtpmap:9 G722/8000\r\n"
        b"a=rtpmap:97 telephone-event/8000\r\na=sendonly\r\nm=video 4002 RTP/AVP 31\r\n"
    )
    assert Endpoint("127.0.0.1", 12000).answer_to(offer) == Endpoint("127.0.0.1", 12000, (PCMA,), 97, "recvonly")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"v=0\r\nm=audio 4000 RTP/AVP 0\r\n",
        b"v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 0 RTP/AVP 0\r\n",
        b"v=0\r\nc=IN IP4 some.host\r\nm=audio 4000 RTP/AVP 0\r\n",
        b"v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 99999 RTP/AVP 0\r\n",
    ],
)
def test_a_description_without_sound_that_we_can_send_is_refused(body: bytes) -> None:
    with pytest.raises(SdpError, match="no audio"):
        sdp.parse(body)


def test_without_a_codec_in_common_there_is_no_answer() -> None:
    with pytest.raises(SdpError, match="no codec"):
        Endpoint("127.0.0.1", 12000).answer_to(Endpoint("127.0.0.1", 4000, ()))


@given(st.binary(max_size=200), st.integers(0, 80))
def test_noise_in_a_description_is_read_or_refused(noise: bytes, at: int) -> None:
    whole = sdp.render(Endpoint("127.0.0.1", 12000))
    try:
        assert 0 < sdp.parse(whole[:at] + noise + whole[at:]).port < 65536
    except SdpError as refusal:
        assert str(refusal)
