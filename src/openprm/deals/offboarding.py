"""What happens to the deals of a partner that leaves: handed over to another one, or released and withdrawn; and what it takes along.

A deal that is handed over becomes a new registration of the receiving partner, with the protection that was left. The old one
is canceled or withdrawn and stays in the history of the partner that leaves; neither learns from it who the other is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.accounts import services as accounts
from openprm.deals import policies
from openprm.deals.events import DealCanceled, DealWithdrawn
from openprm.deals.models import (
    Amendment,
    Collaborator,
    CustomerChoice,
    Decision,
    Document,
    Line,
    Note,
    Opportunity,
    ProtectionGrant,
    ProtectionStep,
    Registration,
    Task,
)
from openprm.deals.rules.draft import merged
from openprm.deals.rules.lifecycle import BEFORE_DECISION, COUNTS_AGAINST_CAPACITY, Status
from openprm.deals.services import amendments, opportunities, renewals, submission
from openprm.deals.services.clocks import stop
from openprm.deals.services.drafts import draft_from
from openprm.deals.services.protection import end_grants
from openprm.deals.services.refusals import AccountAlreadyProtected
from openprm.deals.services.unit import announce, record, save
from openprm.deals.wording import status_label
from openprm.identity import queries as identity
from openprm.inbox import services as inbox
from openprm.inbox.ports import NotificationKind
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, Refusal, refused_by
from openprm.kernel.jobs import job
from openprm.kernel.registry import AuditVerb, Subscription
from openprm.offboarding.ports import Choice, Decided, Item, Outcome, Plan, Step
from openprm.partners.ports import Erasure, ExportFile, ExportPart

HAND_OVER, RELEASE = "hand_over", "release"
SETTLED_HERE = COUNTS_AGAINST_CAPACITY | {Status.DRAFT}
ITEMS_SHOWN = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class DealTakenOver:
    """A deal of a partner that leaves is this partner's now, under a number of its own."""

    registration_id: UUID
    partner_id: UUID
    number: str
    actor_id: UUID | None
    at: datetime


class CannotHandOver(Conflict):
    """One deal stands against the step; the sentence says which and why."""


def open_count(partner_id: UUID) -> int:
    """How many deals of the partner are protected, wait for a decision, or are drafts."""
    return _open(partner_id).count()


def open_items(partner_id: UUID) -> tuple[Item, ...]:
    """The open deals, protected ones first, for single decisions. A draft is nobody's to read and is canceled."""
    rows = _open(partner_id).exclude(status=Status.DRAFT).order_by("status", "protected_until", "pk")[:ITEMS_SHOWN]
    return tuple(_item(row) for row in rows)


@transaction.atomic
def settle_deals(actor: Actor, partner_id: UUID, plan: Plan, at: datetime) -> Outcome:
    """Hand over or release every open deal, as decided. All of them are locked first: an approval under way is waited for, and
    what it made of its deal is what is settled. Raises CannotHandOver, and then nothing has changed."""
    counts = {HAND_OVER: 0, RELEASE: 0, "drafts": 0}
    for registration in list(_open(partner_id).locked()):
        decided = plan.of(registration.pk) or Decided(choice=RELEASE)
        done = _settle(actor, registration, decided, at)
        counts[done] += 1
    renewals.release_all(partner_id, _("The partner left the program."), at)
    return Outcome(note=_("Handed over: %(hand_over)d. Released or withdrawn: %(release)d. Drafts thrown away: %(drafts)d.") % counts)


def _open(partner_id: UUID) -> Any:
    return Registration.objects.filter(partner=partner_id, status__in=sorted(status.value for status in SETTLED_HERE))


def _settle(actor: Actor, registration: Registration, decided: Decided, at: datetime) -> str:
    if registration.status == Status.DRAFT:
        _close(actor, registration, Status.CANCELED, _("The partner left the program."), at)
        return "drafts"
    if decided.choice == HAND_OVER and decided.partner_id:
        _hand_over(actor, registration, decided.partner_id, at)
        return HAND_OVER
    after = Status.WITHDRAWN if registration.status in BEFORE_DECISION else Status.CANCELED
    _close(actor, registration, after, _("The partner left the program."), at)
    opportunities.clear_marks(registration)
    return RELEASE


def _hand_over(actor: Actor, registration: Registration, receiver: UUID, at: datetime) -> None:
    waits = registration.status in BEFORE_DECISION
    grants = list(registration.grants.filter(status__in=ProtectionGrant.LIVE, ends_at__gt=at).locked())
    _close(actor, registration, Status.WITHDRAWN if waits else Status.CANCELED, _("Handed over: the partner left the program."), at)
    try:
        taken = _again(actor, registration, receiver, at) if waits else _protected(actor, registration, receiver, grants, at)
    except Refusal as refusal:
        said = {"number": registration.number, "customer": registration.customer_name, "reason": refusal.message}
        raise CannotHandOver(_("%(number)s for %(customer)s cannot be handed over: %(reason)s Choose another partner, or release it.") % said) from None
    record(actor, "deal.handed_over", registration, after={}, at=at, shared=False, data={"number": taken.number})
    announce(DealTakenOver, taken, actor, at)


def _close(actor: Actor, registration: Registration, after: Status, reason: str, at: datetime) -> None:
    before = registration.snapshot()
    registration.status, registration.ended_reason, registration.closed_at = after, reason, at
    registration.answer_due_at, registration.protected_until = None, None
    end_grants(registration, ProtectionGrant.Status.RELEASED, reason, at)
    amendments.drop_open(registration, at)
    Task.objects.filter(registration=registration, archived_at__isnull=True).update(archived_at=at)
    save(registration, "status", "ended_reason", "closed_at", "answer_due_at", "protected_until")
    stop(registration, at)
    verb, event = ("deal.withdrawn", DealWithdrawn) if after == Status.WITHDRAWN else ("deal.canceled", DealCanceled)
    record(actor, verb, registration, before=before, at=at, note=reason)
    announce(event, registration, actor, at, reason=reason)


def _again(actor: Actor, registration: Registration, receiver: UUID, at: datetime) -> Registration:
    """A deal that waited for a decision is submitted for the receiver, whose own standing then decides."""
    draft = merged(draft_from(registration), {"follows_id": None})
    made = submission.register(actor=SYSTEM, draft=draft, partner_id=receiver, at=at)
    taken = Registration.objects.locked().one(made.registration_id)
    record(actor, "deal.taken_over", taken, after={}, at=at)
    return taken


def _protected(actor: Actor, registration: Registration, receiver: UUID, grants: list[ProtectionGrant], at: datetime) -> Registration:
    """An approved deal goes on as it stands: booked money, stage, and the protection that was left."""
    taken = _copy(registration, receiver, grants)
    Line.objects.bulk_create(_line(line, taken) for line in registration.lines.all())
    _copy_decision(registration, taken)
    with refused_by("one_live_protection", AccountAlreadyProtected(_("another protection covers the customer"))):
        ProtectionGrant.objects.bulk_create(_grant(grant, taken, at) for grant in grants)
    _move_opportunity(registration, taken)
    accounts.grant_access(actor=SYSTEM, account_id=taken.account_id, partner_id=receiver, reason="registration", at=at)
    record(actor, "deal.taken_over", taken, after={}, at=at, data={"protected_until": taken.protected_until})
    return taken


_COPIED = (
    *("program_id", "account_id", "territory_id", "title", "customer_name", "customer_domain", "customer_country", "customer_city"),
    *("contact_name", "contact_email", "contact_phone", "contact_title", "deal_type", "description", "next_step", "competitor"),
    *("expected_close_date", "amount_minor", "currency", "base_amount_minor", "base_currency", "fx_rate", "fx_date", "stage", "stage_changed_at"),
    *("submitted_at", "decided_at", "booked_at", "reviewer_id", "bonus_days"),
)


def _copy(registration: Registration, receiver: UUID, grants: list[ProtectionGrant]) -> Registration:
    taken = Registration(partner_id=receiver, status=Status.APPROVED, **{name: getattr(registration, name) for name in _COPIED})
    taken.protected_until = max((grant.ends_at for grant in grants), default=None)
    taken.save(force_insert=True)
    taken.refresh_from_db()
    return taken


def _line(line: Line, taken: Registration) -> Line:
    names = ("product_id", "product_line_id", "position", "quantity", "amount_minor", "term_months")
    return Line(registration=taken, partner_id=taken.partner_id, **{name: getattr(line, name) for name in names})


def _grant(grant: ProtectionGrant, taken: Registration, at: datetime) -> ProtectionGrant:
    names = ("account_id", "product_line_id", "territory_id", "ends_at", "status", "extended_at", "extended_reason")
    kept = {name: getattr(grant, name) for name in names}
    return ProtectionGrant(registration=taken, partner_id=taken.partner_id, starts_at=max(at, grant.starts_at), **kept)


def _copy_decision(registration: Registration, taken: Registration) -> None:
    """The terms under which the deal was approved hold for the receiver too: an extension that was allowed stays allowed."""
    approved = registration.decisions.filter(kind=Decision.Kind.APPROVED).first()
    if approved:
        names = ("automatic", "by_id", "by_name", "clause", "clause_text", "rule_version_id", "rule_version", "outcome")
        kept = {name: getattr(approved, name) for name in names}
        Decision.objects.create(registration=taken, partner_id=taken.partner_id, kind=Decision.Kind.APPROVED, **kept)


def _move_opportunity(registration: Registration, taken: Registration) -> None:
    opportunity = Opportunity.objects.filter(registration=registration).locked().first()
    if opportunity is None:
        return
    opportunity.registration, opportunity.partner_id = taken, taken.partner_id
    opportunity.is_registered = taken.protected_until is not None
    opportunity.registered_until = taken.protected_until
    opportunity.registered_partner_id = taken.partner_id if opportunity.is_registered else None
    opportunity.version += 1
    opportunity.save()


def _item(row: Registration) -> Item:
    until = _("protected until %(day)s") % {"day": date_format(row.protected_until, "j M Y")} if row.protected_until else str(status_label(row.status))
    return Item(id=row.pk, title=f"{row.number} {row.title or row.customer_name}", detail=until, url=reverse("deals:registration", args=[row.pk]))


STEP = Step(
    code="deals",
    label=gettext_lazy("Settle deals and protections"),
    about=gettext_lazy("Each open deal goes to another partner with the protection that is left, or its customer becomes free. Drafts are thrown away."),
    order=10,
    choices=(
        Choice(
            code=HAND_OVER,
            label=gettext_lazy("Hand over"),
            about=gettext_lazy("The other partner gets the deal and its protection; what waits for a decision is decided anew for it."),
            needs_partner=True,
        ),
        Choice(
            code=RELEASE,
            label=gettext_lazy("Release"),
            about=gettext_lazy("Protections end, what waits is withdrawn, customers are free for everybody."),
        ),
    ),
    count=open_count,
    items=open_items,
    run=settle_deals,
)


def _rows(columns: tuple[str, ...], rows: Any) -> Iterator[dict[str, Any]]:
    yield from rows.order_by("pk").values(*columns).iterator(chunk_size=1000)


def _part(code: str, label: Any, columns: tuple[str, ...], rows_of: Any, files: Any = None) -> ExportPart:
    return ExportPart(code=code, label=label, columns=columns, rows=lambda actor: _rows(columns, rows_of(actor)), files=files)


def _of(model: Any) -> Any:
    """Rows that hang on a registration the actor reaches."""
    return lambda actor: model.objects.filter(registration__in=policies.reach(actor).values("pk"))


def _files(actor: Actor) -> Iterator[ExportFile]:
    """The files on the partner's deals; one that is gone from storage is passed over, its row says that it was."""
    for row in policies.reach_work(actor, Document).select_related("registration").order_by("pk").iterator(chunk_size=200):
        if default_storage.exists(row.storage_key):
            yield ExportFile(f"{row.registration.number}-{row.pk.hex[:8]}-{row.name}", lambda key=row.storage_key: default_storage.open(key, "rb"))


_REGISTRATION = (
    *("id", "number", "title", "customer_name", "customer_domain", "customer_country", "customer_city", "contact_name", "contact_email"),
    *("contact_phone", "contact_title", "deal_type", "description", "next_step", "competitor", "engaged_since_date", "expected_close_date"),
    *("amount_minor", "currency", "status", "stage", "submitted_at", "decided_at", "closed_at", "protected_until", "returned_message"),
    *("lost_code", "lost_competitor", "lost_reason", "ended_reason", "follows_id", "first_deal_id", "split_from_id", "created_at"),
)
_WORK = ("id", "registration_id", "author_name", "author_side", "created_at")
EXPORT = (
    _part("registrations", gettext_lazy("Deal registrations"), _REGISTRATION, policies.reach),
    _part(
        "deal-lines",
        gettext_lazy("Products of the deals"),
        ("registration_id", "position", "product__code", "product__name", "product_line__name", "quantity", "amount_minor", "term_months", "term_ends_on"),
        _of(Line),
    ),
    _part(
        "protections",
        gettext_lazy("Protections"),
        ("id", "registration_id", "product_line__name", "territory__name", "status", "starts_at", "ends_at", "ended_at", "ended_reason"),
        policies.reach_grants,
    ),
    _part(
        "protection-steps",
        gettext_lazy("How work moved the protections"),
        ("registration_id", "position", "kind", "at", "cause", "days", "ends_before", "ends_after", "effective_at", "clause", "rule_version"),
        _of(ProtectionStep),
    ),
    _part(
        "customer-choices",
        gettext_lazy("Choices of customers"),
        ("registration_id", "state", "told_by", "contact_name", "reason", "recorded_at", "notice_days", "releases_at", "objection", "ended_at", "ended_reason"),
        _of(CustomerChoice),
    ),
    _part(
        "decisions",
        gettext_lazy("Decisions on the deals"),
        ("registration_id", "kind", "automatic", "by_name", "reason", "clause", "clause_text", "rule_version", "created_at"),
        _of(Decision),
    ),
    _part(
        "amendments",
        gettext_lazy("Changes of approved deals"),
        ("registration_id", "number", "kind", "state", "before", "after", "reason", "proposer_name", "proposed_at", "decided_at", "decision_reason", "clause"),
        policies.reach_amendments,
    ),
    _part(
        "renewals",
        gettext_lazy("Renewals"),
        ("registration_id", "term_ends_on", "opened_at", "right", "first_right_until", "state", "renewed_by_id", "closed_at", "clause"),
        policies.reach_renewals,
    ),
    _part("notes", gettext_lazy("Notes on the deals"), (*_WORK, "body"), lambda actor: policies.reach_work(actor, Note)),
    _part("tasks", gettext_lazy("Tasks on the deals"), (*_WORK, "title", "due_date", "done_at"), lambda actor: policies.reach_work(actor, Task)),
    _part(
        "documents",
        gettext_lazy("Files on the deals"),
        (*_WORK, "name", "content_type", "size", "sha256"),
        lambda actor: policies.reach_work(actor, Document),
        _files,
    ),
    _part(
        "opportunities",
        gettext_lazy("Opportunities"),
        ("id", "registration_id", "name", "stage", "status", "amount_minor", "currency", "opened_date", "close_date", "closed_at", "lost_reason"),
        policies.reach_opportunities,
    ),
    _part(
        "pre-checks",
        gettext_lazy("Pre-checks"),
        ("id", "customer", "product_line__name", "answer", "asked_at"),
        policies.reach_prechecks,
    ),
)


def forget(*, partner_id: UUID, people: tuple[UUID, ...], at: datetime) -> int:
    """Take the names of a partner's former people off what they wrote on deals; what they wrote, and the deals, stay."""
    changed = 0
    for model in (Note, Task, Document):
        changed += model.objects.filter(partner=partner_id, author__in=people).exclude(author_name="").update(author_name="")
    changed += Amendment.objects.filter(partner=partner_id, proposer__in=people).exclude(proposer_name="").update(proposer_name="")
    Collaborator.objects.filter(partner=partner_id, user__in=people).delete()
    return changed


ERASURE = Erasure(code="deals.authors", label=gettext_lazy("Names of authors on deals"), erase=forget)


@job(name="deals.tell_taken_over")
def on_taken_over(*, registration_id: UUID, partner_id: UUID, number: str, actor_id: UUID | None, at: datetime) -> None:
    """Tell those who sell at the receiving partner that a deal is theirs now."""
    row = Registration.objects.filter(pk=registration_id).first()
    if row is None:
        return
    inbox.notify(
        to=[person.id for person in identity.holders_of("deals.register", partner_id) if person.id],
        kind="deals.taken_over",
        title=_("%(title)s is yours now") % {"title": row.title or row.customer_name},
        body=_("%(number)s for %(customer)s was handed over to you.") % {"number": number, "customer": row.customer_name},
        url=reverse("deals:portal_registration", args=[registration_id]),
        refs=(registration_id, partner_id),
        key=f"deals.taken_over:{registration_id}",
        at=at,
    )


PORTS = {"offboarding.steps": (STEP,), "offboarding.export": EXPORT, "offboarding.erasure": (ERASURE,)}
SUBSCRIPTIONS = (Subscription(event=DealTakenOver, handler=on_taken_over),)
KINDS = (
    NotificationKind(
        code="deals.taken_over", label=gettext_lazy("a deal is handed over to us"), group=gettext_lazy("Deals"), icon="handshake", tone="ok", side="partner"
    ),
)
AUDIT_VERBS = {
    "deal.handed_over": AuditVerb(label=gettext_lazy("handed the deal over"), icon="arrow-right", tone="info"),
    "deal.taken_over": AuditVerb(label=gettext_lazy("gave the deal to this partner"), icon="handshake", tone="ok"),
}
