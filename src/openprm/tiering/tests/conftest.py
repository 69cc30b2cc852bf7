import pytest

from openprm.tiering.testing import publish_rules


@pytest.fixture
def rules(cast):
    """Gold asks 100,000 won in a year and two certified people; everybody else is Silver. In force since January 2026."""
    return publish_rules(program_id=cast.program.pk)
