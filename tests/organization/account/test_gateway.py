"""Argon2id and tokens."""

from __future__ import annotations

from kaohe_flow.organization.account import gateway


def test_a_password_is_kept_as_argon2id_with_its_parameters() -> None:
    stored = gateway.hash_password("k7 rainy Tuesday")

    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert gateway.verify(stored, "k7 rainy Tuesday")
    assert not gateway.verify(stored, "k7 rainy Tuesdax")
    assert stored != gateway.hash_password("k7 rainy Tuesday")
    assert not gateway.needs_rehash(stored)


def test_without_a_stored_hash_nothing_is_right() -> None:
    assert not gateway.verify(None, "k7 rainy Tuesday")
    assert not gateway.verify("plain text", "plain text")


def test_a_weaker_hash_is_recognised() -> None:
    assert gateway.needs_rehash(gateway.hash_password("k7 rainy Tuesday").replace("t=2", "t=1"))


def test_a_token_has_256_bits_and_is_stored_as_a_hash() -> None:
    tokens = {gateway.new_token() for _ in range(50)}

    assert len(tokens) == 50
    assert all(len(token) == 43 for token in tokens)
    assert all(len(gateway.token_hash(token)) == 64 for token in tokens)
