"""A SIP dialog as seen from one end (RFC 3261, 12): who both are, and the requests that belong to it."""

from __future__ import annotations

from dataclasses import dataclass

from phone.sip import (
    BRANCH_COOKIE,
    Address,
    Headers,
    Message,
    Request,
    Response,
    address_of,
    new_token,
    parameter,
    uri_of,
)

ALLOW = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE"


@dataclass
class Dialog:
    """Our end of one call's signalling. Straight between two peers: no proxies, so no routes."""

    #: Where our wire listens.
    here: Address
    call_id: str
    #: Our From (or To) without its tag, and the tag.
    ours: str
    our_tag: str
    #: The other side's, with its tag as soon as that is known.
    theirs: str
    #: What a request to the other side is addressed to, and the socket that it goes to.
    target: str
    there: Address
    user: str
    cseq: int = 1

    @classmethod
    def of_invite(cls, invite: Request, here: Address, there: Address, user: str) -> Dialog:
        """The dialog that an INVITE to us opens."""
        dialog = cls(here, invite.call_id, invite.first("To"), new_token(), invite.first("From"), "", there, user)
        dialog.aim(invite)
        dialog.target = dialog.target or uri_of(invite.first("From"))
        return dialog

    @property
    def contact(self) -> str:
        return f"<sip:{self.user}@{self.here[0]}:{self.here[1]}>"

    def learn(self, response: Response) -> None:
        """Take the other side's tag and contact from its answer."""
        self.theirs = response.first("To")
        self.aim(response)

    def aim(self, message: Message) -> None:
        """Later requests go to the contact that the other side named last (12.2.1.2)."""
        if contact := uri_of(message.first("Contact")):
            self.target, self.there = contact, address_of(contact) or self.there

    def belongs(self, request: Request) -> bool:
        return request.call_id == self.call_id and parameter(request.first("To"), "tag") == self.our_tag

    def request(self, method: str, cseq: int | None = None, more: Headers = (), body: bytes = b"") -> Request:
        """A request of ours. An ACK carries its INVITE's number; all others the next one."""
        if cseq is None:
            self.cseq += 1
            cseq = self.cseq
        headers = (
            ("Via", f"SIP/2.0/UDP {self.here[0]}:{self.here[1]};branch={BRANCH_COOKIE}{new_token()};rport"),
            ("Max-Forwards", "70"),
            ("From", f"{self.ours};tag={self.our_tag}"),
            ("To", self.theirs),
            ("Call-ID", self.call_id),
            ("CSeq", f"{cseq} {method}"),
            ("Contact", self.contact),
            ("Allow", ALLOW),
            ("User-Agent", "test telephone"),
            *more,
        )
        return Request(method=method, uri=self.target, headers=headers, body=body)
