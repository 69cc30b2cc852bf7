import pytest


@pytest.fixture(autouse=True)
def own_key(settings, tmp_path):
    """Every test has a data folder, and so a signing key, of its own."""
    settings.OPENPRM_DATA = tmp_path / "data"
