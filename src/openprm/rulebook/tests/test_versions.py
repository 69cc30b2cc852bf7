from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from openprm.identity.models import Organization
from openprm.inbox import queries as inbox
from openprm.kernel.errors import Invalid, NotAllowed, NotFound, Stale
from openprm.kernel.money import Money
from openprm.kernel.scope import scope, system_scope
from openprm.kernel.testing import queued_jobs
from openprm.rulebook import queries, services
from openprm.rulebook.models import Decision, RuleVersion
from openprm.rulebook.services import NothingChanged, NoticeTooShort, TableHasProblems, VersionsOverlap
from openprm.rulebook.testing import make_row, make_table

from .conftest import PROGRAM

pytestmark = pytest.mark.django_db

STRICTER = make_table(make_row("R2", {"amount": "<= 30000", "conflict": '"none"'}, "approve", 90), make_row("R3"))
DEAL = {"amount": Decimal(40000), "conflict": "none"}


def publish(actor, at, table=STRICTER, *, program_id=None, effective_at=None, note=""):
    draft = services.create_draft(actor=actor, kind="sample.decision", program_id=program_id, at=at)
    services.save_draft(actor=actor, draft_id=draft, table=table, at=at)
    return services.publish(actor=actor, draft_id=draft, effective_at=effective_at, note=note, at=at)


def ask(at, inputs=DEAL, program_id=None, **kwargs):
    return services.evaluate(kind="sample.decision", program_id=program_id, inputs=inputs, at=at, **kwargs)


def test_defaults_are_in_force_since_ever_and_installed_once(rules, cast, at):
    with system_scope():
        services.ensure_defaults(at=at)

        assert RuleVersion.objects.filter(rule_set__kind="sample.decision").values_list("rule_set__kind", "number", "period").get() == (
            "sample.decision",
            1,
            DateTimeTZRange(None, None, "[)"),
        )
        assert RuleVersion.objects.filter(rule_set__kind="sample.decision").count() == 1
        assert ask(at - timedelta(days=5000)).version == 1


def test_an_announced_version_decides_from_its_date_on(rules, cast, at):
    with scope(cast.vendor_admin):
        version_id = publish(cast.vendor_admin, at, note="Smaller deals only.")
        starts = at + timedelta(days=14)

        assert [ask(when).clause for when in (at, starts - timedelta(seconds=1), starts)] == ["R2", "R2", "R3"]
        assert (ask(starts).version_id, ask(starts).version) == (version_id, 2)


def test_what_was_under_way_keeps_its_rules(rules, cast, at):
    with scope(cast.vendor_admin):
        publish(cast.vendor_admin, at)
        submitted_at, decided_at = at + timedelta(days=1), at + timedelta(days=30)

        assert ask(submitted_at).outcome["decision"] == "approve"
        assert ask(decided_at).outcome["decision"] == "review"


def test_the_notice_period_is_kept(rules, cast, at):
    with scope(cast.vendor_admin):
        draft = services.create_draft(actor=cast.vendor_admin, kind="sample.decision", at=at)
        services.save_draft(actor=cast.vendor_admin, draft_id=draft, table=STRICTER, at=at)

        with pytest.raises(NoticeTooShort, match="14 days ahead, so the earliest moment is 2026-12-07 10:00 UTC"):
            services.publish(actor=cast.vendor_admin, draft_id=draft, effective_at=at + timedelta(days=14, seconds=-1), at=at)

        assert RuleVersion.objects.get(pk=draft).state == "draft"
        assert ask(at + timedelta(days=20)).version == 1


def test_a_second_announcement_must_come_later(rules, cast, at):
    with scope(cast.vendor_admin):
        publish(cast.vendor_admin, at, effective_at=at + timedelta(days=30))

        with pytest.raises(VersionsOverlap, match="Version 2 is announced for 2026-12-23"):
            publish(cast.vendor_admin, at, make_table(make_row("R1")), effective_at=at + timedelta(days=20))


def test_a_draft_that_changes_nothing_is_not_published(rules, cast, at):
    with scope(cast.vendor_admin):
        draft = services.create_draft(actor=cast.vendor_admin, kind="sample.decision", at=at)

        with pytest.raises(NothingChanged, match="same as version 1"):
            services.publish(actor=cast.vendor_admin, draft_id=draft, at=at)


def test_publication_is_announced_in_the_same_transaction(rules, cast, at, monkeypatch):
    heard = []
    monkeypatch.setattr("openprm.rulebook.services.publication.announce", heard.append)
    with scope(cast.vendor_admin):
        version_id = publish(cast.vendor_admin, at)

    assert [(event.version_id, event.number, event.effective_at, event.for_partners) for event in heard] == [(version_id, 2, at + timedelta(days=14), True)]
    assert queued_jobs() is not None


def test_partners_are_told_once_and_the_vendor_is_not(rules, cast, at, run_jobs):
    with scope(cast.vendor_admin):
        publish(cast.vendor_admin, at, note="Smaller deals only.")

    assert "rulebook.on_published" in run_jobs()
    with scope(cast.partner_rep):
        told = list(inbox.notification_rows(cast.partner_rep))
    with scope(cast.vendor_reader):
        assert not [one for one in inbox.notification_rows(cast.vendor_reader) if one.kind == "rulebook.announced"]
    assert [(one.title, one.body) for one in told if one.kind == "rulebook.announced"] == [
        ("Decision on a registration change on 7 December 2026", "Smaller deals only.")
    ]


def test_a_withdrawn_version_leaves_the_one_before_in_force(rules, cast, at):
    with scope(cast.vendor_admin):
        second = publish(cast.vendor_admin, at, effective_at=at + timedelta(days=20))
        third = publish(cast.vendor_admin, at, make_table(make_row("R1")), effective_at=at + timedelta(days=40))

        services.withdraw(actor=cast.vendor_admin, version_id=second, at=at)

        assert [ask(at + timedelta(days=days)).version for days in (0, 25, 45)] == [1, 1, 3]
        assert RuleVersion.objects.get(pk=third).state == "published"


def test_a_version_in_force_is_not_withdrawn(rules, cast, at):
    with scope(cast.vendor_admin):
        version_id = publish(cast.vendor_admin, at)

        with pytest.raises(NotAllowed, match="Version 2 is already in force"):
            services.withdraw(actor=cast.vendor_admin, version_id=version_id, at=at + timedelta(days=14))

        assert RuleVersion.objects.get(pk=version_id).state == "published"


def test_a_program_may_have_rules_of_its_own(rules, cast, at):
    with scope(cast.vendor_admin):
        publish(cast.vendor_admin, at, program_id=PROGRAM)
        later = at + timedelta(days=15)

        assert ask(later, program_id=PROGRAM).outcome["decision"] == "review"
        assert ask(later).outcome["decision"] == "approve"
        assert ask(at, program_id=PROGRAM).outcome["decision"] == "approve"
        with pytest.raises(NotFound, match="no such program"):
            services.create_draft(actor=cast.vendor_admin, kind="sample.decision", program_id=cast.partner.pk, at=at)


def test_a_table_with_problems_is_not_saved(rules, cast, at):
    with scope(cast.vendor_admin):
        draft = services.create_draft(actor=cast.vendor_admin, kind="sample.decision", at=at)
        before = RuleVersion.objects.get(pk=draft).content

        with pytest.raises(TableHasProblems) as refusal:
            services.save_draft(actor=cast.vendor_admin, draft_id=draft, table=make_table(make_row("R1", {"conflict": "none"}), make_row("R2")), at=at)

        assert [(problem.field, problem.message) for problem in refusal.value.problems] == [
            ("rows[0].conflict", 'none without quotation marks would be the name of a fact, and there is none. Write "none".')
        ]
        assert RuleVersion.objects.get(pk=draft).content == before


def test_two_people_do_not_overwrite_each_other(rules, cast, at):
    with scope(cast.vendor_admin):
        draft = services.create_draft(actor=cast.vendor_admin, kind="sample.decision", at=at)
        assert services.save_draft(actor=cast.vendor_admin, draft_id=draft, table=STRICTER, revision=1, at=at) == 2

        with pytest.raises(Stale):
            services.save_draft(actor=cast.partner_manager, draft_id=draft, table=make_table(), revision=1, at=at)


def test_one_draft_at_a_time(rules, cast, at):
    with scope(cast.vendor_admin):
        first = services.create_draft(actor=cast.vendor_admin, kind="sample.decision", at=at)

        with pytest.raises(services.DraftExists):
            services.create_draft(actor=cast.partner_manager, kind="sample.decision", at=at)
        services.discard_draft(actor=cast.partner_manager, draft_id=first, at=at)

        assert services.create_draft(actor=cast.partner_manager, kind="sample.decision", at=at) != first


@pytest.mark.parametrize("who", ["vendor_reader", "finance_manager", "partner_rep"])
def test_only_editors_edit(rules, cast, at, who):
    actor = cast._actor(who)
    with scope(actor), pytest.raises(NotAllowed):
        services.create_draft(actor=actor, kind="sample.decision", at=at)


def test_a_partner_manager_drafts_but_does_not_publish(rules, cast, at):
    with scope(cast.partner_manager), pytest.raises(NotAllowed, match="Ask an administrator"):
        publish(cast.partner_manager, at)


def test_a_partner_sees_no_draft_and_no_inside_rules(rules, cast, at):
    with scope(cast.vendor_admin):
        draft = services.create_draft(actor=cast.vendor_admin, kind="sample.decision", at=at)
        inside = RuleVersion.objects.get(rule_set__kind="sample.inside").pk

    with scope(cast.partner_rep):
        for version_id in (draft, inside):
            with pytest.raises(NotFound):
                queries.version(actor=cast.partner_rep, version_id=version_id, at=at)
        with pytest.raises(NotFound):
            queries.rules_in_words(actor=cast.partner_rep, kind="sample.inside", at=at)
        with pytest.raises(NotFound):
            queries.draft(actor=cast.partner_rep, draft_id=draft, at=at)
        assert [line.kind for line in queries.list_rules(actor=cast.partner_rep, at=at)] == ["sample.decision"]
        assert set(RuleVersion.objects.filter(rule_set__kind__startswith="sample.").values_list("rule_set__kind", flat=True)) == {"sample.decision"}
        assert services.evaluate(kind="sample.inside", program_id=None, inputs=DEAL, at=at).clause == "R2"


def test_a_recorded_decision_is_read_by_its_partner_alone(rules, cast, at):
    with scope(cast.partner_rep):
        verdict = ask(at, record_for=(_subject(cast), cast.partner.pk))
        mine = queries.decisions_for(actor=cast.partner_rep, subject_id=cast.partner.pk)
    with scope(cast.other_partner_rep):
        theirs = queries.decisions_for(actor=cast.other_partner_rep, subject_id=cast.partner.pk)
        assert Decision.objects.count() == 0
    with scope(cast.vendor_reader):
        seen = queries.decision(actor=cast.vendor_reader, decision_id=verdict.decision_id)

    assert [(found.id, found.clause, found.version, found.outcome) for found in mine] == [(verdict.decision_id, "R2", 1, {"decision": "approve", "days": 90})]
    assert mine[0].facts == (("Amount", "€40,000"), ("Conflict", "No conflict"))
    assert mine[0].would_change == verdict.would_change
    assert theirs == []
    assert seen == mine[0]


def test_a_decision_by_inside_rules_stays_inside(rules, cast, at):
    with scope(cast.partner_rep):
        services.evaluate(kind="sample.inside", program_id=None, inputs=DEAL, at=at, record_for=(_subject(cast), cast.partner.pk))

        assert queries.decisions_for(actor=cast.partner_rep, subject_id=cast.partner.pk) == []


def test_money_of_another_currency_is_not_compared(rules, cast, at):
    with scope(cast.partner_rep):
        assert ask(at, {"amount": Money(40000_00, "EUR"), "conflict": "none"}).inputs["amount"] == "40000"
        with pytest.raises(Invalid, match="asked in EUR, not in USD"):
            ask(at, {"amount": Money(40000_00, "USD"), "conflict": "none"})


def test_an_unknown_fact_is_named(rules, cast, at):
    with scope(cast.partner_rep), pytest.raises(Invalid) as refusal:
        ask(at, {"amountt": 5})

    assert [problem.field for problem in refusal.value.problems] == ["inputs.amountt"]


def test_a_what_if_replays_what_was_decided(rules, cast, at):
    with scope(cast.vendor_admin):
        for amount in (10, 40000, 45000, 90000):
            ask(at, {"amount": amount, "conflict": "none"}, record_for=(_subject(cast), cast.partner.pk))
        draft = services.create_draft(actor=cast.vendor_admin, kind="sample.decision", at=at)
        services.save_draft(actor=cast.vendor_admin, draft_id=draft, table=STRICTER, at=at)

        found = services.what_if(actor=cast.vendor_admin, draft_id=draft, at=at)

    assert (found.total, found.changed) == (4, 2)
    assert found.moves == (("the registration is approved at once and protection lasts 90 days", "a partner manager decides", 2),)


def test_the_words_page_shows_force_future_and_past(rules, cast, at):
    with scope(cast.vendor_admin):
        publish(cast.vendor_admin, at, note="Smaller deals only.")
    with scope(cast.partner_rep):
        found = queries.rules_in_words(actor=cast.partner_rep, kind="sample.decision", at=at)
        later = queries.rules_in_words(actor=cast.partner_rep, kind="sample.decision", at=at + timedelta(days=20))

    assert (found.version.number, found.program_name) == (1, "All programs")
    assert found.clauses[1].text.startswith("If the amount is up to €50,000 and no conflict is found, the registration is approved")
    assert [(change.change, change.clause) for change in found.upcoming[0].changes] == [("changed", "R2"), ("changed", "R3"), ("removed", "R1")]
    assert found.upcoming[0].version.note == "Smaller deals only."
    assert [(line.number, line.is_in_force) for line in found.history] == [(2, False), (1, True)]
    assert (later.version.number, later.upcoming) == (2, ())


@pytest.mark.parametrize(
    "change",
    [
        "update rulebook_ruleversion set content = '{}' where id = %s",
        "update rulebook_ruleversion set sha256 = 'x' where id = %s",
        "update rulebook_ruleversion set number = 9 where id = %s",
        "update rulebook_ruleversion set note = 'x' where id = %s",
        "update rulebook_ruleversion set state = 'draft', number = null, period = null, published_at = null where id = %s",
        "update rulebook_ruleversion set period = tstzrange('2026-11-30', null) where id = %s",
        "update rulebook_ruleversion set period = 'empty' where id = %s",
        "delete from rulebook_ruleversion where id = %s",
    ],
)
def test_the_database_keeps_a_published_version(rules, cast, at, change):
    with scope(cast.vendor_admin):
        version_id = publish(cast.vendor_admin, at)
        before = RuleVersion.objects.get(pk=version_id).snapshot()

        assert _refusal(change, [version_id]) == "OP001"
        assert RuleVersion.objects.get(pk=version_id).snapshot() == before


def test_the_database_keeps_the_end_of_a_version_that_was_followed(rules, cast, at):
    with scope(cast.vendor_admin):
        publish(cast.vendor_admin, at)

        assert (
            _refusal(
                "update rulebook_ruleversion set period = tstzrange(null, '2026-11-30') where rule_set_id in "
                "(select id from rulebook_ruleset where kind = 'sample.decision') and number = %s",
                [1],
            )
            == "OP001"
        )


def test_the_database_refuses_two_versions_at_one_time(rules, cast, at):
    with scope(cast.vendor_admin):
        version = RuleVersion.objects.get(rule_set__kind="sample.decision")
        assert (
            _refusal(
                "insert into rulebook_ruleversion select (jsonb_populate_record(v, jsonb_build_object('id', %s::uuid, 'number', 2))).* "
                "from rulebook_ruleversion v where id = %s",
                [cast.partner.pk, version.pk],
            )
            == "23P01"
        )


def test_the_database_does_not_take_back_what_has_decided(rules, cast, at):
    with scope(cast.vendor_admin):
        version_id = publish(cast.vendor_admin, at)
        ask(at + timedelta(days=20), record_for=(_subject(cast), cast.partner.pk))

        assert _refusal("update rulebook_ruleversion set state = 'withdrawn' where id = %s", [version_id]) == "OP001"


@pytest.mark.parametrize("change", ["update rulebook_decision set clause = 'R9' where id = %s", "delete from rulebook_decision where id = %s"])
def test_the_database_keeps_decisions(rules, cast, at, change):
    with scope(cast.vendor_admin):
        decision_id = ask(at, record_for=(_subject(cast), cast.partner.pk)).decision_id

        assert _refusal(change, [decision_id]) == "OP001"
        assert Decision.objects.get(pk=decision_id).clause == "R2"


def test_a_partner_writes_no_decision_even_in_sql(rules, cast, at):
    with scope(cast.vendor_admin):
        decision_id = ask(at, record_for=(_subject(cast), cast.partner.pk)).decision_id
    with scope(cast.partner_rep):
        assert (
            _refusal(
                "insert into rulebook_decision select (jsonb_populate_record(d, jsonb_build_object('id', %s::uuid))).* from rulebook_decision d where id = %s",
                [cast.partner.pk, decision_id],
            )
            == "42501"
        )


def test_the_stored_content_matches_its_fingerprint(rules, cast, at):
    from openprm.rulebook.rules.jdm import fingerprint

    with scope(cast.vendor_admin):
        version = RuleVersion.objects.get(pk=publish(cast.vendor_admin, at))

    assert fingerprint(version.content) == version.sha256


def _subject(cast):
    return Organization.unscoped(reason="a subject to decide about").get(pk=cast.partner.pk)


def _refusal(statement, values) -> str | None:
    """The SQLSTATE with which the database refuses, or None; the surrounding scope goes on."""
    from django.db import connection

    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError as error:
        return error.__cause__.sqlstate
    return None
