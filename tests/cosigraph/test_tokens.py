# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosigraph import tokens
from cosigraph.errors import UsageError


def test_a_token_fits_its_own_hash_only() -> None:
    one, other = tokens.new_token(), tokens.new_token()
    assert len(one) >= 43
    assert one != other
    assert tokens.fits(one, tokens.hash_of(one))
    assert not tokens.fits(one, tokens.hash_of(other))
    assert one not in tokens.hash_of(one)


@given(st.text())
def test_any_text_may_be_tried(text: str) -> None:
    known = tokens.hash_of("another " + text)
    assert not tokens.fits(text, known)


def test_tokens_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return False

    monkeypatch.setattr(hmac, "compare_digest", compare)
    token = tokens.new_token()
    assert not tokens.fits(token, tokens.hash_of(token))
    assert compared == [(tokens.hash_of(token).encode(),) * 2]


@pytest.mark.parametrize("text", ["", "sha256:", "sha256:" + "g" * 64, "secret", "md5:" + "0" * 32])
def test_what_is_no_hash_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(UsageError) as raised:
        tokens.check_hash(text)
    assert not text or f"'{text}'" not in str(raised.value)
    assert "secret" not in str(raised.value)
