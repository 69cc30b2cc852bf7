"""What both sides, and the customer, read of a customer's choice."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core import signing
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.deals import policies
from openprm.deals.models import ChoiceLetter, ChoiceLink, CustomerChoice, Registration
from openprm.deals.queries.results import OpenedDocument
from openprm.deals.rules.lifecycle import Status
from openprm.deals.wording_work import CHOICE_STATE, WORK_DONE
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, NotFound
from openprm.kernel.models import ScopedQuerySet

SALT = "openprm.deals.choice"
LONGEST_TOKEN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerChoice:
    """What the partner reads: who said what, until when, and what stays. Not who comes next."""

    id: UUID
    registration_id: UUID
    number: str
    customer: str
    state: str
    state_label: str
    tone: str
    told_by: str
    contact_name: str
    reason: str
    recorded_at: datetime
    notice_days: int
    releases_at: datetime
    work_done: str
    clause: str
    clause_text: str
    objected_at: datetime | None
    objection: str
    ended_at: datetime | None
    ended_reason: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorChoice(PartnerChoice):
    """What the vendor reads beside it: the letter, who comes next, who wrote it down."""

    partner_id: UUID
    partner: str
    contact_email: str
    recorded_by: str
    letter: str
    letter_sha256: str
    successor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicChoice:
    """What the customer's contact reads on the public page."""

    contact_name: str
    customer: str
    partner: str
    products: tuple[str, ...]
    notice_days: int
    work_done: str
    expires_at: datetime
    used_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SentLink:
    contact_name: str
    contact_email: str
    sent_at: datetime
    expires_at: datetime
    used_at: datetime | None
    answer: str


def reach(actor: Actor) -> ScopedQuerySet:
    rows = CustomerChoice.objects.select_related("registration", "partner", "recorded_by", "letter" if actor.sees_all_partners else "registration")
    return rows if actor.is_system else rows.filter(registration__in=policies.reach(actor).values("pk"))


def choices_of(actor: Actor, registration_id: UUID) -> tuple[VendorChoice | PartnerChoice, ...]:
    """The choices on one registration, newest first."""
    return tuple(view_of(actor, row) for row in reach(actor).filter(registration=registration_id))


def choice(actor: Actor, choice_id: UUID) -> VendorChoice | PartnerChoice:
    """Raises NotFound."""
    return view_of(actor, reach(actor).one(choice_id))


def newest_choices(actor: Actor, *, state: str = "") -> ScopedQuerySet:
    """For the API's own paging; `view_of` reads the rows."""
    return reach(actor).filter(state=state) if state else reach(actor)


def sent_link(actor: Actor, registration_id: UUID) -> SentLink | None:
    """The newest link that was mailed to the customer, for the vendor."""
    if not actor.sees_all_partners:
        return None
    row = ChoiceLink.objects.filter(registration=registration_id, revoked_at=None).order_by("-sent_at").first()
    names = ("contact_name", "contact_email", "sent_at", "expires_at", "used_at", "answer")
    return SentLink(**{name: getattr(row, name) for name in names}) if row else None


def open_letter(actor: Actor, choice_id: UUID) -> OpenedDocument:
    """The customer's letter, for the vendor. Raises NotFound."""
    row = ChoiceLetter.objects.filter(choice=choice_id).first() if actor.sees_all_partners else None
    if row is None or not row.storage_key:
        raise NotFound(_("There is no letter that you can see."))
    return OpenedDocument(name=row.name, content_type=row.content_type, size=row.size, file=default_storage.open(row.storage_key))


def token_of(link_id: UUID) -> str:
    return signing.Signer(salt=SALT).sign(link_id.hex).replace(":", "-")


def link_url(link_id: UUID) -> str:
    return reverse("deals:choice", args=[token_of(link_id)])


def link_by(token: str, at: datetime) -> ChoiceLink:
    """The link behind an address, in the system's scope. Raises NotFound for a forged, revoked or outlived one."""
    row = ChoiceLink.objects.filter(pk=_link_id(token)).first()
    if row is None or row.revoked_at or (row.used_at is None and row.expires_at <= at):
        raise _dead()
    return row


def _link_id(token: str) -> UUID:
    try:
        signed, _dash, signature = token[:LONGEST_TOKEN].partition("-")
        return UUID(signing.Signer(salt=SALT).unsign(f"{signed}:{signature}"))
    except (signing.BadSignature, ValueError):
        raise _dead() from None


def _dead() -> NotFound:
    return NotFound(_("This link does not work (any more). Ask the person who sent it for a new one."), code="link_is_dead")


def refuse_closed(registration: Registration) -> None:
    """Raises Conflict when there is nothing left to choose."""
    if registration.status != Status.APPROVED or registration.protected_until is None:
        raise Conflict(_("Nothing holds you any more: you are free to work with whom you want. There is nothing left to choose here."))


def public_choice(token: str, *, notice_days: int, work_done: str, at: datetime) -> PublicChoice:
    """In the system's scope. Raises NotFound."""
    link = link_by(token, at)
    row = Registration.objects.select_related("partner").prefetch_related("lines__product").get(pk=link.registration_id)
    return PublicChoice(
        contact_name=link.contact_name,
        customer=row.customer_name,
        partner=row.partner.name,
        products=tuple(line.product.name for line in row.lines.all()),
        notice_days=notice_days,
        work_done=str(WORK_DONE.get(work_done, "")),
        expires_at=link.expires_at,
        used_at=link.used_at,
        answer=link.answer,
    )


def view_of(actor: Actor, row: CustomerChoice) -> VendorChoice | PartnerChoice:
    label, tone = CHOICE_STATE[row.state]
    same = ("id", "registration_id", "state", "told_by", "contact_name", "reason", "recorded_at", "notice_days", "releases_at", "clause", "clause_text")
    same += ("objected_at", "objection", "ended_at", "ended_reason", "version")
    shared = {name: getattr(row, name) for name in same} | {
        "number": row.registration.number,
        "customer": row.registration.customer_name,
        "state_label": str(label),
        "tone": tone,
        "work_done": str(WORK_DONE.get(row.work_done, "")),
    }
    if not actor.sees_all_partners:
        return PartnerChoice(**shared)
    letter = getattr(row, "letter", None)
    return VendorChoice(
        **shared, partner_id=row.partner_id, partner=row.partner.name, contact_email=row.contact_email,
        recorded_by=row.recorded_by.name if row.recorded_by else "", letter=letter.name if letter else "", letter_sha256=letter.sha256 if letter else "",
        successor=letter.successor if letter else "",
    )  # fmt: skip


def objected(actor: Actor, limit: int = 20) -> tuple[VendorChoice | PartnerChoice, ...]:
    """The choices that wait for somebody to decide an objection, the oldest first."""
    if not (actor.sees_all_partners and actor.can("deals.protect")):
        return ()
    rows = reach(actor).filter(state=CustomerChoice.State.OBJECTED).order_by("objected_at", "id")[:limit]
    return tuple(view_of(actor, row) for row in rows)
