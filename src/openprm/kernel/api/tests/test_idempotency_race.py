"""Many duplicates of one request at once, on real connections."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from openprm.kernel.api.models import IdempotentAnswer
from openprm.kernel.api.tests.test_pipeline import Caller, notes, tokens
from openprm.kernel.scope import system_scope

__all__ = ["tokens"]
pytestmark = pytest.mark.urls("openprm.kernel.api.tests.urls")


def test_a_hundred_duplicates_at_once_write_one_note(committed_db):
    def send(_number):
        try:
            return Caller()("POST", "/notes", {"title": "race"}, Idempotency_Key="same").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, range(100)))

    assert answers == [201] * 100
    assert notes() == ["note:race"]
    with system_scope():
        assert IdempotentAnswer.objects.count() == 1
