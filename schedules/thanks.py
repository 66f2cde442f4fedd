"""Is a payment thanked for in writing? Where the creditor wants it, and the person has had to do with us. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schedules.standing import Standing

#: The creditor's choice in its policy: true (also where nothing is said) or false.
FLAG = "thank_you"


def is_thanked(policy: Mapping[str, Any], standing: Standing) -> bool:
    """A person who never reacted to us hears nothing: to them a message of ours is news of its own.

    Anything but true as the creditor's choice means no.
    """
    return policy.get(FLAG, True) is True and has_reacted(standing)


def has_reacted(standing: Standing) -> bool:
    """Talked with us, or agreed on or asked for something."""
    return bool(standing.agreements) or any(contact.talked for contact in standing.contacts)
