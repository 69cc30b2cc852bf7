"""What a partner takes along, and what is forgotten of its person."""

from dataclasses import replace

import pytest

from openprm.applications import services
from openprm.applications.leaving import erase, rows
from openprm.applications.testing import make_application, stored
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


def test_a_partner_takes_its_own_answers_along_and_no_others(cast, at):
    pk = make_application(at=at)
    with scope(cast.partner_manager) as manager:
        partner_id = services.approve(actor=manager, application_id=pk, at=at)

    with scope(cast.other_partner_admin) as stranger:
        assert list(rows(stranger)) == []
    with scope(replace(cast.partner_admin, partner_ids=(partner_id,))) as own:
        taken = {row["question"]: row["answer"] for row in rows(own)}

    assert len(taken) == 13
    assert (taken["Company name"], taken["How many people work for you?"]) == ("Fjordlink AS", "42")


def test_the_person_is_forgotten_and_the_companys_answers_stay(cast, at):
    pk = make_application(at=at)
    with scope(cast.partner_manager) as manager:
        partner_id = services.approve(actor=manager, application_id=pk, at=at)

    with system_scope():
        changed = (erase(partner_id=partner_id, at=at), erase(partner_id=partner_id, at=at))

    application = stored(pk)
    assert changed == (1, 0)
    assert (application.contact_name, application.email, application.company_name) == ("–", "removed@removed.invalid", "Fjordlink AS")
    assert application.answers["employees"] == 42
