"""The ideal partner profile in versions, and signals that become facts only by acceptance."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import Conflict, Invalid, NotAllowed
from openprm.kernel.scope import scope, system_scope
from openprm.recruitment import queries, services
from openprm.recruitment.models import Company, Fact, IdealProfile, Signal
from openprm.recruitment.testing import CRITERIA, FACTS, make_company, make_profile, make_signal

pytestmark = pytest.mark.django_db


def test_a_published_profile_scores_every_company(cast, at):
    company_id = make_company(facts=FACTS)
    make_profile(cast.program.pk)

    with scope(cast.vendor_reader):
        found = queries.company(cast.vendor_reader, company_id, at)
        (row,) = queries.export_companies(cast.vendor_reader, filters={})

    assert (row.points, row.could_reach, row.fit, row.missing_percent) == (90, 90, "strong", 0)
    assert [one.sentence for one in found.scores[0].score.criteria] == [
        "Employees: 120. Wanted: between 50 and 500.",
        "Industries: has Manufacturing. Wanted: any of Manufacturing, Energy.",
        "Skills: has SAP, nothing says Azure. Wanted: all of SAP, Azure.",
        "Country: Finland. Wanted: any of Finland, Sweden, Norway.",
    ]


def test_a_fact_changes_the_stored_score_at_once(cast, at):
    make_profile(cast.program.pk)
    company_id = make_company(facts={"employees": 120})

    with scope(cast.partner_manager):
        services.set_facts(actor=cast.partner_manager, company_id=company_id, facts={"skills": "SAP, Azure"}, at=at)
        (row,) = queries.export_companies(cast.partner_manager, filters={})

    assert (row.points, row.could_reach, row.missing_percent, row.fit) == (50, 100, 50, "open")


def test_an_applicant_is_scored_without_being_kept(cast, at):
    make_profile(cast.program.pk)

    with system_scope():
        found = queries.score_company(program_id=cast.program.pk, facts={"employees": "120", "shoe_size": 44}, at=at)

        assert (found.points, found.could_reach, found.profile_version, found.fit) == (30, 100, 1, "open")
        assert found.criteria[3].sentence == (
            "Country: not known yet, so it neither counts for nor against. Wanted: any of Finland, Sweden, Norway."
        )  # fmt: skip
        assert not Company.objects.exists()


def test_a_program_without_a_profile_gives_no_score(cast, at):
    with system_scope():
        assert queries.score_company(program_id=cast.program.pk, facts=FACTS, at=at) is None


def test_publishing_retires_the_version_before(cast, at):
    make_profile(cast.program.pk)
    with scope(cast.vendor_admin):
        services.save_draft(actor=cast.vendor_admin, program_id=cast.program.pk, criteria=CRITERIA[:1], at=at)
        services.publish_profile(actor=cast.vendor_admin, program_id=cast.program.pk, at=at)

        found = queries.profiles_of(cast.vendor_admin, cast.program.pk)

    assert (found.in_force.number, [one.number for one in found.history], found.draft) == (2, [1], None)


def test_the_database_keeps_a_published_profile_as_it_is(cast):
    profile_id = make_profile(cast.program.pk)

    with system_scope():
        for spoil in (lambda row: row.update(criteria=[]), lambda row: row.delete()):
            with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
                spoil(IdealProfile.objects.filter(pk=profile_id))


def test_a_profile_that_says_nothing_new_is_not_published(cast, at):
    make_profile(cast.program.pk)
    with scope(cast.vendor_admin):
        services.save_draft(actor=cast.vendor_admin, program_id=cast.program.pk, criteria=CRITERIA, at=at)

        with pytest.raises(services.NothingToPublish):
            services.publish_profile(actor=cast.vendor_admin, program_id=cast.program.pk, at=at)


def test_an_unknown_fact_names_its_line_and_keeps_nothing(cast, at):
    wrong = [*CRITERIA[:1], {"fact": "shoe_size", "operator": "is", "value": "44", "weight": 5}]

    with scope(cast.vendor_admin), pytest.raises(Invalid) as refused:
        services.save_draft(actor=cast.vendor_admin, program_id=cast.program.pk, criteria=wrong, at=at)

    assert [(one.field, one.code) for one in refused.value.problems] == [("criteria[1].fact", "unknown_fact")]
    with system_scope():
        assert not IdealProfile.objects.exists()


def test_a_partner_manager_may_not_change_the_profile(cast, at):
    with scope(cast.partner_manager), pytest.raises(NotAllowed):
        services.save_draft(actor=cast.partner_manager, program_id=cast.program.pk, criteria=CRITERIA, at=at)


def test_the_preview_counts_companies_and_partners(cast, at):
    make_company(facts=FACTS)
    make_company(name="Kestrel", domain="kestrel.example", facts={"employees": 5, "industries": ["Retail"]})
    with scope(cast.vendor_admin):
        criteria = services.read_criteria(CRITERIA)

        found = queries.preview(cast.vendor_admin, program_id=cast.program.pk, criteria=criteria, at=at)

    assert (found.companies, found.partners, found.strong, found.weak, found.open) == (2, 2, 1, 1, 2)
    assert [(row.name, row.points) for row in found.rows[:1]] == [("Brightwater Systems", 90)]


def test_a_signal_is_no_fact_before_it_is_accepted(cast, at):
    company_id = make_company()
    signal_id = make_signal(kind="skill", value="SAP")
    with system_scope():
        assert queries.known_of(company_id) == {}

    with scope(cast.partner_manager):
        services.accept_signal(actor=cast.partner_manager, signal_id=signal_id, at=at)

    with system_scope():
        row = Fact.objects.get(company=company_id, name="skills")
        assert (row.value, row.signal_id, row.source, row.confidence) == ("SAP", signal_id, "job advertisements", 80)


def test_an_accepted_word_adds_to_what_is_known(cast, at):
    company_id = make_company(facts={"skills": ["Azure"]})
    signal_id = make_signal(kind="skill", value="SAP")

    with scope(cast.partner_manager):
        services.accept_signal(actor=cast.partner_manager, signal_id=signal_id, at=at)

    with system_scope():
        assert queries.known_of(company_id) == {"skills": ("Azure", "SAP")}


def test_a_contradiction_is_shown_and_only_a_person_settles_it(cast, at):
    company_id = make_company(facts={"employees": 95})
    signal_id = make_signal(kind="headcount", value="140")
    with scope(cast.partner_manager):
        (shown,) = queries.company(cast.partner_manager, company_id, at).signals
        many = services.decide_signals(actor=cast.partner_manager, signal_ids=[signal_id], accept=True, at=at)

        assert (shown.against, shown.feeds) == ("95", "Employees")
        assert many == (0, {"doubt": 1, "decided": 0, "feeds_nothing": 0})
        assert queries.known_of(company_id) == {"employees": 95}
        services.accept_signal(actor=cast.partner_manager, signal_id=signal_id, at=at)
        assert queries.known_of(company_id) == {"employees": 140}


@pytest.mark.parametrize(("values", "flags"), [({"confidence": 40}, (False, True)), ({"observed_at": None}, (True, False))])
def test_an_old_or_weak_signal_is_flagged_and_left_by_the_many(cast, at, values, flags):
    make_company()
    if "observed_at" in values:
        values = {"observed_at": at - timedelta(days=400)}
    signal_id = make_signal(**values)

    with scope(cast.partner_manager):
        row = queries.signal_of(cast.partner_manager, signal_id, at)
        done, left = services.decide_signals(actor=cast.partner_manager, signal_ids=[signal_id], accept=True, at=at)

    assert ((row.is_stale, row.is_weak), done, left["doubt"]) == (flags, 0, 1)


def test_a_signal_is_decided_once(cast, at):
    make_company()
    signal_id = make_signal()
    with scope(cast.partner_manager):
        services.dismiss_signal(actor=cast.partner_manager, signal_id=signal_id, at=at)

        with pytest.raises(services.SignalDecided):
            services.accept_signal(actor=cast.partner_manager, signal_id=signal_id, at=at)


def test_hiring_news_cannot_become_a_fact(cast, at):
    make_company()
    signal_id = make_signal(kind="hiring", value="Three engineers in Oslo")

    with scope(cast.partner_manager), pytest.raises(Conflict, match="feeds no fact"):
        services.accept_signal(actor=cast.partner_manager, signal_id=signal_id, at=at)


def test_the_same_observation_is_kept_once(cast):
    make_company()

    assert make_signal() == make_signal()


def test_a_signal_about_an_unknown_company_discovers_it(cast, at):
    make_signal(domain="kestrel.example", company="Kestrel Networks")

    with scope(cast.partner_manager):
        (row,) = queries.export_companies(cast.partner_manager, filters={})
    assert (row.name, row.source, row.new_signals) == ("Kestrel Networks", "job advertisements", 1)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "rumour"}, "kind"),
        ({"kind": "headcount", "value": "many"}, "value"),
        ({"confidence": 101}, "confidence"),
        ({"observed_at": None}, "observed_at"),
        ({"domain": "gmail.com"}, "domain"),
        ({"domain": "", "company": "Nobody"}, "company"),
    ],
)
def test_a_signal_that_cannot_be_read_is_refused(cast, at, values, field):
    if "observed_at" in values:
        values = {"observed_at": at + timedelta(days=300)}

    with pytest.raises(Invalid) as refused:
        make_signal(at=at, **values)

    assert refused.value.problems[0].field == field
    with system_scope():
        assert not Signal.objects.exists()


def test_a_company_is_compared_with_the_best_partners(cast, at):
    company_id = make_company(facts={"type": "reseller", "motions": ["transact"], "country": "FI"})

    with system_scope():
        assert services.compare([company_id], at) == 1
        row = Company.objects.get(pk=company_id)

    assert (row.alike_partner_id, row.alike_category, row.alike_profile) == (cast.partner_id, 100, None)


def test_what_an_application_says_never_overwrites_what_is_known(cast, at):
    company_id = make_company(facts={"employees": 95})

    with system_scope():
        kept = services.remember_company(
            actor=SYSTEM, name="Brightwater", domain="brightwater.example", facts={"employees": 500, "skills": ["SAP"]}, partner_id=cast.partner_id, at=at
        )

        assert kept == company_id
        assert queries.known_of(company_id)["employees"] == 95
        assert queries.known_of(company_id)["skills"] == ("SAP",)
        assert Company.objects.get(pk=company_id).partner_id == cast.partner_id


def test_a_letter_goes_out_once_a_week(cast, at, mailoutbox):
    company_id = make_company(contact_name="Sanna", contact_email="sanna@brightwater.example")
    letter = {"kind": "invitation", "subject": "Our partner?", "body": "Hello\n\nRead this."}
    with scope(cast.partner_manager):
        letter_id = services.write_to(actor=cast.partner_manager, company_id=company_id, at=at, **letter)
        with pytest.raises(services.WroteRecently):
            services.write_to(actor=cast.partner_manager, company_id=company_id, at=at + timedelta(days=6), **letter)
    with system_scope():
        assert services.deliver(outreach_id=letter_id, at=at)
        assert not services.deliver(outreach_id=letter_id, at=at)

        assert Company.objects.get(pk=company_id).invited_at == at
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [(['"Sanna" <sanna@brightwater.example>'], "Our partner?")]
