"""What has been paid of what live conversations speak of: looked for in the books, and handed to each of them."""

from __future__ import annotations

from collections.abc import Collection

from dialer.line_payments import payment_in
from dialer.payments_store import open_now
from ivr.conversation import Conversations
from ivr.heard import PaymentSeen
from ledger.database import Database


class PaymentNews:
    """Of the conversations of one line."""

    def __init__(self, database: Database, conversations: Conversations) -> None:
        self._database = database
        self._conversations = conversations

    def of(self, calls: Collection[str]) -> dict[str, PaymentSeen]:
        """What is paid of what these calls speak of."""
        about = {call: standing[0] for call in calls if (standing := self._conversations.standing(call)) is not None}
        invoices = {invoice.id for briefing in about.values() for invoice in briefing.invoices}
        if not invoices:
            return {}
        with self._database.reading() as session:
            now = open_now(session, invoices)
        found = {call: payment_in(briefing, now) for call, briefing in about.items()}
        return {call: seen for call, seen in found.items() if seen is not None}

    def noted(self, call: str, seen: PaymentSeen) -> bool:
        """Before proof: the conversation takes note without a word. False: it is the debtor, who must be told."""
        standing = self._conversations.standing(call)
        if standing is not None and not standing[1].verified:
            self._conversations.step(call, f"paid-{standing[1].turns}", seen)
            return True
        return standing is None

    def proved(self, call: str) -> bool:
        """We speak with the debtor, and may tell of money."""
        standing = self._conversations.standing(call)
        return standing is not None and standing[1].verified
