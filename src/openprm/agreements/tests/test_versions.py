from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from openprm.agreements import jobs, queries, services
from openprm.agreements.models import Acceptance, Document, Version
from openprm.agreements.testing import SOME_DAY, TEXT, acceptance_of, make_document, make_version, sign, stored_version
from openprm.inbox.models import Notification
from openprm.kernel.actor import PUBLIC
from openprm.kernel.clock import stopped
from openprm.kernel.errors import Invalid, NotAllowed, NotFound, Stale
from openprm.kernel.scope import scope, system_scope
from openprm.partners import queries as partners
from openprm.partners import services as partner_services
from openprm.partners.testing import make_partner, make_program

pytestmark = pytest.mark.django_db
CHANGED = TEXT.replace("two working days", "three working days")
A_MONTH = timedelta(days=30)


@pytest.fixture
def document(cast):
    return make_document()


def _draft(actor, document_id, text=CHANGED, at=SOME_DAY):
    draft_id = services.begin_draft(actor=actor, document_id=document_id, at=at)
    services.save_draft(actor=actor, draft_id=draft_id, title="Partner charter", text=text, at=at)
    return draft_id


def test_a_change_takes_effect_after_the_notice_at_the_earliest(cast, document):
    make_version(document)
    with scope(cast.vendor_admin) as admin:
        draft_id = _draft(admin, document)
        with pytest.raises(services.NoticeTooShort, match="Partners are told 30 days ahead"):
            services.publish(actor=admin, draft_id=draft_id, effective_at=SOME_DAY + A_MONTH - timedelta(seconds=1), at=SOME_DAY)
        assert Version.objects.get(pk=draft_id).state == "draft"
        services.publish(actor=admin, draft_id=draft_id, at=SOME_DAY)

    version = stored_version(draft_id)
    assert (version.number, version.state, version.effective_at, version.notice_days) == (2, "published", SOME_DAY + A_MONTH, 30)


def test_the_database_keeps_the_notice_too(cast, document):
    make_version(document)
    with system_scope() as system:
        draft_id = _draft(system, document)
        with pytest.raises(IntegrityError, match="agreements_notice_is_kept"), transaction.atomic():
            Version.objects.filter(pk=draft_id).update(
                state="published", number=2, notice_days=30, published_at=SOME_DAY, effective_at=SOME_DAY + timedelta(days=1)
            )


def test_a_first_version_takes_effect_at_once(cast, document):
    version = stored_version(make_version(document))

    assert (version.number, version.effective_at, version.notice_days) == (1, SOME_DAY, 0)


@pytest.mark.parametrize("change", [{"text": "x"}, {"effective_at": SOME_DAY}, {"state": "draft"}, {"note": "x"}, {"blocks": []}])
def test_the_database_keeps_what_was_published(cast, document, change):
    version_id = make_version(document, blocks=("deals",), at=SOME_DAY + timedelta(days=1))

    with system_scope(), pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic():
        Version.objects.filter(pk=version_id).update(**change)
    with system_scope(), pytest.raises(DatabaseError, match="is history"), transaction.atomic():
        Version.objects.filter(pk=version_id)._raw_delete("default")


def test_an_empty_or_unchanged_text_is_not_published(cast, document):
    with scope(cast.vendor_admin) as admin:
        empty = services.begin_draft(actor=admin, document_id=document, at=SOME_DAY)
        with pytest.raises(Invalid, match="The text is empty"):
            services.publish(actor=admin, draft_id=empty, at=SOME_DAY)
        services.discard_draft(actor=admin, draft_id=empty, at=SOME_DAY)
    make_version(document)
    with scope(cast.vendor_admin) as admin:
        same = services.begin_draft(actor=admin, document_id=document, at=SOME_DAY)
        with pytest.raises(services.NothingChanged, match="the same as version 1"):
            services.publish(actor=admin, draft_id=same, at=SOME_DAY)


def test_one_announced_change_at_a_time_unless_it_comes_later(cast, document):
    make_version(document)
    make_version(document, text=CHANGED)
    with scope(cast.vendor_admin) as admin:
        draft_id = _draft(admin, document, text=CHANGED + "\n\nMore.")
        with pytest.raises(services.VersionsOverlap, match="Version 2 is announced"):
            services.publish(actor=admin, draft_id=draft_id, at=SOME_DAY)
        services.publish(actor=admin, draft_id=draft_id, effective_at=SOME_DAY + timedelta(days=60), at=SOME_DAY)


def test_who_may_not_write_or_publish_does_not(cast, document):
    with scope(cast.partner_manager) as manager:
        draft_id = _draft(manager, document)
        with pytest.raises(NotAllowed, match="does not publish"):
            services.publish(actor=manager, draft_id=draft_id, at=SOME_DAY)
    for person in ("vendor_reader", "marketing_manager"):
        with scope(getattr(cast, person)) as actor, pytest.raises(NotAllowed):
            services.save_draft(actor=actor, draft_id=draft_id, title="X", text="Y", at=SOME_DAY)
    with scope(cast.partner_admin) as actor, pytest.raises(NotFound):
        services.save_draft(actor=actor, draft_id=draft_id, title="X", text="Y", at=SOME_DAY)


def test_two_people_who_write_at_once_do_not_overwrite_each_other(cast, document):
    with scope(cast.vendor_admin) as admin:
        draft_id = services.begin_draft(actor=admin, document_id=document, at=SOME_DAY)
        services.save_draft(actor=admin, draft_id=draft_id, title="Charter", text="First person's text.", revision=1, at=SOME_DAY)
        with pytest.raises(Stale):
            services.save_draft(actor=admin, draft_id=draft_id, title="Charter", text="Second", revision=1, at=SOME_DAY)
        with pytest.raises(services.DraftExists), transaction.atomic():
            services.begin_draft(actor=admin, document_id=document, at=SOME_DAY)

    assert stored_version(draft_id).text == "First person's text."


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"text": "x" * 200_001}, "200000 are the most"),
        ({"title": ""}, "cannot be empty"),
        ({"title": "x" * 161}, "too long"),
    ],
)
def test_a_text_beyond_its_bounds_is_refused_with_a_sentence(cast, document, values, problem):
    with scope(cast.vendor_admin) as admin:
        draft_id = services.begin_draft(actor=admin, document_id=document, at=SOME_DAY)
        with pytest.raises(Invalid, match=problem):
            services.save_draft(actor=admin, draft_id=draft_id, **{"title": "Charter", "text": "Text", **values}, at=SOME_DAY)

    assert stored_version(draft_id).text == ""


def test_a_change_asks_again_and_an_accepted_version_binds_until_it_takes_effect(cast, document):
    first = make_version(document)
    sign(cast.partner_admin, first)
    second = make_version(document, text=CHANGED, blocks=("deals",), grace_days=7, at=SOME_DAY + timedelta(days=1))

    asked = acceptance_of(second, cast.partner_id)
    assert (asked.status, asked.due_at) == ("sent", SOME_DAY + timedelta(days=38))
    with system_scope():
        assert partners.why_closed(cast.partner_id, "deals", asked.due_at - timedelta(seconds=1)) is None
        assert partners.why_closed(cast.partner_id, "deals", asked.due_at) is not None
        assert queries.version_binding(cast.partner_id, "partner-charter", SOME_DAY + timedelta(days=90)).number == 1
    sign(cast.partner_admin, second, at=SOME_DAY + timedelta(days=2))
    with system_scope():
        assert queries.version_binding(cast.partner_id, "partner-charter", SOME_DAY + timedelta(days=30)).number == 1
        assert queries.version_binding(cast.partner_id, "partner-charter", SOME_DAY + timedelta(days=31)).number == 2


def test_a_correction_asks_only_those_who_never_signed(cast, document):
    first = make_version(document)
    sign(cast.partner_admin, first)
    second = make_version(document, text=CHANGED, needs_reacceptance=False)
    effective = SOME_DAY + A_MONTH

    with system_scope():
        jobs.take_effect(at=effective)
        rows = {(row.partner_id, row.version.number): row.status for row in Acceptance.objects.select_related("version")}

    assert rows == {(cast.partner_id, 1): "accepted", (cast.other_partner_id, 1): "superseded", (cast.other_partner_id, 2): "sent"}
    assert acceptance_of(second, cast.other_partner_id).due_at == effective


def test_what_is_overtaken_can_no_longer_be_signed(cast, document):
    first = make_version(document, blocks=("deals",))
    make_version(document, text=CHANGED, blocks=("deals",))
    late = SOME_DAY + A_MONTH
    with system_scope():
        jobs.take_effect(at=late)

    with pytest.raises(services.NoLongerOpen, match="a later one has taken its place"):
        sign(cast.partner_admin, first, at=late)

    with system_scope():
        assert {gate.since for gate in partners.gates_with_ahead(cast.partner_id, late)} == {late}


def test_signing_the_announced_version_settles_the_older_one(cast, document):
    first = make_version(document, blocks=("deals",))
    second = make_version(document, text=CHANGED, blocks=("deals",))

    sign(cast.partner_admin, second)

    assert acceptance_of(first, cast.partner_id).status == "superseded"
    with system_scope():
        assert partners.gates_with_ahead(cast.partner_id, SOME_DAY) == ()


def test_an_announced_version_can_be_withdrawn_until_somebody_signs_it(cast, document):
    make_version(document)
    second = make_version(document, text=CHANGED)
    with scope(cast.vendor_admin) as admin:
        services.withdraw(actor=admin, version_id=second, at=SOME_DAY)
    with system_scope():
        services.settle(partner_id=cast.partner_id, at=SOME_DAY)
    assert acceptance_of(second, cast.partner_id).status == "expired"

    third = make_version(document, text=CHANGED)
    sign(cast.partner_admin, third)
    with scope(cast.vendor_admin) as admin, pytest.raises(services.VersionIsSigned):
        services.withdraw(actor=admin, version_id=third, at=SOME_DAY)


def test_a_version_in_force_is_not_withdrawn(cast, document):
    first = make_version(document)

    with scope(cast.vendor_admin) as admin, pytest.raises(NotAllowed, match="Version 1 is in force"):
        services.withdraw(actor=admin, version_id=first, at=SOME_DAY)


def test_a_new_partner_is_asked_for_everything_and_for_its_programs_alone(cast, document, run_jobs):
    everyone = make_version(document)
    program_id = make_program(code="referral")
    special = make_version(make_document(code="referral-terms", title="Referral terms", kind="partner_agreement", program_id=program_id))
    with stopped(SOME_DAY):
        partner_id = make_partner(name="Bluecrest Cloud", at=SOME_DAY)
    run_jobs()

    assert acceptance_of(everyone, partner_id).status == "sent"
    with pytest.raises(Acceptance.DoesNotExist):
        acceptance_of(special, partner_id)
    with system_scope() as system:
        partner_services.enroll(actor=system, partner_id=partner_id, program_id=program_id, at=SOME_DAY)
    run_jobs()
    assert acceptance_of(special, partner_id).status == "sent"
    with scope(cast.partner_admin) as actor:
        assert [line.title for line in queries.published(actor, SOME_DAY)] == ["Partner charter"]
        with pytest.raises(NotFound):
            queries.version(actor, special, SOME_DAY)


def test_old_news_asks_nothing_of_a_partner_that_came_later(cast, document):
    make_version(document, ask=False)
    later = SOME_DAY + timedelta(days=400)
    with stopped(later):
        partner_id = make_partner(name="Bluecrest Cloud", at=later)

    with system_scope():
        assert services.settle(partner_id=partner_id, at=SOME_DAY) == []
        assert len(services.settle(partner_id=partner_id, at=later)) == 1
        assert services.settle(partner_id=partner_id, at=SOME_DAY) == []
        assert Acceptance.objects.get(partner=partner_id).status == "sent"


def test_a_partner_that_leaves_is_asked_nothing_more(cast, document, run_jobs):
    version = make_version(document, blocks=("deals",))
    with system_scope() as system:
        partner_services.change_status(actor=system, partner_id=cast.partner_id, status="suspended", at=SOME_DAY)
    run_jobs()

    assert acceptance_of(version, cast.partner_id).status == "expired"
    with system_scope():
        assert partners.gates_with_ahead(cast.partner_id, SOME_DAY) == ()


def test_settling_twice_changes_nothing(cast, document):
    make_version(document, blocks=("deals",))

    with system_scope():
        before = list(Acceptance.objects.order_by("pk").values())
        assert services.settle(partner_id=cast.partner_id, at=SOME_DAY + timedelta(days=3)) == []
        assert list(Acceptance.objects.order_by("pk").values()) == before


def test_retiring_ends_what_is_open_and_keeps_what_is_signed(cast, document, run_jobs):
    version = make_version(document, blocks=("deals",))
    sign(cast.partner_admin, version)
    with scope(cast.vendor_admin) as admin:
        services.retire_document(actor=admin, document_id=document, at=SOME_DAY)
    run_jobs()

    assert acceptance_of(version, cast.partner_id).status == "accepted"
    assert acceptance_of(version, cast.other_partner_id).status == "expired"


def test_publishing_tells_signers_and_readers_apart(cast, document, run_jobs):
    make_version(document, ask=False)
    run_jobs()
    with scope(cast.vendor_admin) as admin:
        draft_id = _draft(admin, document)
        services.publish(actor=admin, draft_id=draft_id, note="We need one day more.", at=SOME_DAY)
    run_jobs()

    with system_scope():
        told = {(row.user_id, row.kind): row for row in Notification.objects.filter(kind__startswith="agreements.")}
    asked = told[cast.partner_admin.user_id, "agreements.asked"]
    assert asked.title in {"Please sign: Partner charter, version 1", "Partner charter changes: version 2 waits for your signature"}
    published = told[cast.partner_reader.user_id, "agreements.published"]
    assert (published.title, published.body) == ("Partner charter changes on 1 Oct 2026", "We need one day more.")
    assert (cast.partner_reader.user_id, "agreements.asked") not in told
    assert (cast.partner_admin.user_id, "agreements.published") not in told


def test_reminders_are_sent_once_each(cast, document):
    version = make_version(document, grace_days=10)
    in_a_week = SOME_DAY + timedelta(days=4)
    with system_scope():
        jobs.remind(at=in_a_week)
        jobs.remind(at=in_a_week)
        told = Notification.objects.filter(kind="agreements.reminder", user=cast.partner_admin.user_id)
        assert [row.title for row in told] == ["Still not signed: Partner charter, version 1"]
    assert acceptance_of(version, cast.partner_id).reminded_at == in_a_week


def test_a_person_reminds_a_partner_once_a_day(cast, document, run_jobs):
    row = acceptance_of(make_version(document), cast.partner_id)
    with scope(cast.partner_manager) as manager:
        services.remind(actor=manager, acceptance_id=row.pk, at=SOME_DAY)
        with pytest.raises(services.JustReminded):
            services.remind(actor=manager, acceptance_id=row.pk, at=SOME_DAY + timedelta(hours=23))
    assert "agreements.on_reminded" in run_jobs(only="agreements.on_reminded")
    with scope(cast.partner_manager) as manager:
        assert services.remind_many(actor=manager, acceptance_ids=[row.pk], at=SOME_DAY + timedelta(hours=24)) == [row.pk]
    with scope(cast.vendor_reader) as reader, pytest.raises(NotAllowed):
        services.remind(actor=reader, acceptance_id=row.pk, at=SOME_DAY + timedelta(days=9))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": "Not a code!"}, "code"),
        ({"title": ""}, "title"),
        ({"kind": "constitution"}, "kind"),
        ({"kind": "other"}, "own_kind"),
        ({"notice_days": 366}, "notice_days"),
        ({"signer_roles": []}, "signer_roles"),
        ({"signer_roles": ["vendor_admin"]}, "signer_roles"),
        ({"free_lunch": True}, "free_lunch"),
    ],
)
def test_a_document_with_wrong_settings_is_refused_by_field(cast, values, field):
    with scope(cast.vendor_admin) as admin, pytest.raises(Invalid) as refused:
        services.create_document(actor=admin, at=SOME_DAY, **{"code": "terms", "title": "Terms", "kind": "charter", **values})

    assert refused.value.problems[0].field == field
    with system_scope():
        assert not Document.objects.exists()


def test_a_code_is_taken_once(cast, document):
    with scope(cast.vendor_admin) as admin, pytest.raises(services.CodeIsTaken):
        services.create_document(actor=admin, code="partner-charter", title="X", kind="charter", at=SOME_DAY)


def test_a_visitor_reads_public_documents_alone(cast):
    shown = make_document(code="charter", is_public=True)
    make_version(shown)
    make_version(make_document(code="secret", title="Secret terms"))

    with scope(PUBLIC):
        assert [line.code for line in queries.published(PUBLIC, SOME_DAY)] == ["charter"]
        assert queries.public_version(PUBLIC, "charter", None, SOME_DAY).line.number == 1
        for code in ("secret", "nothing"):
            with pytest.raises(NotFound):
                queries.public_version(PUBLIC, code, None, SOME_DAY)
        assert list(Version.objects.values_list("document__code", flat=True)) == ["charter"]


def test_the_progress_counts_partners_not_versions(cast, document):
    first = make_version(document)
    sign(cast.partner_admin, first)
    make_version(document, text=CHANGED)

    with scope(cast.vendor_reader) as reader:
        told = queries.document(reader, document, SOME_DAY).told
        later = queries.document(reader, document, SOME_DAY + timedelta(days=60)).told

    assert (told.signed, told.waiting, told.overdue) == (1, 1, 0)
    assert (later.signed, later.waiting, later.overdue) == (0, 2, 2)


def test_the_shelf_says_what_holds_today_and_what_holds_later(cast, document):
    sign(cast.partner_admin, make_version(document))
    sign(cast.partner_admin, make_version(document, text=CHANGED))

    with scope(cast.partner_reader) as reader:
        today = [(row.number, row.is_current, row.is_ahead) for row in queries.shelf(reader, SOME_DAY).signed]
        later = [(row.number, row.is_current, row.is_ahead) for row in queries.shelf(reader, SOME_DAY + A_MONTH).signed]

    assert today == [(2, False, True), (1, True, False)]
    assert later == [(2, True, False), (1, False, False)]
