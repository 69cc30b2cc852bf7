"""How much the frame asks of the database on every page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db


def asked(client, path: str) -> list[str]:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "SELECT set_config", "select set_config"))]


@pytest.mark.parametrize(("person", "path", "most"), [("vendor_reader", "/app/settings/", 12), ("partner_reader", "/portal/settings/", 12)])
def test_the_frame_of_a_page_costs_few_queries(cast, person, path, most):
    queries = asked(cast.client(person), path)

    assert len(queries) <= most, "\n".join(query[:160] for query in queries)


def test_no_page_asks_the_same_thing_twice(cast):
    queries = asked(cast.client("partner_rep"), "/portal/settings/")

    assert [query[:200] for query in set(queries) if queries.count(query) > 1] == []
