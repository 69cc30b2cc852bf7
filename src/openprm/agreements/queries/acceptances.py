"""Who has signed what: the vendor's list, one acceptance for either side, what waits for a partner, what bound it when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from openprm.agreements import policies
from openprm.agreements.models import Acceptance, Document, Signatory, Version
from openprm.agreements.queries.documents import before_of, kind_label, published, view_of
from openprm.agreements.queries.results import AcceptanceRow, AcceptanceView, BindingVersion, Shelf, SignatoryView, Signature, Signed, Waiting
from openprm.agreements.rules import states, strokes
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.kernel.scope import system_scope
from openprm.ui.paging import PageRequest, Slice, slice_of

SORTS = {
    "partner": "partner__organization__name",
    "document": "document__title",
    "asked": "asked_at",
    "due": "due_at",
    "signed": "signed_at",
    "number": "version__number",
}
NEEDS_COUNTERSIGNATURE = Q(status="accepted", document__needs_countersignature=True, countersigned_at=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the list of acceptances asks for. Everything empty is everything."""

    search: str = ""
    status: tuple[str, ...] = ()
    document: tuple[str, ...] = ()
    partner_id: UUID | None = None
    overdue: bool | None = None
    countersign: bool | None = None


def acceptances(actor: Actor, filters: Filters, page: PageRequest, at: datetime) -> Slice[AcceptanceRow]:
    """A page of the list. Two queries."""
    return slice_of(_filtered(actor, filters, at), page, order_by=SORTS).map(lambda row: acceptance_row(row, at))


def export_acceptances(actor: Actor, filters: Filters, at: datetime) -> Iterator[AcceptanceRow]:
    for row in _filtered(actor, filters, at).order_by("document__title", "partner__organization__name", "pk").iterator(chunk_size=1000):
        yield acceptance_row(row, at)


def newest_acceptances(actor: Actor, filters: Filters, at: datetime) -> QuerySet[Acceptance]:
    """For the API: rows that `acceptance_row` reads."""
    return _filtered(actor, filters, at)


def overdue_count(actor: Actor, at: datetime) -> int:
    return policies.reach_acceptances(actor).filter(status__in=states.OPEN, due_at__lt=at).count()


def acceptance(actor: Actor, acceptance_id: UUID, at: datetime) -> AcceptanceView:
    """One acceptance with its text, beside what the partner signed before. Raises NotFound."""
    row = policies.reach_acceptances(actor).select_related("document__program").one(acceptance_id)
    named = is_named(actor)
    return AcceptanceView(
        id=row.pk,
        partner_id=row.partner_id,
        partner=row.partner.organization.name,
        document_id=row.document_id,
        code=row.document.code,
        kind_label=kind_label(row.document),
        status=row.status,
        version=view_of(_with_document(row), _signed_before(row) or before_of(row.version), at),
        asked_at=row.asked_at,
        due_at=row.due_at,
        is_overdue=row.status in states.OPEN and row.due_at < at,
        is_open=row.status in states.OPEN,
        blocks=tuple(row.version.blocks),
        signature=_signature(row),
        declined_at=row.declined_at if row.status == "declined" else None,
        declined_by=row.declined_by_name,
        decline_reason=row.decline_reason,
        needs_countersignature=row.document.needs_countersignature,
        countersigned_at=row.countersigned_at,
        countersigned_name=row.countersigned_name,
        countersigned_title=row.countersigned_title,
        signers=tuple(name for _id, name in signers_of(row)) if row.status in states.OPEN else (),
        why_not_sign=policies.why_not_sign(actor, row, is_named=named) if row.status in states.OPEN else None,
        why_not_countersign=policies.why_not_countersign(actor, row),
    )


def signers_of(row: Acceptance) -> list[tuple[UUID, str]]:
    """The active people of the partner who may sign this: by role, or named. In any scope."""
    with system_scope():
        named = set(Signatory.objects.filter(partner=row.partner_id).values_list("user_id", flat=True))
        people = identity.holders_of("agreements.sign", row.partner_id)
        return [(person.id, person.name) for person in people if person.id and (person.role in row.document.signer_roles or person.id in named)]


def is_named(actor: Actor) -> bool:
    """Whether this person was named to sign for its company."""
    return actor.is_partner and Signatory.objects.filter(partner__in=actor.partner_ids, user=actor.user_id).exists()


def waiting_for(partner_id: UUID, at: datetime) -> tuple[Waiting, ...]:
    """What waits for this partner's signature, soonest due first. One query, in the caller's scope."""
    rows = Acceptance.objects.filter(partner=partner_id, status__in=states.OPEN).select_related("version", "document").defer("version__text")
    return tuple(_waiting(row, at) for row in rows.order_by("due_at", "pk"))


def waiting_count(partner_id: UUID) -> int:
    """How many versions wait for this partner's signature, in the caller's scope."""
    return Acceptance.objects.filter(partner=partner_id, status=Acceptance.Status.SENT).count()


def is_anything_open(partner_id: UUID) -> bool:
    """Whether this partner still owes a signature, declined or not, in the caller's scope."""
    return Acceptance.objects.filter(partner=partner_id, status__in=states.OPEN).exists()


def version_binding(partner_id: UUID, code: str, at: datetime) -> BindingVersion | None:
    """The version of a document that bound this partner at a moment: the last one it had signed that had taken effect.

    What was begun then stays under it, whatever was published later. In the caller's scope.
    """
    rows = Acceptance.objects.filter(partner=partner_id, document__code=code, status="accepted", signed_at__lte=at, version__effective_at__lte=at)
    row = rows.select_related("version").order_by("-version__number").first()
    if row is None:
        return None
    return BindingVersion(
        acceptance_id=row.pk,
        version_id=row.version_id,
        number=row.version.number,
        sha256=row.sha256,
        signed_at=row.signed_at,
        effective_at=row.version.effective_at,
    )


def shelf(actor: Actor, at: datetime) -> Shelf:
    """Everything on the portal's page of agreements."""
    signed = policies.reach_acceptances(actor).filter(status="accepted").defer("version__text").order_by("document__title", "-version__number")
    partner_id = actor.partner_id
    return Shelf(
        waiting=waiting_for(partner_id, at) if partner_id else (),
        signed=tuple(_signed(list(signed), at)),
        published=published(actor, at),
        signatories=tuple(_signatory(row) for row in policies.reach_signatories(actor).order_by("user__name")),
        may_sign=not actor.read_only and (is_named(actor) or "partner_admin" in actor.roles),
        may_name=policies.why_not_name_signatories(actor) is None,
    )


def signatories(actor: Actor) -> tuple[SignatoryView, ...]:
    return tuple(_signatory(row) for row in policies.reach_signatories(actor).order_by("user__name"))


def nameable(actor: Actor) -> list[tuple[str, str]]:
    """The people whom an administrator may name: who can hold a signature and is not named yet."""
    named = {row.user_id for row in policies.reach_signatories(actor)}
    people = identity.holders_of("agreements.sign", actor.partner_id)
    return [(str(person.id), person.name) for person in people if person.id not in named and person.role != "partner_admin"]


def of_partner(actor: Actor, partner_id: UUID, at: datetime) -> list[AcceptanceRow]:
    """What one partner has signed and owes, for its page. One query."""
    rows = policies.reach_acceptances(actor).filter(partner=partner_id).exclude(status__in=["superseded", "expired"]).defer("version__text")
    found = [acceptance_row(row, at) for row in rows.order_by("document__title", "-version__number")]
    newest: dict[UUID, int] = {}
    for row in found:
        if row.status == "accepted":
            newest.setdefault(row.document_id, row.number)
    return [row for row in found if row.status != "accepted" or newest[row.document_id] == row.number]


def awaiting_countersignature(actor: Actor, *, limit: int = 50) -> list[AcceptanceRow]:
    rows = policies.reach_acceptances(actor).filter(NEEDS_COUNTERSIGNATURE).defer("version__text").order_by("signed_at")[:limit]
    return [acceptance_row(row, row.signed_at) for row in rows]


def countersign_count(actor: Actor) -> int:
    """How many signatures wait for the vendor's own. One query over an index of those without."""
    needed = Document.objects.filter(needs_countersignature=True).values("pk")
    return policies.reach_acceptances(actor).filter(status="accepted", countersigned_at=None, document__in=needed).count()


def signed_of_partner(actor: Actor) -> Iterator[AcceptanceRow]:
    """What the actor's company has signed, the oldest first."""
    for row in policies.reach_acceptances(actor).filter(status="accepted").defer("version__text").order_by("signed_at", "pk"):
        yield acceptance_row(row, row.signed_at)


def _filtered(actor: Actor, filters: Filters, at: datetime) -> ScopedQuerySet:
    rows = policies.reach_acceptances(actor).defer("version__text", "strokes")
    if filters.search:
        rows = rows.filter(Q(partner__organization__name__icontains=filters.search) | Q(document__title__icontains=filters.search))
    if filters.status:
        rows = rows.filter(status__in=filters.status)
    if filters.document:
        rows = rows.filter(document__in=filters.document)
    if filters.partner_id:
        rows = rows.filter(partner=filters.partner_id)
    late = Q(status__in=states.OPEN, due_at__lt=at)
    for asked, condition in ((filters.overdue, late), (filters.countersign, NEEDS_COUNTERSIGNATURE)):
        if asked is not None:
            rows = rows.filter(condition) if asked else rows.exclude(condition)
    return rows


def acceptance_row(row: Acceptance, at: datetime) -> AcceptanceRow:
    return AcceptanceRow(
        id=row.pk,
        partner_id=row.partner_id,
        partner=row.partner.organization.name,
        document_id=row.document_id,
        document=row.document.title,
        code=row.document.code,
        sha256=row.sha256,
        fingerprint=row.fingerprint,
        number=row.version.number,
        version_id=row.version_id,
        status=row.status,
        asked_at=row.asked_at,
        due_at=row.due_at,
        is_overdue=row.status in states.OPEN and row.due_at < at,
        signed_at=row.signed_at,
        signed_name=row.signed_name,
        reminded_at=row.reminded_at,
        countersigned_at=row.countersigned_at,
        awaits_countersignature=row.status == "accepted" and row.document.needs_countersignature and row.countersigned_at is None,
        decline_reason=row.decline_reason if row.status == "declined" else "",
        created_at=row.created_at,
    )


def _with_document(row: Acceptance) -> Version:
    row.version.document = row.document
    return row.version


def _signed_before(row: Acceptance) -> Version | None:
    """The version that this partner signed last before this one."""
    earlier = Acceptance.objects.filter(partner=row.partner_id, document=row.document_id, status="accepted", version__number__lt=row.version.number)
    found = earlier.select_related("version").order_by("-version__number").first()
    return found.version if found else None


def _signature(row: Acceptance) -> Signature | None:
    if row.signed_at is None:
        return None
    return Signature(
        name=row.signed_name,
        title=row.signed_title,
        company=row.signed_for,
        account=row.signer_account,
        at=row.signed_at,
        path=strokes.path(row.strokes),
        ip_address=row.ip_address or "",
        user_agent=row.user_agent,
        fingerprint=row.fingerprint,
        event_id=row.event_id,
    )


def _waiting(row: Acceptance, at: datetime) -> Waiting:
    return Waiting(
        acceptance_id=row.pk,
        document_id=row.document_id,
        title=row.version.title,
        kind=row.document.kind,
        number=row.version.number,
        is_change=row.version.number > 1,
        sha256=row.version.sha256,
        status=row.status,
        effective_at=row.version.effective_at,
        due_at=row.due_at,
        is_overdue=row.due_at < at,
        blocks=tuple(row.version.blocks),
        asked_at=row.asked_at,
    )


def _signed(rows: list[Acceptance], at: datetime) -> Iterator[Signed]:
    """The signed versions; of each document the newest one that has taken effect holds."""
    holds: dict[UUID, int] = {}
    for row in rows:
        if row.version.effective_at <= at:
            holds.setdefault(row.document_id, row.version.number)
    for row in rows:
        yield Signed(
            acceptance_id=row.pk,
            document_id=row.document_id,
            version_id=row.version_id,
            title=row.version.title,
            kind_label=kind_label(row.document),
            number=row.version.number,
            signed_at=row.signed_at,
            signed_name=row.signed_name,
            awaits_countersignature=row.document.needs_countersignature and row.countersigned_at is None,
            countersigned_at=row.countersigned_at,
            effective_at=row.version.effective_at,
            is_current=holds.get(row.document_id) == row.version.number,
            is_ahead=row.version.effective_at > at,
        )


def _signatory(row: Signatory) -> SignatoryView:
    return SignatoryView(id=row.pk, user_id=row.user_id, name=row.user.name, email=row.user.email, named_by=row.named_by_name, created_at=row.created_at)
