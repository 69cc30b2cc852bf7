"""Leads from files: consent by row, a dry run that writes nothing, an undo that leaves older leads alone."""

from datetime import UTC, date, datetime

import pytest

from openprm.kernel.errors import Conflict
from openprm.kernel.scope import scope, system_scope
from openprm.leads import services
from openprm.leads.models import Arrival, Lead
from openprm.leads.testing import make_lead, offers_of
from openprm.leads.transfer import LeadImporter

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
IMPORTER = LeadImporter()
ROW = {
    "external_id": "L1",
    "company_name": "Kallio Oy",
    "country": "FI",
    "contact_name": "Anna Virtanen",
    "contact_email": "anna@kallio.example",
    "amount_minor": 25_000_00,
    "currency": "EUR",
    "consent": "opt_in",
    "consent_text": "Call me.",
    "consent_version": "fair-1",
    "consent_date": date(2026, 11, 20),
    "consent_source": "Fair list",
}


def bring(cast, *rows):
    with scope(cast.vendor_admin):
        return IMPORTER.create(actor=cast.vendor_admin, rows=rows, source="hubspot", at=AT)


def check(cast, row):
    with scope(cast.vendor_admin):
        (found,) = IMPORTER.check(actor=cast.vendor_admin, rows=[row], found=[None])
    return [(problem.field, problem.message) for problem in found]


def test_a_row_becomes_a_lead_with_its_consent(cast):
    (lead_id,) = bring(cast, ROW)

    with system_scope():
        lead, arrival = Lead.objects.get(pk=lead_id), Arrival.objects.get()
    assert (lead.source, lead.external_source, lead.external_id, lead.amount_minor) == ("csv", "hubspot", "L1", 25_000_00)
    assert (arrival.ground, arrival.text_version, arrival.proof, arrival.given_at) == ("opt_in", "fair-1", "Fair list", datetime(2026, 11, 20, 12, tzinfo=UTC))


def test_a_row_without_the_consent_of_its_country_is_named_in_the_dry_run(cast):
    ((field, message),) = check(cast, {**ROW, "country": "DE"})

    assert field == "consent"
    assert "rule C3" in message
    assert check(cast, {**ROW, "consent": None})[0][0] == "consent"
    assert check(cast, {**ROW, "consent_text": ""})[0][0] == "consent_text"
    assert check(cast, {**ROW, "consent_date": date(2027, 1, 1)})[0][0] == "consent_date"
    assert check(cast, {**ROW, "product_line": "Never made"})[0][0] == "product_line"
    assert check(cast, {**ROW, "score": 101})[0][0] == "score"
    assert check(cast, ROW) == []


def test_a_row_that_was_imported_before_is_found_and_left_as_it_is(cast):
    (lead_id,) = bring(cast, ROW)

    with scope(cast.vendor_admin):
        assert IMPORTER.find(actor=cast.vendor_admin, rows=[ROW, {**ROW, "external_id": "L2"}], source="hubspot") == [lead_id, None]
        assert IMPORTER.find(actor=cast.vendor_admin, rows=[ROW], source="other") == [None]


def test_the_undo_removes_what_the_file_made(cast):
    ids = bring(cast, ROW)

    with scope(cast.vendor_admin):
        IMPORTER.remove(actor=cast.vendor_admin, ids=ids, at=AT)

    with system_scope():
        assert (Lead.objects.count(), Arrival.objects.count()) == (0, 0)


def test_the_undo_leaves_a_lead_that_was_there_before(cast):
    older = make_lead(at=AT, route=False, contact_email="anna@kallio.example", company_name="Kallio Oy", company_domain="kallio.example")
    ids = bring(cast, ROW)
    assert list(ids) == [older.lead_id]

    with scope(cast.vendor_admin):
        IMPORTER.remove(actor=cast.vendor_admin, ids=ids, at=AT)

    with system_scope():
        assert (Lead.objects.count(), Arrival.objects.count()) == (1, 0)


def test_the_undo_refuses_what_a_partner_has_opened(cast):
    (lead_id,) = bring(cast, ROW)
    (offer,) = offers_of(lead_id)
    holder = cast.partner_rep if offer.partner_id == cast.partner.pk else cast.other_partner_rep
    with scope(holder):
        services.accept_lead(actor=holder, lead_id=lead_id, at=AT)

    with scope(cast.vendor_admin), pytest.raises(Conflict, match="opened by a partner"):
        IMPORTER.remove(actor=cast.vendor_admin, ids=[lead_id], at=AT)
    with system_scope():
        assert Lead.objects.count() == 1
