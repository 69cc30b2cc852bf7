"""Putting versions before partners: who must sign what, what closes until then, and what is no longer asked.

`settle` compares what a partner must sign today with what it was asked, and does the difference. Everything that can change
the answer (a publication, a withdrawal, a new partner, an enrollment, the day a version takes effect) ends in it, so it is
safe to run at any time and as often as one likes. In the system's scope.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.agreements.models import Acceptance, Document, Version
from openprm.agreements.rules import calendar, states
from openprm.agreements.rules.states import Held
from openprm.audit import services as audit
from openprm.kernel import db
from openprm.kernel.actor import SYSTEM
from openprm.kernel.scope import system_scope
from openprm.partners import queries as partners
from openprm.partners import services as doors

SOURCE = "agreements"
AT_ONCE = 100
TAKE_EFFECT_AT_ONCE = 500
SETTLING = 4_182_003  # one change at a time to what one partner signs, taken before any row lock


@transaction.atomic
def settle(*, partner_id: UUID, at: datetime, documents: Sequence[Document] | None = None) -> list[UUID]:
    """Ask this partner for what it must sign now and end what it need not; gives the acceptances that are new.

    News of a time before the partner was there asks nothing of it. Who settles many gives what `signed_documents` found.
    """
    with system_scope():
        one_at_a_time(partner_id)
        partner = partners.partner(SYSTEM, partner_id)
        if min([partner.created_at, *(one.since for one in partner.enrollments)]) > at:
            return []
        rows = list(Acceptance.objects.filter(partner=partner_id).select_related("version", "document").defer("version__text").locked())
        documents = _documents_for(partner, signed_documents() if documents is None else documents)
        new = [row for document in documents for row in _asked(document, partner_id, [one for one in rows if one.document_id == document.pk], at)]
        _end_the_rest(rows, {document.pk: document for document in documents}, at)
        return [row.pk for row in new]


def one_at_a_time(partner_id: UUID) -> None:
    """Wait until nobody else changes what this partner signs, to the end of the transaction. Safe to repeat."""
    db.value("select pg_advisory_xact_lock(%s, hashtext(%s))::text", [SETTLING, str(partner_id)])


def settle_next(*, after: UUID | None, at: datetime) -> tuple[list[UUID], UUID | None]:
    """Settle the next hundred partners by id; gives the new acceptances and where to go on, None at the end."""
    ids = partner_ids(after=after, limit=AT_ONCE)
    documents = signed_documents()
    new = [acceptance_id for partner_id in ids for acceptance_id in settle(partner_id=partner_id, at=at, documents=documents)]
    return new, ids[-1] if len(ids) == AT_ONCE else None


def partner_ids(*, after: UUID | None = None, limit: int = AT_ONCE) -> list[UUID]:
    with system_scope():
        rows = partners.newest_partners(SYSTEM, filters={}).order_by("pk")
        return list((rows.filter(pk__gt=after) if after else rows).values_list("pk", flat=True)[:limit])


def partners_to_settle(*, at: datetime, limit: int = TAKE_EFFECT_AT_ONCE) -> list[UUID]:
    """Partners that still have an older version open although a later one has taken effect."""
    with system_scope():
        rows = Acceptance.objects.filter(status__in=states.OPEN, document__versions__state="published", document__versions__effective_at__lte=at)
        late = rows.filter(document__versions__number__gt=F("version__number"))
        return list(late.order_by("partner").values_list("partner", flat=True).distinct()[:limit])


def signed_documents() -> list[Document]:
    """The documents that partners sign, with their versions, by code."""
    with system_scope():
        light = Prefetch("versions", queryset=Version.objects.defer("text"))
        return list(Document.objects.filter(needs_signature=True, retired_at=None).prefetch_related(light).order_by("code"))


def _documents_for(partner: partners.PartnerView, documents: Sequence[Document]) -> list[Document]:
    """The documents this partner must sign: those for everybody and those of its programs, while it is active."""
    if partner.status != "active":
        return []
    programs = {one.program_id for one in partner.enrollments if one.status == "approved"}
    return [row for row in documents if row.program_id is None or row.program_id in programs]


def _asked(document: Document, partner_id: UUID, held: list[Acceptance], at: datetime) -> list[Acceptance]:
    versions = {one.number: one for one in document.versions.all() if one.state == Version.State.PUBLISHED}
    known = [Held(number=row.version.number, status=row.status) for row in held if row.status != Acceptance.Status.EXPIRED]
    again = {number: one.needs_reacceptance for number, one in versions.items()}
    numbers = states.numbers_to_ask(list(versions.values()), again, known, at)
    made = [_ask(versions[number], document, partner_id, held, at) for number in numbers]
    return [row for row in made if row]


def _ask(version: Version, document: Document, partner_id: UUID, held: list[Acceptance], at: datetime) -> Acceptance | None:
    row = next((one for one in held if one.version_id == version.pk), None)
    row = row or Acceptance(document=document, version=version, partner_id=partner_id)
    row.status, row.asked_at, row.reminded_at = Acceptance.Status.SENT, at, None
    row.due_at = max(at, _due(version, held, at))
    row.save()
    audit.record(SYSTEM, "agreement.asked", row, after={}, refs=(partner_id,), visible_to=(partner_id,), data={"due_at": row.due_at}, at=at)
    _close(row, version, at)
    return row


def _due(version: Version, held: list[Acceptance], at: datetime) -> datetime:
    asked = calendar.due(asked_at=at, effective_at=version.effective_at, grace_days=version.grace_days)  # type: ignore[arg-type]
    before = min((row.due_at for row in held if row.status in states.OPEN), default=None)
    return calendar.due_after(before=before, takes_over_at=version.effective_at, due_at=asked)  # type: ignore[arg-type]


def _close(row: Acceptance, version: Version, at: datetime) -> None:
    """The chosen actions close at the due moment, unless it is signed before."""
    if version.blocks:
        said = {"title": version.title, "number": version.number}
        doors.close_gate(
            actor=SYSTEM, partner_id=row.partner_id, actions=version.blocks, source=SOURCE, key=f"acceptance:{row.pk}",
            reason=(_("Version %(number)s of “%(title)s” is not signed.") % said)[:500], cure=_("It opens the moment your company signs it."),
            cure_url=reverse("agreements:portal_acceptance", args=[row.pk]), since=row.due_at, at=at,
        )  # fmt: skip


def _end_the_rest(rows: Iterable[Acceptance], documents: dict[UUID, Document], at: datetime) -> None:
    """End open acceptances: overtaken by a later version that is signed or in force, or of a document no longer asked."""
    signed: dict[UUID, int] = {}
    for row in rows:
        if row.status == Acceptance.Status.ACCEPTED:
            signed[row.document_id] = max(signed.get(row.document_id, 0), row.version.number)
    for row in rows:
        if row.status in states.OPEN and (status := _why_over(row, documents.get(row.document_id), signed.get(row.document_id, 0), at)):
            _end(row, status, at)


def _why_over(row: Acceptance, document: Document | None, signed: int, at: datetime) -> str:
    if document is None or row.version.state != Version.State.PUBLISHED:
        return Acceptance.Status.EXPIRED
    current = states.in_force(document.versions.all(), at)
    is_overtaken = signed > row.version.number or (current is not None and (current.number or 0) > row.version.number)
    return Acceptance.Status.SUPERSEDED if is_overtaken else ""


def _end(row: Acceptance, status: str, at: datetime) -> None:
    before = {"status": row.status}
    row.status = status
    row.save(update_fields=["status", "updated_at"])
    lift(row, at)
    audit.record(SYSTEM, "agreement.ended", row, before=before, after={"status": status}, refs=(row.partner_id,), visible_to=(row.partner_id,), at=at)


def overtake(signed: Acceptance, at: datetime) -> None:
    """End the earlier versions of a document that are still open: a later one is signed now."""
    with system_scope():
        earlier = Acceptance.objects.filter(document=signed.document_id, partner=signed.partner_id, status__in=states.OPEN)
        for row in earlier.filter(version__number__lt=signed.version.number).locked():
            _end(row, Acceptance.Status.SUPERSEDED, at)


def lift(row: Acceptance, at: datetime) -> None:
    """Open what waited for this signature."""
    with system_scope():
        doors.lift_gate(actor=SYSTEM, partner_id=row.partner_id, source=SOURCE, key=f"acceptance:{row.pk}", at=at)
