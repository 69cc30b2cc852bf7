import pytest

from openprm.kernel.scope import system_scope
from openprm.rulebook import services
from openprm.rulebook.testing import kinds_in_use, make_kind

PROGRAM = __import__("uuid").UUID("0197f000-0000-7000-8000-000000000001")
KIND = make_kind(programs=lambda: [(PROGRAM, "Nordic resellers")])
INSIDE = make_kind("sample.inside", title="Lead scores", for_partners=False, notice_days=0)


@pytest.fixture
def rules(db, at):
    """Two kinds in force since ever: one that partners read, one that is kept inside."""
    with kinds_in_use(KIND, INSIDE):
        with system_scope():
            services.ensure_defaults(at=at)
        yield
