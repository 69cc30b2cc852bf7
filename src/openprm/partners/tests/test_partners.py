import pytest
from django.db import IntegrityError, transaction

from openprm.kernel.errors import Invalid, NotAllowed, NotFound
from openprm.kernel.scope import scope, system_scope
from openprm.partners import queries, services
from openprm.partners.models import Enrollment, Partner
from openprm.partners.services import ForbiddenMove
from openprm.partners.testing import make_partner, make_program
from openprm.ui.paging import PageRequest

pytestmark = pytest.mark.django_db
FIRST = PageRequest(key="partners.partners", sort="name", descending=False)


def test_a_partner_is_an_organization_with_the_same_id(cast, at):
    partner_id = make_partner(name="Bluecrest Cloud", country="ES", type="distributor", region="Iberia", program_id=cast.program.pk)

    with scope(cast.vendor_reader):
        found = queries.partner(cast.vendor_reader, partner_id)

    assert (found.id, found.name, found.country, found.type, found.region, found.status) == (
        partner_id,
        "Bluecrest Cloud",
        "ES",
        "distributor",
        "Iberia",
        "active",
    )
    assert [(one.program_code, one.tier_code) for one in found.enrollments] == [("resell", "silver")]


def test_a_partner_sees_itself_without_the_vendors_notes(cast, at):
    with scope(cast.vendor_admin):
        services.update_partner(actor=cast.vendor_admin, partner_id=cast.partner_id, changes={"team": "Problem partners", "region": "Nordics"}, at=at)

    with scope(cast.partner_rep):
        found = queries.partner(cast.partner_rep, cast.partner_id)
        assert (found.region, found.team) == ("Nordics", "")
        with pytest.raises(NotFound):
            queries.partner(cast.partner_rep, cast.other_partner_id)


def test_the_list_is_filtered_by_tier_and_searched(cast):
    with scope(cast.vendor_reader):
        gold = queries.list_partners(cast.vendor_reader, filters={"tier": (str(cast.tier.pk),)}, page=FIRST)
        sintra = queries.list_partners(cast.vendor_reader, search="sintra", filters={}, page=FIRST)

    assert [row.name for row in gold.rows] == ["Kallio Digital"]
    assert [row.name for row in sintra.rows] == ["Sintra Systems"]


def test_the_list_costs_two_queries(cast, django_assert_num_queries):
    with scope(cast.vendor_reader), django_assert_num_queries(2):
        queries.list_partners(cast.vendor_reader, filters={}, page=FIRST)


def test_benefits_are_the_tiers_values_over_the_standard(cast, at):
    with scope(cast.vendor_admin):
        services.update_tier(actor=cast.vendor_admin, tier_id=cast.tier.pk, changes={"benefits": {"protection_days": 120, "promise_class": "priority"}}, at=at)
        found = queries.enrollment(cast.partner_id, at)

    assert (found.program_code, found.tier_code, found.tier_name, found.tier_rank) == ("resell", "gold", "Gold", 2)
    assert found.benefits["protection_days"] == 120
    assert found.benefits["promise_class"] == "priority"
    assert found.benefits["max_active_registrations"] == 25


@pytest.mark.parametrize(
    "benefits", [{"protection_days": 366}, {"protection_days": "90"}, {"promise_class": "gold"}, {"free_lunch": 1}, {"protection_days": True}]
)
def test_a_benefit_has_only_values_of_its_kind(cast, at, benefits):
    with scope(cast.vendor_admin), pytest.raises(Invalid):
        services.update_tier(actor=cast.vendor_admin, tier_id=cast.tier.pk, changes={"benefits": benefits}, at=at)

    with system_scope():
        assert queries.tier(cast.vendor_admin, cast.tier.pk).benefits["protection_days"] == 90


def test_the_life_of_a_partner_goes_only_forward_and_back_where_it_may(cast, at):
    with scope(cast.partner_manager):
        services.change_status(actor=cast.partner_manager, partner_id=cast.partner_id, status="suspended", at=at)
        services.change_status(actor=cast.partner_manager, partner_id=cast.partner_id, status="active", at=at)
        with pytest.raises(ForbiddenMove, match="A partner that is active cannot become applicant"):
            services.change_status(actor=cast.partner_manager, partner_id=cast.partner_id, status="applicant", at=at)
        assert queries.partner(cast.partner_manager, cast.partner_id).status == "active"


def test_the_database_refuses_a_move_that_is_none(cast):
    with system_scope():
        organization = Partner.objects.get(pk=cast.partner_id).organization
        organization.status = "applicant"
        with pytest.raises(IntegrityError, match="cannot go from active to applicant"), transaction.atomic():
            organization.save()


def test_the_database_refuses_an_approved_enrollment_without_a_tier(cast, at):
    with system_scope(), pytest.raises(IntegrityError, match="approved_enrollment_has_a_tier"), transaction.atomic():
        Enrollment.objects.filter(partner=cast.partner_id).update(tier=None)


def test_a_tier_of_another_program_is_refused(cast, at):
    other = make_program(code="referral", tiers=("member",))
    with scope(cast.partner_manager):
        foreign = queries.program(cast.partner_manager, other).tiers[0].id
        with pytest.raises(Invalid, match="has no such tier"):
            services.change_tier(actor=cast.partner_manager, partner_id=cast.partner_id, program_id=cast.program.pk, tier_id=foreign, at=at)


def test_an_ended_enrollment_can_be_taken_up_again(cast, at):
    with scope(cast.partner_manager) as actor:
        services.end_enrollment(actor=actor, partner_id=cast.partner_id, program_id=cast.program.pk, at=at)
        assert queries.enrollment(cast.partner_id, at) is None
        services.enroll(actor=actor, partner_id=cast.partner_id, program_id=cast.program.pk, tier_id=cast.tier.pk, at=at)
        assert queries.enrollment(cast.partner_id, at).tier_code == "gold"


@pytest.mark.parametrize("person", ["vendor_reader", "finance_manager", "partner_admin"])
def test_who_does_not_manage_partners_changes_none(cast, at, person):
    actor = getattr(cast, person)
    with scope(actor), pytest.raises((NotAllowed, NotFound)):
        services.update_partner(actor=actor, partner_id=cast.partner_id, changes={"region": "Moon"}, at=at)

    with system_scope():
        assert Partner.objects.get(pk=cast.partner_id).region == ""


def test_partners_do_not_stand_above_themselves(cast, at):
    child = make_partner(name="Child", parent_id=cast.partner_id)
    with scope(cast.partner_manager), pytest.raises(Invalid, match="cannot stand above itself"):
        services.update_partner(actor=cast.partner_manager, partner_id=cast.partner_id, changes={"parent_id": child}, at=at)


def test_a_manager_is_a_person_of_the_vendor(cast, at):
    with scope(cast.vendor_admin), pytest.raises(Invalid, match="Choose a person of the vendor"):
        services.assign_manager(actor=cast.vendor_admin, partner_id=cast.partner_id, manager_id=cast.users["partner_rep"].pk, at=at)
