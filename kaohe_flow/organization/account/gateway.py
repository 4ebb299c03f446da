"""Argon2id: how passwords are kept, and how long one guess takes."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

MEMORY_KIB: Final = 19 * 1024
PASSES: Final = 2
LANES: Final = 1
TOKEN_BYTES: Final = 32
NO_PASSWORD: Final = "-"  # noqa: S105 - the absence of one
"""Stored for an account that nobody has opened yet: no password matches it."""
READABLE: Final = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS: Final = 4
GROUP: Final = 3

_hasher: Final = PasswordHasher(
    time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, hash_len=32, salt_len=16, type=Type.ID
)
# Of a random text nobody keeps: an unknown user costs as much time as a wrong password.
_nobody: Final = _hasher.hash(secrets.token_urlsafe(TOKEN_BYTES))


def hash_password(password: str) -> str:
    """The password as it is stored, with its own salt and parameters."""
    return _hasher.hash(password)


def verify(stored: str | None, password: str) -> bool:
    """Whether the password is right; without a stored hash never, after the same time."""
    known = None if stored == NO_PASSWORD else stored
    try:
        _hasher.verify(known or _nobody, password)
    except (VerificationError, InvalidHashError):
        return False
    return known is not None


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of looking at a password: the hash it was held against (None: no such user), whether it was
    right, and a hash made anew where the old one has weaker parameters than today's.
    """

    stored: str | None
    is_right: bool
    renewed: str = ""


UNSEEN: Final = Proof(None, is_right=False)
"""Of a password that was not looked at."""


def prove(stored: str | None, password: str) -> Proof:
    """Look at a password. It takes some tens of milliseconds and belongs into no transaction."""
    is_right = verify(stored, password)
    is_weak = stored is not None and is_right and _hasher.check_needs_rehash(stored)
    return Proof(stored, is_right, hash_password(password) if is_weak else "")


def one_time_password() -> str:
    """Fifteen signs to be read out and typed once: no two of them look alike, letters and digits occur."""
    while True:
        signs = [secrets.choice(READABLE) for _ in range(GROUPS * GROUP)]
        if any(sign.isdigit() for sign in signs) and any(sign.isalpha() for sign in signs):
            return "-".join("".join(signs[n : n + GROUP]) for n in range(0, len(signs), GROUP))


def new_token() -> str:
    """256 random bits for a cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """What is stored of a token: enough to recognise it, useless to whoever reads the database."""
    return hashlib.sha256(token.encode()).hexdigest()
