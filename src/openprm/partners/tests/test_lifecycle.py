from datetime import timedelta
from itertools import product

import pytest
from django.db import IntegrityError, transaction

from openprm.identity.models import Membership, Organization
from openprm.kernel.errors import Invalid, NotAllowed, NotFound
from openprm.kernel.scope import scope, system_scope
from openprm.partners import queries, rules, services
from openprm.partners.models import Enrollment, Partner
from openprm.partners.testing import make_partner

DAY = timedelta(days=1)


def move(cast, status, at, reason="", partner_id=None):
    with scope(cast.vendor_admin) as who:
        services.change_status(actor=who, partner_id=partner_id or cast.partner_id, status=status, reason=reason, at=at)


def status_of(partner_id):
    with system_scope():
        return Organization.objects.get(pk=partner_id).status


@pytest.mark.django_db
def test_the_database_knows_the_same_moves_as_the_rules(cast):
    for before, after in product(rules.MOVES, rules.MOVES):
        if before == after:
            continue
        with system_scope():
            partner = Organization.objects.create(kind="partner", name="Bluecrest", status=before)
            try:
                with transaction.atomic():
                    Organization.objects.filter(pk=partner.pk).update(status=after)
                allowed = True
            except IntegrityError:
                allowed = False
        assert allowed is rules.can_move(before, after), (before, after)


@pytest.mark.django_db
def test_the_database_knows_the_same_moves_of_a_membership(cast):
    for before, after in product(rules.ENROLLMENT_MOVES, rules.ENROLLMENT_MOVES):
        if before == after:
            continue
        with system_scope():
            point = transaction.savepoint()
            Enrollment.objects.filter(partner=cast.partner_id).delete()
            since = cast.partner.created_at
            row = Enrollment.objects.create(partner_id=cast.partner_id, program=cast.program, tier=cast.tier, status=before, since=since, until=since + DAY)
            try:
                with transaction.atomic():
                    Enrollment.objects.filter(pk=row.pk).update(status=after)
                allowed = True
            except IntegrityError:
                allowed = False
            transaction.savepoint_rollback(point)
        assert allowed is rules.can_move_enrollment(before, after), (before, after)


@pytest.mark.django_db
def test_a_ban_needs_a_reason(cast, at):
    with pytest.raises(Invalid, match="Say why"):
        move(cast, "banned", at)

    assert status_of(cast.partner_id) == "active"


@pytest.mark.django_db
def test_who_is_banned_is_signed_out_and_its_domain_stays_away(cast, at):
    browser = cast.client("partner_rep")
    assert browser.get("/portal/company/").status_code == 200

    move(cast, "banned", at, "Forged certificates.")

    assert browser.get("/portal/company/").status_code == 302
    with system_scope():
        assert Membership.objects.filter(organization=cast.partner_id, state="active").count() == 0
        assert queries.is_banned_domain("kallio.example") is True
        assert queries.is_banned_domain("shop.KALLIO.example") is True
        assert queries.is_banned_domain("www.kallio.example") is True
        assert queries.is_banned_domain("notkallio.example") is False
        assert queries.is_banned_domain("sintra.example") is False
        assert queries.is_banned_domain("") is False
        assert queries.banned_domains(["kallio.example", "sintra.example"]) == {"kallio.example"}


@pytest.mark.django_db
def test_a_lifted_ban_lets_the_domain_apply_again(cast, at):
    move(cast, "banned", at, "Forged certificates.")
    move(cast, "deactivated", at + DAY, "It was a mistake.")

    with system_scope():
        assert queries.is_banned_domain("kallio.example") is False
        assert Partner.objects.get(pk=cast.partner_id).banned_at is None


@pytest.mark.django_db
def test_a_partner_that_rests_looks_and_starts_nothing(cast, at):
    move(cast, "deactivated", at)

    assert cast.client("partner_rep").get("/portal/company/").status_code == 200
    with system_scope():
        assert {gate.action for gate in queries.gates(cast.partner_id, at)} == {"deals", "leads", "funds"}
    move(cast, "active", at + DAY)
    with system_scope():
        assert queries.gates(cast.partner_id, at + DAY) == ()


@pytest.mark.django_db
def test_leaving_is_not_a_button(cast, at):
    with pytest.raises(services.ForbiddenMove, match="leaves by its offboarding"):
        move(cast, "offboarded", at)

    assert status_of(cast.partner_id) == "active"
    assert "offboarded" not in rules.moves_by_hand("active")


@pytest.mark.django_db
def test_an_applicant_can_be_declined_and_apply_again(cast, at):
    with system_scope():
        applicant = make_partner(name="Bluecrest Cloud", status="invited")
    for status in ("applicant", "declined", "applicant", "pending", "active"):
        move(cast, status, at, partner_id=applicant)
    assert status_of(applicant) == "active"


@pytest.mark.django_db
def test_a_partner_cannot_move_itself(cast, at):
    with scope(cast.partner_admin) as who, pytest.raises((NotAllowed, NotFound)):
        services.change_status(actor=who, partner_id=cast.partner_id, status="suspended", at=at)
    assert status_of(cast.partner_id) == "active"


@pytest.mark.parametrize(
    ("address", "host"),
    [("https://www.kallio.fi/en", "kallio.fi"), ("kallio.fi", "kallio.fi"), ("HTTP://Kallio.FI", "kallio.fi"), ("", ""), ("www.kallio.fi/x", "kallio.fi")],
)
def test_the_host_of_a_web_address(address, host):
    assert rules.host_of(address) == host
