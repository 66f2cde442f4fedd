"""The keyed hash of a number: the same for who has the key, nothing for who has not."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from ledger.number_key import NumberKey

KEYS = st.text(string.ascii_letters + string.digits, min_size=32, max_size=64).map(NumberKey)
NUMBERS = st.integers(10**6, 10**15 - 1).map("+{}".format)


def test_it_is_hmac_sha256_of_the_number_in_e164() -> None:
    # RFC 4231, test case 2
    assert NumberKey("Jefe").hash_of("what do ya want for nothing?") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


@given(KEYS, KEYS, NUMBERS, NUMBERS)
def test_two_keys_or_two_numbers_never_share_a_hash(one: NumberKey, other: NumberKey, a: str, b: str) -> None:
    assert (one.hash_of(a) == one.hash_of(b)) is (a == b)
    assert (one.hash_of(a) == other.hash_of(a)) is (one == other)
    assert len(one.hash_of(a)) == 64
    assert set(one.hash_of(a)) <= set(string.hexdigits.lower())


def test_a_key_is_never_shown() -> None:
    assert "secret" not in repr(NumberKey("secret"))
