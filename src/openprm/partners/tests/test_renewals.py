from datetime import UTC, datetime, timedelta

import pytest

from openprm.inbox.models import Notification
from openprm.kernel.clock import now
from openprm.kernel.errors import Invalid, NotAllowed, NotFound, Stale
from openprm.kernel.scope import scope, system_scope
from openprm.kernel.testing import queued_jobs
from openprm.partners import jobs, queries, rules, services
from openprm.partners.models import Enrollment, Program

DAY = timedelta(days=1)


@pytest.fixture
def ending(cast, at):
    """Kallio's membership ends in 40 days; Sintra's has no end."""
    with system_scope():
        Program.objects.filter(pk=cast.program.pk).update(term_months=12)
        Enrollment.objects.filter(partner=cast.partner_id).update(until=at + 40 * DAY)
    return at + 40 * DAY


def stored(cast, partner_id=None):
    with system_scope():
        return Enrollment.objects.get(partner=partner_id or cast.partner_id)


def renew(actor, cast, at, **values):
    with scope(actor) as who:
        return services.renew_enrollment(actor=who, partner_id=cast.partner_id, program_id=cast.program.pk, at=at, **values)


def close(cast, source, at):
    with system_scope():
        services.close_gate(
            actor=cast.vendor_admin, partner_id=cast.partner_id, actions=("deals",), source=source, key="one",
            reason="The charter changed.", cure="Sign it.", at=at,
        )  # fmt: skip


def silver(cast):
    with system_scope():
        low = cast.program.tiers.get(code="silver")
        Enrollment.objects.filter(partner=cast.partner_id).update(tier=low)


@pytest.mark.parametrize(
    ("moment", "months", "after"),
    [
        (datetime(2026, 1, 31, 9, tzinfo=UTC), 1, datetime(2026, 2, 28, 9, tzinfo=UTC)),
        (datetime(2024, 2, 29, 9, tzinfo=UTC), 12, datetime(2025, 2, 28, 9, tzinfo=UTC)),
        (datetime(2026, 12, 15, 9, tzinfo=UTC), 1, datetime(2027, 1, 15, 9, tzinfo=UTC)),
        (datetime(2026, 3, 1, 9, tzinfo=UTC), 24, datetime(2028, 3, 1, 9, tzinfo=UTC)),
    ],
)
def test_months_are_counted_on_the_calendar(moment, months, after):
    assert rules.after_months(moment, months) == after


@pytest.mark.parametrize(
    ("days_left", "reminded", "due"),
    [(61, None, None), (60, None, 60), (45, 60, None), (30, 60, 30), (29, 30, None), (7, 30, 7), (3, None, 7), (0, 7, None), (-1, None, None)],
)
def test_a_reminder_is_due_once_at_60_30_and_7_days(at, days_left, reminded, due):
    assert rules.reminder_due(until=at + days_left * DAY, at=at, reminded_days=reminded) == due


@pytest.mark.django_db
def test_a_membership_of_a_program_with_a_term_has_an_end(cast, at):
    with system_scope():
        Program.objects.filter(pk=cast.program.pk).update(term_months=12)
        services.end_enrollment(actor=cast.vendor_admin, partner_id=cast.partner_id, program_id=cast.program.pk, at=at)
        services.enroll(actor=cast.vendor_admin, partner_id=cast.partner_id, program_id=cast.program.pk, at=at)

    assert stored(cast).until == rules.after_months(at, 12)


@pytest.mark.django_db
def test_the_partners_administrator_renews_in_the_last_60_days(cast, ending, at, run_jobs):
    until = renew(cast.partner_admin, cast, at)

    assert until == rules.after_months(ending, 12)
    assert (stored(cast).status, stored(cast).until, stored(cast).renewals) == ("approved", until, 1)
    with system_scope():
        run_jobs()
        told = set(Notification.objects.filter(kind="partners.membership_renewed").values_list("user_id", flat=True))
    assert told == {cast.partner_admin.user_id, cast.partner_manager.user_id}


@pytest.mark.django_db
def test_a_partner_cannot_renew_before_that_and_the_vendor_can(cast, ending, at):
    early = at - 30 * DAY
    with pytest.raises(services.CannotRenew, match="from 3 Nov 2026 on"):
        renew(cast.partner_admin, cast, early)
    assert stored(cast).until == ending

    assert renew(cast.partner_manager, cast, early, months=6) == rules.after_months(ending, 6)


@pytest.mark.django_db
def test_a_partner_does_not_choose_the_term(cast, ending, at):
    with pytest.raises(Invalid):
        renew(cast.partner_admin, cast, at, months=60)
    assert stored(cast).until == ending


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["partner_rep", "vendor_reader"])
def test_a_role_without_the_right_renews_nothing(cast, ending, at, name):
    with pytest.raises(NotAllowed):
        renew(getattr(cast, name), cast, at)
    assert stored(cast).until == ending


@pytest.mark.django_db
def test_another_partner_does_not_even_learn_of_it(cast, ending, at):
    with pytest.raises(NotFound):
        renew(cast.other_partner_admin, cast, at)


@pytest.mark.django_db
@pytest.mark.parametrize("source", ["agreements", "compliance"])
def test_nothing_is_renewed_over_what_agreements_or_compliance_have_closed(cast, ending, at, source):
    close(cast, source, at)

    for actor in (cast.partner_admin, cast.vendor_admin):
        with pytest.raises(services.CannotRenew, match=r"The charter changed\. Sign it\."):
            renew(actor, cast, at)
    assert stored(cast).until == ending


@pytest.mark.django_db
def test_a_gate_of_another_kind_does_not_hold_a_renewal_back(cast, ending, at):
    close(cast, "money", at)

    assert renew(cast.partner_admin, cast, at) == rules.after_months(ending, 12)


@pytest.mark.django_db
def test_a_renewal_of_a_version_somebody_changed_is_refused(cast, ending, at):
    with pytest.raises(Stale):
        renew(cast.partner_manager, cast, at, version=99)
    assert stored(cast).until == ending


@pytest.mark.django_db
def test_a_late_renewal_begins_anew(cast, ending, at):
    with system_scope():
        assert services.expire_due(at=ending + 5 * DAY) == 1
    assert stored(cast).status == "expired"

    until = renew(cast.partner_admin, cast, ending + 10 * DAY)

    assert (stored(cast).status, until) == ("approved", rules.after_months(ending + 10 * DAY, 12))


@pytest.mark.django_db
def test_both_sides_are_reminded_once_each_time(cast, ending, at, run_jobs):
    with system_scope():
        counts = [services.remind_of_renewals(at=ending - days * DAY) for days in (61, 60, 50, 30, 30, 7, 1)]
        run_jobs()
        told = sorted(Notification.objects.filter(kind="partners.membership_ends", user=cast.partner_admin.user_id).values_list("title", flat=True))
    assert counts == [0, 1, 0, 1, 0, 1, 0]
    assert told == [f"Halden Resell: the membership ends in {days} days" for days in (30, 60, 7)]


@pytest.mark.django_db
def test_the_published_rule_renews_a_higher_tier_by_itself(cast, ending, at):
    with system_scope():
        assert services.renew_by_rule(at=ending - 2 * DAY) == 0
        assert services.renew_by_rule(at=ending - timedelta(hours=20)) == 1
        assert services.renew_by_rule(at=ending - timedelta(hours=20)) == 0

    assert stored(cast).until == rules.after_months(ending, 12)


@pytest.mark.django_db
def test_what_the_rule_leaves_to_a_person_runs_out(cast, ending, at, run_jobs):
    silver(cast)

    with system_scope():
        jobs.watch_memberships(at=ending - timedelta(hours=20))
        assert stored(cast).status == "approved"
        jobs.watch_memberships(at=ending)
        assert "partners.tell_expired" in {name for name, _payload in queued_jobs()}

    assert (stored(cast).status, stored(cast).until) == ("expired", ending)
    with system_scope():
        assert queries.enrollment(cast.partner_id, ending) is None
    assert stored(cast, cast.other_partner_id).status == "approved"


@pytest.mark.django_db
def test_the_end_holds_at_the_moment_itself_and_not_when_the_job_comes(cast, ending, at):
    with system_scope():
        assert queries.enrollment(cast.partner_id, ending - timedelta(seconds=1)) is not None
        assert queries.enrollment(cast.partner_id, ending) is None


@pytest.mark.django_db
def test_the_end_is_moved_with_a_reason(cast, ending, at):
    for reason, until in (("", at + 90 * DAY), ("Talks go on.", at - DAY)):
        with scope(cast.partner_manager) as who, pytest.raises(Invalid):
            services.set_enrollment_end(actor=who, partner_id=cast.partner_id, program_id=cast.program.pk, until=until, reason=reason, at=at)
    assert stored(cast).until == ending

    with scope(cast.partner_manager) as who:
        services.set_enrollment_end(actor=who, partner_id=cast.partner_id, program_id=cast.program.pk, until=at + 90 * DAY, reason="Talks go on.", at=at)

    assert stored(cast).until == at + 90 * DAY


@pytest.mark.django_db
def test_the_partner_reads_since_until_and_the_rule(cast, ending, at):
    with scope(cast.partner_admin) as who:
        (mine,) = queries.membership(who, cast.partner_id, at)

    assert (mine.until, mine.days_left, mine.may_renew, mine.decision) == (ending, 40, True, "renew")
    assert mine.renews_until == rules.after_months(ending, 12)


@pytest.mark.django_db
def test_the_vendors_list_shows_what_comes_up(cast, ending, at):
    with scope(cast.vendor_admin) as who:
        rows = list(queries.export_renewals(who, at, filters={"due": ("60",)}))
        none = list(queries.export_renewals(who, at, filters={"due": ("30",)}))
        assert queries.due_renewals(who, at) == 1
    assert [(row.partner, row.state, row.days_left) for row in rows] == [("Kallio Digital", "due", 40)]
    assert none == []


@pytest.mark.django_db
def test_the_pages_renew(cast, at):
    until = now() + 40 * DAY
    with system_scope():
        Enrollment.objects.filter(partner=cast.partner_id).update(until=until)

    assert "Kallio Digital" in cast.client("vendor_admin").get("/app/renewals/").content.decode()
    assert cast.client("vendor_reader").get("/app/renewals/?export=csv").content.decode().count("Kallio Digital") == 1
    answer = cast.client("partner_admin").post("/portal/membership/renew/", {"program_id": str(cast.program.pk)})
    assert answer.status_code == 303
    assert stored(cast).until == rules.after_months(until, 12)
    url = f"/app/partners/{cast.partner_id}/programs/{cast.program.pk}/renewal/"
    assert cast.client("vendor_admin").post(url, {"months": "99"}).status_code == 422
    assert cast.client("vendor_admin").post(url, {"months": "6"}).status_code == 303
    assert stored(cast).renewals == 2


@pytest.mark.django_db
def test_what_no_rule_renews_waits_for_the_partners_administrator(cast, at):
    silver(cast)
    with system_scope():
        Enrollment.objects.filter(partner=cast.partner_id).update(until=now() + 20 * DAY)

    assert "Renew your membership: Halden Resell" in cast.client("partner_admin").get("/portal/").content.decode()
    assert "Renew your membership" not in cast.client("partner_rep").get("/portal/").content.decode()
    assert "Renew your membership" not in cast.client("vendor_admin").get("/app/decisions/").content.decode()


@pytest.mark.django_db
def test_neither_a_rule_nor_a_person_renews_a_partner_that_is_suspended(cast, ending, at):
    with system_scope():
        services.change_status(actor=cast.vendor_admin, partner_id=cast.partner_id, status="suspended", at=at)
        assert services.renew_by_rule(at=ending - timedelta(hours=20)) == 0

    with pytest.raises(services.CannotRenew, match="not active"):
        renew(cast.vendor_admin, cast, at)
    assert stored(cast).until == ending
