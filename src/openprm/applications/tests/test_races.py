"""Two people at once: one partner comes of it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from openprm.applications import services
from openprm.applications.testing import make_application, stored
from openprm.identity.models import Invitation, Organization
from openprm.kernel.errors import Refusal
from openprm.kernel.scope import scope, system_scope
from openprm.partners.testing import make_program


def _at_once(acts):
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait(10)
            return act()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def _approve(actor, pk, at):
    def act():
        with scope(actor):
            return services.approve(actor=actor, application_id=pk, at=at)

    return act


def test_two_approvals_of_one_application_give_one_partner(committed_db, cast, at):
    pk = make_application(at=at)

    answers = _at_once([_approve(cast.partner_manager, pk, at), _approve(cast.vendor_admin, pk, at)])

    partners = [answer for answer in answers if not isinstance(answer, Refusal)]
    refusals = [answer.code for answer in answers if isinstance(answer, Refusal)]
    assert partners == [stored(pk).partner_id]
    assert refusals == ["already_answered"]
    with system_scope():
        assert Organization.objects.filter(domain="fjordlink.example").count() == 1
        assert Invitation.objects.filter(email="siri@fjordlink.example").count() == 1


def test_approvals_of_two_applications_of_one_company_give_one_partner(committed_db, cast, at):
    """The second one was taken up for another program, so both can be approved; the company is added once."""
    first = make_application(at=at)
    second = _second_program(cast, at)

    answers = _at_once([_approve(cast.partner_manager, first, at), _approve(cast.vendor_admin, second, at)])

    assert [answer.code for answer in answers if isinstance(answer, Refusal)] == ["company_is_partner"]
    with system_scope():
        assert Organization.objects.filter(domain="fjordlink.example").count() == 1
    assert sorted((stored(first).state, stored(second).state)) == ["approved", "submitted"]


def _second_program(cast, at):
    make_program(code="build", name="Halden Build", at=at)
    return make_application("build", at=at, email="other@fjordlink.example")
