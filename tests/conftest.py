"""What tests of every kind stand on."""

from __future__ import annotations

from asterisk_fixture import our_asterisk

__all__ = ["our_asterisk"]
