"""How many queries the pages cost, whatever the number of rows."""

import pytest
from django.test import Client

from openprm.applications import links
from openprm.applications.testing import make_application, stored

pytestmark = pytest.mark.django_db


def _count(django_assert_max_num_queries, client, url, most):
    client.get(url)
    with django_assert_max_num_queries(most):
        assert client.get(url).status_code == 200


def test_public_pages_cost_few_queries(cast, django_assert_max_num_queries):
    client, link = Client(), links.open_url(stored(make_application()))

    for url, most in (("/partners/", 14), ("/programs/resell/", 32), ("/programs/resell/apply/", 20), (link, 20)):
        _count(django_assert_max_num_queries, client, url, most)


def test_the_list_costs_the_same_for_many_rows(cast, django_assert_max_num_queries):
    for number in range(6):
        make_application(company_name=f"Company {number}", website=f"c{number}.example", email=f"a@c{number}.example")
    client = cast.client("vendor_admin")

    _count(django_assert_max_num_queries, client, "/app/applications/", 40)
