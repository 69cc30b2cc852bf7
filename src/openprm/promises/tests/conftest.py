from dataclasses import replace
from datetime import datetime

import pytest

from openprm.kernel.registry import registry
from openprm.promises import services
from openprm.promises.testing import DECIDE, INFORM


@pytest.fixture
def promises(monkeypatch, cast):
    """The two promises of the tests, wired and published, beside those of the domains."""
    wirings = tuple(replace(wiring, promises=(DECIDE, INFORM)) if wiring.domain == "promises" else replace(wiring, promises=()) for wiring in registry.wirings)
    monkeypatch.setitem(registry.__dict__, "wirings", wirings)
    from openprm.kernel.scope import system_scope

    with system_scope():
        services.ensure_defaults(at=services.ALWAYS)


@pytest.fixture
def oslo():
    """A moment of November or December 2026 in Oslo, where the vendor works: oslo("11-23T10:00")."""
    return lambda text: datetime.fromisoformat(f"2026-{text}+01:00")
