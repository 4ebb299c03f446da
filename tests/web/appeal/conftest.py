"""The bureau where appeals are heard."""

from __future__ import annotations

import pytest

from tests.factories.casework import Bureau
from tests.factories.court import Court, seat


@pytest.fixture
def court(bureau: Bureau) -> Court:
    """The bureau with ``hou`` in the city's office."""
    return seat(bureau)
