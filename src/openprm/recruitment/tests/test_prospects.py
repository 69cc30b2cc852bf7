"""Prospects: added once, moved legally, converted with their history."""

from datetime import date, timedelta

import pytest

from openprm.audit import queries as audit
from openprm.identity.models import Invitation
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from openprm.kernel.scope import scope, system_scope
from openprm.partners import queries as partners
from openprm.partners import services as partner_services
from openprm.recruitment import queries, services
from openprm.recruitment.models import Company, Prospect
from openprm.recruitment.testing import FACTS, make_company, make_profile, make_prospect

pytestmark = pytest.mark.django_db


def _add(actor, at, **values):
    with scope(actor):
        return services.add_prospect(actor=actor, at=at, **{"name": "Northgate IT", "domain": "northgate.example", **values})


def _stored(prospect_id):
    with system_scope():
        return Prospect.objects.select_related("company").get(pk=prospect_id)


def test_a_prospect_belongs_to_whoever_added_it(cast, at):
    prospect_id = _add(cast.partner_manager, at, country="SE", contact_name="Sanna", contact_email="sanna@northgate.example")

    row = _stored(prospect_id)
    assert (row.stage, row.owner_id, row.company.domain) == ("identified", cast.partner_manager.user_id, "northgate.example")
    with system_scope():
        assert queries.known_of(row.company_id) == {"country": "SE"}


@pytest.mark.parametrize("written", ["https://www.northgate.example/about", "northgate.example", "info@northgate.example"])
def test_the_same_domain_twice_is_refused_with_the_place_it_is_known_from(cast, at, written):
    first = _stored(_add(cast.partner_manager, at))

    with pytest.raises(services.CompanyIsKnown, match="Northgate IT is on the books already") as refused:
        _add(cast.partner_manager, at, name="North Gate", domain=written)

    assert refused.value.company_id == first.company_id
    with system_scope():
        assert Company.objects.count() == 1


def test_a_company_that_is_a_partner_is_refused_with_its_page(cast, at):
    with pytest.raises(services.CompanyIsKnown, match="Kallio Digital is a partner already") as refused:
        _add(cast.partner_manager, at, domain="kallio.example")

    assert refused.value.partner_id == cast.partner_id
    with system_scope():
        assert not Company.objects.exists()


def test_a_banned_partner_is_not_recruited_again(cast, at):
    with scope(cast.vendor_admin):
        partner_services.change_status(actor=cast.vendor_admin, partner_id=cast.partner_id, status="banned", reason="Forged certificates", at=at)

    with pytest.raises(services.CompanyIsKnown, match="was banned"):
        _add(cast.partner_manager, at, domain="shop.kallio.example")

    with system_scope():
        assert not Company.objects.exists()


@pytest.mark.parametrize("domain", ["gmail.com", "https://gmail.com/x", "not a domain", "127.0.0.1"])
def test_a_domain_that_names_no_company_is_refused(cast, at, domain):
    with pytest.raises(Invalid) as refused:
        _add(cast.partner_manager, at, domain=domain)

    assert refused.value.problems[0].field == "domain"
    with system_scope():
        assert not Company.objects.exists()


def test_a_name_of_three_pages_is_refused(cast, at):
    with pytest.raises(Invalid, match="too long"):
        _add(cast.partner_manager, at, name="x" * 9000)


@pytest.mark.parametrize("name", ["vendor_reader", "finance_manager"])
def test_others_of_the_vendor_do_not_recruit(cast, at, name):
    with pytest.raises(NotAllowed):
        _add(getattr(cast, name), at)


def test_a_partner_finds_no_prospect(cast, at):
    prospect_id = make_prospect()

    with scope(cast.partner_rep), pytest.raises(NotFound):
        services.move_stage(actor=cast.partner_rep, prospect_id=prospect_id, stage="contacted", at=at)


def test_a_prospect_moves_between_open_stages(cast, at):
    prospect_id = make_prospect()

    with scope(cast.partner_manager):
        services.move_stage(actor=cast.partner_manager, prospect_id=prospect_id, stage="qualified", at=at, version=1)

    row = _stored(prospect_id)
    assert (row.stage, row.stage_since, row.version) == ("qualified", at, 2)


def test_an_old_version_moves_nothing(cast, at):
    prospect_id = make_prospect()

    with scope(cast.partner_manager), pytest.raises(Stale):
        services.move_stage(actor=cast.partner_manager, prospect_id=prospect_id, stage="qualified", at=at, version=7)

    assert _stored(prospect_id).stage == "identified"


@pytest.mark.parametrize(("stage", "refusal"), [("converted", services.ForbiddenStage), ("lost", Invalid), ("space", Invalid)])
def test_a_forbidden_move_changes_nothing(cast, at, stage, refusal):
    prospect_id = make_prospect()

    with scope(cast.partner_manager), pytest.raises(refusal):
        services.move_stage(actor=cast.partner_manager, prospect_id=prospect_id, stage=stage, at=at)

    assert _stored(prospect_id).stage == "identified"


def test_one_that_was_given_up_begins_anew(cast, at):
    prospect_id = make_prospect()
    with scope(cast.partner_manager):
        services.move_stage(actor=cast.partner_manager, prospect_id=prospect_id, stage="lost", reason="Bought by a competitor", at=at)
        with pytest.raises(services.ForbiddenStage):
            services.move_stage(actor=cast.partner_manager, prospect_id=prospect_id, stage="engaged", at=at)
        services.take_up(actor=cast.partner_manager, company_id=_stored(prospect_id).company_id, at=at)

    row = _stored(prospect_id)
    assert (row.stage, row.lost_reason) == ("identified", "")


def test_a_date_needs_a_step(cast, at):
    with pytest.raises(Invalid, match="Say what the next step is"):
        _add(cast.partner_manager, at, next_step_date=date(2026, 12, 1))


def test_somebody_who_does_not_recruit_cannot_own_a_prospect(cast, at):
    with pytest.raises(Invalid) as refused:
        _add(cast.partner_manager, at, owner_id=cast.partner_rep.user_id)

    assert refused.value.problems[0].field == "owner_id"


def test_converting_makes_a_partner_with_its_contact_invited_and_its_history_kept(cast, at):
    prospect_id = _add(
        cast.partner_manager, at - timedelta(days=9), country="SE", program_id=cast.program.pk, contact_name="Sanna", contact_email="sanna@northgate.example"
    )

    with scope(cast.partner_manager):
        partner_id = services.convert(actor=cast.partner_manager, prospect_id=prospect_id, type="si", motion="solution", at=at)

        partner = partners.partner(cast.partner_manager, partner_id)
        invited = Invitation.objects.get(organization=partner_id)
        told = [entry.verb for entry in audit.timeline(cast.partner_manager, partner_id)]
        before = [entry.verb for entry in audit.timeline(cast.partner_manager, _stored(prospect_id).company_id)]
    assert (partner.name, partner.domain, partner.country, partner.type, partner.manager_id) == (
        "Northgate IT", "northgate.example", "SE", "si", cast.partner_manager.user_id,
    )  # fmt: skip
    assert [one.program_id for one in partner.enrollments] == [cast.program.pk]
    assert (invited.email, invited.role) == ("sanna@northgate.example", "partner_admin")
    assert "prospect.converted" in told
    assert before[0] == "prospect.converted"
    assert {"prospect.added", "company.added"} <= set(before)
    assert (_stored(prospect_id).stage, _stored(prospect_id).company.partner_id) == ("converted", partner_id)


def test_converting_without_a_contact_is_refused_and_makes_nothing(cast, at):
    prospect_id = make_prospect()

    with scope(cast.partner_manager), pytest.raises(Invalid, match="Nobody can be invited"):
        services.convert(actor=cast.partner_manager, prospect_id=prospect_id, at=at)

    assert _stored(prospect_id).stage == "identified"
    with scope(cast.vendor_admin):
        assert len(partners.partner_choices(cast.vendor_admin)) == 2


def test_a_converted_prospect_is_not_converted_again(cast, at):
    prospect_id = make_prospect()
    with scope(cast.vendor_admin):
        services.convert(actor=cast.vendor_admin, prospect_id=prospect_id, invite=False, at=at)

        with pytest.raises(Conflict, match="is a partner by now"):
            services.convert(actor=cast.vendor_admin, prospect_id=prospect_id, invite=False, at=at)


def test_another_way_of_becoming_a_partner_is_tied_to_the_prospect_once(cast, at):
    prospect_id = make_prospect()

    with scope(cast.vendor_admin):
        for _again in range(2):
            services.convert_to(actor=cast.vendor_admin, prospect_id=prospect_id, partner_id=cast.partner_id, at=at)

    row = _stored(prospect_id)
    assert (row.stage, row.company.partner_id, row.version) == ("converted", cast.partner_id, 2)


def test_what_another_way_learned_of_the_partner_comes_along(cast, at):
    prospect_id = _add(cast.vendor_admin, at, facts={"employees": 95})
    with scope(cast.vendor_admin):
        services.remember_company(
            actor=cast.vendor_admin, name="Kallio Digital", domain="", facts={"employees": 500, "skills": ["SAP"]}, partner_id=cast.partner_id, at=at
        )  # fmt: skip

        services.convert_to(actor=cast.vendor_admin, prospect_id=prospect_id, partner_id=cast.partner_id, at=at)

        (company,) = Company.objects.all()
        assert (company.partner_id, queries.known_of(company.pk)["employees"], queries.known_of(company.pk)["skills"]) == (cast.partner_id, 95, ("SAP",))


def test_a_prospect_is_found_by_domain_and_by_contact(cast, at):
    prospect_id = _add(cast.partner_manager, at, contact_email="sanna@agency.example")

    with system_scope():
        assert queries.find_prospect(domain="www.northgate.example").prospect_id == prospect_id
        assert queries.find_prospect(email="SANNA@agency.example").prospect_id == prospect_id
        assert queries.find_prospect(domain="other.example", email="x@gmail.com") is None


def test_the_board_shows_the_best_fit_first(cast, at):
    make_profile(cast.program.pk)
    make_prospect(program_id=cast.program.pk, facts={"employees": 5})
    make_prospect(name="Ferrum", domain="ferrum.example", program_id=cast.program.pk, facts=FACTS)

    with scope(cast.partner_manager):
        found = queries.board(cast.partner_manager, at=at)

    assert [(card.name, card.points) for card in found.lanes[0].cards] == [("Ferrum", 90), ("Northgate IT", 0)]
    assert (found.count, found.lanes[0].cards[1].could_reach) == (2, 70)


def test_the_discovered_list_leaves_out_prospects_partners_and_the_ignored(cast, at):
    make_prospect()
    seen, ignored = make_company(), make_company(name="Kestrel", domain="kestrel.example")

    with scope(cast.partner_manager):
        assert services.mark(actor=cast.partner_manager, company_ids=[ignored], mark="ignored", at=at) == 1
        rows = list(queries.export_companies(cast.partner_manager, filters={}))

        assert [row.id for row in rows] == [seen]
        assert [row.id for row in queries.export_companies(cast.partner_manager, filters={"mark": ("ignored",)})] == [ignored]


def test_starring_takes_a_company_off_the_ignored_list(cast, at):
    company_id = make_company()
    with scope(cast.partner_manager):
        services.mark(actor=cast.partner_manager, company_ids=[company_id], mark="ignored", at=at)

        services.mark(actor=cast.partner_manager, company_ids=[company_id], mark="starred", at=at)

        assert queries.company(cast.partner_manager, company_id, at).mark == "starred"


def test_a_script_in_a_note_is_shown_as_text(cast, at):
    company_id = make_company()
    with scope(cast.partner_manager):
        services.add_note(actor=cast.partner_manager, company_id=company_id, body="<script>alert(1)</script>", at=at)

    body = cast.client("partner_manager").get(f"/app/recruitment/companies/{company_id}/").content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body
    assert "<script>alert(1)" not in body
