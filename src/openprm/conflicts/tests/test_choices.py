"""A partner objects to a customer's choice."""

from datetime import timedelta

import pytest

from openprm.conflicts import services
from openprm.conflicts.models import ConflictCase, Statement
from openprm.conflicts.testing import PDF, made
from openprm.deals import services as deals
from openprm.deals.testing import make_approved, make_catalogue
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


def test_an_objection_becomes_a_case_once(cast, at):
    deal = make_approved(cast.partner_rep, cast.partner_manager, make_catalogue(), at=at - timedelta(days=9))
    told = {"registration_id": deal, "partner_id": cast.partner_id, "objector_id": cast.users["partner_rep"].pk, "reason": "The letter is forged.", "at": at}

    with system_scope():
        case_id = services.dispute_choice(**told)
        assert services.dispute_choice(**told) is None
        assert services.dispute_choice(**told | {"objector_id": None}) is None
        assert services.dispute_choice(**told | {"objector_id": cast.users["partner_collaborator"].pk}) is None

        assert ConflictCase.objects.count() == 1
        assert Statement.objects.get().text == "The letter is forged."
    case = made(case_id)
    assert (case.type, case.origin, case.partner_id, case.registration_id) == ("partner_vs_partner", "partner", cast.partner_id, deal)


def test_the_objection_on_the_deal_reaches_the_room(cast, at, run_jobs):
    deal = make_approved(cast.partner_rep, cast.partner_manager, make_catalogue(), at=at - timedelta(days=9))
    told = {"contact_name": "Petra", "reason": "We choose anew.", "letter": ("letter.pdf", PDF)}
    with scope(cast.vendor_admin):
        choice_id = deals.record_choice(actor=cast.vendor_admin, registration_id=deal, at=at, **told)
    with scope(cast.partner_rep):
        deals.object_to_choice(actor=cast.partner_rep, choice_id=choice_id, reason="The letter is forged.", at=at + timedelta(hours=1))

    run_jobs()

    with system_scope():
        assert Statement.objects.get().text == "The letter is forged."
