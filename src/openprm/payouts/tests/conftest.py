"""A source of money in memory, in the place of the rooms that owe."""

import pytest

from openprm.kernel.registry import registry
from openprm.payouts.ports import SOURCES
from openprm.payouts.testing import TestSource


@pytest.fixture
def source(monkeypatch) -> TestSource:
    made, real = TestSource(), registry.filling
    monkeypatch.setattr(registry, "filling", lambda port: (made,) if port == SOURCES else real(port))
    return made
