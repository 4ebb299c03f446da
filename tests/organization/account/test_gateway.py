"""Argon2id and tokens."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from kaohe_flow.organization.account import gateway


def test_a_password_is_kept_as_argon2id_with_its_parameters() -> None:
    stored = gateway.hash_password("k7 rainy Tuesday")

    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert gateway.verify(stored, "k7 rainy Tuesday")
    assert not gateway.verify(stored, "k7 rainy Tuesdax")
    assert stored != gateway.hash_password("k7 rainy Tuesday")
    assert gateway.prove(stored, "k7 rainy Tuesday") == gateway.Proof(stored, is_right=True)


def test_without_a_stored_hash_nothing_is_right() -> None:
    assert not gateway.verify(None, "k7 rainy Tuesday")
    assert not gateway.verify("plain text", "plain text")


def test_a_token_has_256_bits_and_is_stored_as_a_hash() -> None:
    tokens = {gateway.new_token() for _ in range(50)}

    assert len(tokens) == 50
    assert all(len(token) == 43 for token in tokens)
    assert all(len(gateway.token_hash(token)) == 64 for token in tokens)


def test_a_hash_with_weaker_parameters_is_made_anew_when_the_password_is_right() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("k7 rainy Tuesday")

    right, wrong = gateway.prove(weak, "k7 rainy Tuesday"), gateway.prove(weak, "k7")

    assert gateway.verify(right.renewed, "k7 rainy Tuesday")
    assert "m=19456" in right.renewed
    assert (wrong.is_right, wrong.renewed) == (False, "")


def test_an_account_without_a_password_costs_one_look_at_a_hash_like_any_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_at: list[str] = []

    class Watched:
        def verify(self, stored: str, _password: str) -> bool:
            looked_at.append(stored)
            raise VerifyMismatchError

    monkeypatch.setattr(gateway, "_hasher", Watched())

    assert not gateway.verify(gateway.NO_PASSWORD, gateway.NO_PASSWORD)
    assert not gateway.verify(None, "something else")
    assert [one.startswith("$argon2id$") for one in looked_at] == [True, True]
