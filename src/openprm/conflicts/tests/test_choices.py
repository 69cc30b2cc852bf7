"""A partner objects to a customer's choice."""

from datetime import timedelta

import pytest

from openprm.conflicts import services
from openprm.conflicts.models import ConflictCase, Statement
from openprm.conflicts.testing import PDF, answer, decide, made, make_case, speak, take_up
from openprm.deals import services as deals
from openprm.deals.models import CustomerChoice
from openprm.deals.testing import make_approved, make_catalogue
from openprm.kernel.ids import new_id
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


def _disputed(cast, at):
    """A choice whose objection waits for the ruling of its case."""
    deal = make_approved(cast.partner_rep, cast.partner_manager, make_catalogue(), at=at - timedelta(days=9))
    told = {"contact_name": "Petra", "reason": "We choose anew.", "letter": ("letter.pdf", PDF)}
    with scope(cast.vendor_admin):
        choice_id = deals.record_choice(actor=cast.vendor_admin, registration_id=deal, at=at, **told)
    with scope(cast.partner_rep):
        deals.object_to_choice(actor=cast.partner_rep, choice_id=choice_id, reason="The letter is forged.", at=at)
    with system_scope():
        objector = cast.users["partner_rep"].pk
        case_id = services.dispute_choice(registration_id=deal, partner_id=cast.partner_id, objector_id=objector, reason="Forged.", choice_id=choice_id, at=at)
    speak(cast.marketing_manager, case_id, "The letter came by post, signed.", at)
    take_up(cast.vendor_admin, case_id, at)
    return choice_id, case_id


def _state(choice_id) -> str:
    with system_scope():
        return CustomerChoice.objects.get(pk=choice_id).state


@pytest.mark.parametrize(("finding", "state"), [("founded", "dropped"), ("unfounded", "notice"), ("partly", "notice")])
def test_the_ruling_settles_the_choice(cast, at, finding, state):
    choice_id, case_id = _disputed(cast, at)

    decide(cast.vendor_admin, case_id, at + timedelta(hours=1), finding=finding, remedies_chosen=())

    assert _state(choice_id) == state


def test_an_appeal_that_finds_for_the_partner_stops_a_release_that_has_not_happened(cast, at):
    choice_id, case_id = _disputed(cast, at)
    decide(cast.vendor_admin, case_id, at + timedelta(hours=1), finding="unfounded")
    with scope(cast.partner_rep):
        services.appeal(actor=cast.partner_rep, case_id=case_id, text="The signature is not hers.", at=at + timedelta(hours=2))

    answer(cast.finance_manager, case_id, at + timedelta(hours=3), result="changed", finding="founded", remedies_chosen=())

    assert _state(choice_id) == "dropped"


def test_a_choice_that_was_decided_on_the_deal_meanwhile_stays(cast, at):
    choice_id, case_id = _disputed(cast, at)
    with scope(cast.vendor_admin):
        deals.settle_choice(actor=cast.vendor_admin, choice_id=choice_id, stands=False, reason="She took it back.", at=at)

    decide(cast.vendor_admin, case_id, at + timedelta(hours=1), finding="unfounded")

    assert (_state(choice_id), made(case_id).finding) == ("dropped", "unfounded")


def test_a_case_that_stands_already_takes_the_choice_along(cast, at):
    deal = make_approved(cast.partner_rep, cast.partner_manager, make_catalogue(), at=at - timedelta(days=9))
    case_id = make_case(cast.partner_rep, deal, at, type="partner_vs_partner")
    choice_id = new_id()

    with system_scope():
        objector = cast.users["partner_rep"].pk
        services.dispute_choice(registration_id=deal, partner_id=cast.partner_id, objector_id=objector, reason="Forged.", choice_id=choice_id, at=at)

    assert made(case_id).choice_id == choice_id
