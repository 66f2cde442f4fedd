"""The keyed hash of a telephone number: what is left of it when a person is erased and their opt-out must stand.

Without the key nobody can find the number by trying all of them, as with a plain hash they could in minutes.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True)
class NumberKey:
    """The key of one installation: whoever shares its database must share it."""

    secret: str = field(repr=False)

    def hash_of(self, e164: str) -> str:
        """HMAC-SHA256 of a number in E.164, in 64 hexadecimal digits."""
        return hmac.digest(self.secret.encode(), e164.encode(), "sha256").hex()
