from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from openprm.agreements import queries, services
from openprm.agreements.models import Acceptance, Version
from openprm.agreements.rules import canonical
from openprm.agreements.testing import SOME_DAY, TEXT, acceptance_of, make_document, make_version, sign, stored_version
from openprm.audit import queries as audit
from openprm.kernel.errors import Invalid, NotAllowed, NotFound
from openprm.kernel.scope import scope, system_scope
from openprm.partners import queries as partners

pytestmark = pytest.mark.django_db
PEN = services.Pen(name="Mika Virtanen")
ORIGIN = services.Origin(ip_address="203.0.113.7", user_agent="Tests/1.0")


def _accept(actor, acceptance_id, *, sha256, at=SOME_DAY, pen=PEN, is_confirmed=True):
    with scope(actor):
        return services.accept(actor=actor, acceptance_id=acceptance_id, sha256=sha256, pen=pen, is_confirmed=is_confirmed, origin=ORIGIN, at=at)


@pytest.fixture
def charter(cast):
    return make_version(make_document(), blocks=("deals",), grace_days=14)


def test_publishing_asks_every_partner_and_closes_what_was_chosen_when_the_days_are_over(cast, charter):
    mine, other = acceptance_of(charter, cast.partner_id), acceptance_of(charter, cast.other_partner_id)

    assert (mine.status, other.status) == ("sent", "sent")
    assert mine.due_at == SOME_DAY + timedelta(days=14)
    with system_scope():
        assert partners.why_closed(cast.partner_id, "deals", SOME_DAY) is None
        assert partners.why_closed(cast.partner_id, "deals", SOME_DAY + timedelta(days=14)).startswith("Version 1 of “Partner charter” is not signed.")


def test_a_signature_holds_who_what_when_and_from_where_and_opens_the_door(cast, charter):
    acceptance_id = sign(cast.partner_admin, charter, drawn="[[[10,10],[200,90]]]")

    row = acceptance_of(charter, cast.partner_id)
    assert (row.status, row.signed_name, row.signed_title, row.signed_for) == ("accepted", "Mika Virtanen", "Managing director", "Kallio Digital Oy")
    assert (row.signed_by, row.signed_at, row.ip_address, row.user_agent) == (cast.partner_admin.user_id, SOME_DAY, "203.0.113.7", "Tests/1.0")
    assert row.sha256 == stored_version(charter).sha256 == canonical.hash_of("Partner charter", TEXT)
    assert row.strokes == [[[10, 10], [200, 90]]]
    with system_scope():
        assert row.fingerprint == canonical.fingerprint_of(
            queries.signature_facts(Acceptance.objects.select_related("version", "document").get(pk=acceptance_id))
        )
        assert partners.gates_with_ahead(cast.partner_id, SOME_DAY) == ()
        assert len(partners.gates_with_ahead(cast.other_partner_id, SOME_DAY)) == 1
    with scope(cast.partner_admin):
        event = audit.event(cast.partner_admin, row.event_id)
    assert event.data["sha256"] == row.sha256
    assert event.data["fingerprint"] == row.fingerprint


@pytest.mark.parametrize("person", ["partner_rep", "partner_technical", "partner_reader"])
def test_whose_role_does_not_sign_cannot(cast, charter, person):
    row = acceptance_of(charter, cast.partner_id)

    with pytest.raises(NotAllowed, match="You cannot sign for your company"):
        _accept(getattr(cast, person), row.pk, sha256=row.version.sha256)

    assert acceptance_of(charter, cast.partner_id).status == "sent"


def test_a_named_signatory_can_sign_until_the_name_is_taken_back(cast, charter):
    admin, rep = cast.partner_admin, cast.partner_rep
    with scope(admin):
        signatory_id = services.name_signatory(actor=admin, user_id=rep.user_id, at=SOME_DAY)
        assert services.name_signatory(actor=admin, user_id=rep.user_id, at=SOME_DAY) == signatory_id
        services.remove_signatory(actor=admin, signatory_id=signatory_id, at=SOME_DAY)
    with pytest.raises(NotAllowed):
        sign(rep, charter)

    with scope(admin):
        services.name_signatory(actor=admin, user_id=rep.user_id, at=SOME_DAY)
    sign(rep, charter)

    assert acceptance_of(charter, cast.partner_id).signed_name == "Aino Laine"


def test_only_an_administrator_names_people_and_only_of_its_own_company(cast, charter):
    with scope(cast.partner_rep), pytest.raises(NotAllowed):
        services.name_signatory(actor=cast.partner_rep, user_id=cast.partner_rep.user_id, at=SOME_DAY)
    with scope(cast.partner_admin), pytest.raises(Invalid, match="Choose an active person of your company"):
        services.name_signatory(actor=cast.partner_admin, user_id=cast.other_partner_rep.user_id, at=SOME_DAY)


def test_nobody_of_the_vendor_can_sign_for_a_partner(cast, charter):
    row = acceptance_of(charter, cast.partner_id)

    with pytest.raises(NotAllowed, match="Only the partner's own people"):
        _accept(cast.vendor_admin, row.pk, sha256=row.version.sha256)


def test_another_partner_meets_a_missing_acceptance(cast, charter):
    row = acceptance_of(charter, cast.partner_id)

    with pytest.raises(NotFound):
        _accept(cast.other_partner_admin, row.pk, sha256=row.version.sha256)


def test_whoever_looks_at_the_portal_as_the_partner_cannot_sign(cast, charter):
    from dataclasses import replace

    looking = replace(cast.partner_admin, read_only=True, viewing_as=cast.partner_id)
    row = acceptance_of(charter, cast.partner_id)

    with pytest.raises(NotAllowed, match="Only its own people can sign"):
        _accept(looking, row.pk, sha256=row.version.sha256)


def test_a_token_cannot_sign(cast, charter):
    from dataclasses import replace

    program = replace(cast.partner_admin, token_id=cast.partner_id, token_scopes=frozenset({"agreements:read", "agreements:write"}))
    row = acceptance_of(charter, cast.partner_id)

    with pytest.raises(NotAllowed, match="A program cannot sign"):
        _accept(program, row.pk, sha256=row.version.sha256)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"pen": services.Pen(name="  ")}, "This cannot be empty"),
        ({"is_confirmed": False}, "Tick that you have read it"),
        ({"pen": services.Pen(name="x" * 121)}, "too long"),
        ({"pen": services.Pen(name="Mika", drawn="<script>")}, "could not be read"),
        ({"pen": services.Pen(name="Mika", drawn="[[[1,1],[2,2]]]")}, "only a dot"),
    ],
)
def test_a_signature_that_is_none_is_refused_and_nothing_changes(cast, charter, change, problem):
    row = acceptance_of(charter, cast.partner_id)

    with pytest.raises(Invalid, match=problem):
        _accept(cast.partner_admin, row.pk, sha256=row.version.sha256, **change)

    assert acceptance_of(charter, cast.partner_id).status == "sent"


def test_what_was_not_read_is_not_signed(cast, charter):
    row = acceptance_of(charter, cast.partner_id)

    with pytest.raises(services.TextHasChanged, match="Nothing was signed"):
        _accept(cast.partner_admin, row.pk, sha256="0" * 64)


def test_a_version_is_signed_once(cast, charter):
    sign(cast.partner_admin, charter)
    row = acceptance_of(charter, cast.partner_id)

    with pytest.raises(services.AlreadySigned, match="Mika Virtanen signed this version"):
        _accept(cast.partner_admin, row.pk, sha256=row.version.sha256)


def test_declining_needs_a_reason_reaches_the_vendor_and_can_be_thought_over(cast, charter, run_jobs):
    row = acceptance_of(charter, cast.partner_id)
    admin = cast.partner_admin
    with scope(admin), pytest.raises(Invalid):
        services.decline(actor=admin, acceptance_id=row.pk, reason="  \n", at=SOME_DAY)

    with scope(admin):
        services.decline(actor=admin, acceptance_id=row.pk, reason="Clause 2 goes too far.\n<script>", at=SOME_DAY)

    declined = acceptance_of(charter, cast.partner_id)
    assert (declined.status, declined.decline_reason, declined.declined_by_name) == ("declined", "Clause 2 goes too far.\n<script>", "Mika Virtanen")
    assert "agreements.on_declined" in run_jobs()
    sign(admin, charter)
    assert acceptance_of(charter, cast.partner_id).status == "accepted"


def test_the_vendor_countersigns_once_in_the_promised_time(cast):
    version = make_version(make_document(needs_countersignature=True))
    acceptance_id = sign(cast.partner_admin, version)

    with scope(cast.vendor_admin) as actor:
        waiting = queries.awaiting_countersignature(actor)
        services.countersign(actor=actor, acceptance_id=acceptance_id, name="Ingrid Solberg", title="CEO", at=SOME_DAY + timedelta(days=1))
        with pytest.raises(services.AlreadySigned):
            services.countersign(actor=actor, acceptance_id=acceptance_id, name="Ingrid Solberg", at=SOME_DAY + timedelta(days=1))
        assert queries.awaiting_countersignature(actor) == []

    assert [row.id for row in waiting] == [acceptance_id]
    row = acceptance_of(version, cast.partner_id)
    assert (row.countersigned_name, row.countersigned_title, row.countersigned_by) == ("Ingrid Solberg", "CEO", cast.vendor_admin.user_id)


@pytest.mark.parametrize("person", ["partner_manager", "vendor_reader", "partner_admin"])
def test_others_do_not_countersign(cast, person):
    acceptance_id = sign(cast.partner_admin, make_version(make_document(needs_countersignature=True)))

    with scope(getattr(cast, person)) as actor, pytest.raises(NotAllowed):
        services.countersign(actor=actor, acceptance_id=acceptance_id, name="X", at=SOME_DAY)


FORGED = {"status": "accepted", "signed_at": SOME_DAY, "signed_name": "Mika", "event_id": "00000000-0000-0000-0000-000000000001"}


def test_the_database_lets_nobody_sign_but_a_person_of_the_partner_as_that_person(cast, charter):
    row = acceptance_of(charter, cast.partner_id)
    forged = {**FORGED, "sha256": row.version.sha256, "signed_by": cast.partner_admin.user_id}

    for actor in (cast.vendor_admin, cast.partner_rep):
        with scope(actor), pytest.raises(DatabaseError, match="only a person of the partner can sign"), transaction.atomic():
            Acceptance.objects.filter(pk=row.pk).update(**forged)

    assert acceptance_of(charter, cast.partner_id).status == "sent"


def test_the_database_refuses_a_signature_under_another_text(cast, charter):
    row = acceptance_of(charter, cast.partner_id)
    forged = {**FORGED, "sha256": "0" * 64, "signed_by": cast.partner_admin.user_id}

    with scope(cast.partner_admin), pytest.raises(DatabaseError, match="not the published text"), transaction.atomic():
        Acceptance.objects.filter(pk=row.pk).update(**forged)


@pytest.mark.parametrize(
    "change", [{"status": "sent"}, {"signed_name": "Somebody"}, {"strokes": [[[1, 1]]]}, {"countersigned_name": "Mika", "countersigned_at": SOME_DAY}]
)
def test_the_database_keeps_a_signature_as_it_is(cast, charter, change):
    acceptance_id = sign(cast.partner_admin, charter)

    with scope(cast.partner_admin), pytest.raises(DatabaseError), transaction.atomic():
        Acceptance.objects.filter(pk=acceptance_id).update(**change)
    with system_scope(), pytest.raises(DatabaseError, match="cannot be removed"), transaction.atomic():
        Acceptance.objects.filter(pk=acceptance_id).delete()


def test_the_database_refuses_a_partner_that_moves_its_due_date_or_asks_itself(cast, charter):
    row = acceptance_of(charter, cast.partner_id)

    with scope(cast.partner_admin), pytest.raises(DatabaseError, match="accepts or declines"), transaction.atomic():
        Acceptance.objects.filter(pk=row.pk).update(due_at=SOME_DAY + timedelta(days=900))
    with scope(cast.partner_admin), pytest.raises(DatabaseError, match="the vendor begins it"), transaction.atomic():
        Acceptance.objects.create(document=row.document, version=row.version, partner_id=cast.partner_id, asked_at=SOME_DAY, due_at=SOME_DAY)


def test_a_partner_reads_its_own_rows_and_no_draft(cast, charter):
    with system_scope():
        services.begin_draft(actor=cast.vendor_admin, document_id=stored_version(charter).document_id, at=SOME_DAY)

    with scope(cast.partner_admin):
        assert [row.partner_id for row in Acceptance.objects.all()] == [cast.partner_id]
        assert [row.state for row in Version.objects.all()] == ["published"]


def test_a_partner_that_leaves_takes_its_certificates_along_and_its_people_are_forgotten(cast, charter):
    from openprm.agreements.takeaway import EXPORT

    sign(cast.partner_admin, charter)
    with scope(cast.partner_admin) as admin:
        services.name_signatory(actor=admin, user_id=cast.partner_rep.user_id, at=SOME_DAY)
        rows, files = list(EXPORT[0].rows(admin)), list(EXPORT[0].files(admin))
        assert [(row["document"], row["version"], row["signed_name"]) for row in rows] == [("Partner charter", 1, "Mika Virtanen")]
        assert files[0].name == "partner-charter-v1-certificate.pdf"
        assert files[0].open().read().startswith(b"%PDF-1.")

    with system_scope():
        assert services.forget_people(partner_id=cast.partner_id, people=[cast.partner_rep.user_id], at=SOME_DAY) == 1
        assert services.forget_people(partner_id=cast.partner_id, people=[cast.partner_rep.user_id], at=SOME_DAY) == 0
    assert acceptance_of(charter, cast.partner_id).signed_name == "Mika Virtanen"
