import json

import pytest
import structlog
from django.test import RequestFactory

from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Problem, Stale, TooMany
from openprm.kernel.http import refused
from openprm.ui import errors

PAGES = [(errors.bad_request, 400), (errors.forbidden, 403), (errors.not_found, 404), (errors.server_error, 500), (errors.csrf_failure, 403)]


@pytest.mark.parametrize(("page", "status"), PAGES)
def test_an_error_page_needs_no_database_and_says_what_to_do(page, status):
    response = page(RequestFactory().get("/app/x/"))
    html = response.content.decode()

    assert response.status_code == status
    assert html.count("<h1") == 1
    assert 'href="/"' in html
    assert "<script" not in html


@pytest.mark.parametrize(("page", "status"), PAGES)
def test_programs_get_a_problem_instead_of_a_page(page, status):
    response = page(RequestFactory().get("/api/v1/nothing", headers={"Accept": "application/json"}))

    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content)["status"] == status


def test_the_500_page_names_the_number_of_the_request():
    with structlog.contextvars.bound_contextvars(request_id="01a2-03b4"):
        response = errors.server_error(RequestFactory().get("/app/"))

    assert "01a2-03b4" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("refusal", "status", "heading"),
    [
        (NotFound(), 404, "Not found"),
        (NotAllowed("Only managers decide."), 403, "Your role does not allow this"),
        (Conflict("It is protected."), 409, "Something stands in the way"),
        (Stale(), 412, "This changed while you were looking"),
        (Invalid(problems=[Problem("a", "Add a name."), Problem("b", "Add <b>a date</b>.")]), 422, "Some of this cannot be used"),
        (TooMany("Slow down.", retry_after=30), 429, "Too many at once"),
    ],
)
def test_every_refusal_is_a_page_with_its_sentence(refusal, status, heading):
    response = refused(RequestFactory().get("/auth/x/"), refusal)
    html = response.content.decode()

    assert response.status_code == status
    assert f">{heading}</h1>" in html
    assert "<b>a date</b>" not in html
    assert response.get("Retry-After") == ("30" if status == 429 else None)
