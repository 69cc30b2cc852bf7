"""Many rows at once, for imports: products, opportunities and registrations that another system already knows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import ProtectedError, prefetch_related_objects
from django.utils.text import slugify
from django.utils.translation import gettext as _

from openprm.accounts import queries as accounts
from openprm.accounts import services as account_services
from openprm.audit import services as audit
from openprm.deals import policies
from openprm.deals.models import Line, Opportunity, Product, ProductLine, ProtectionGrant, Registration
from openprm.deals.queries import processes
from openprm.deals.rules.fx import Rate, rate_on
from openprm.deals.rules.lifecycle import Stage, Status
from openprm.deals.services import booking, customers, opportunities, terms
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Conflict, NotAllowed
from openprm.kernel.models import Model
from openprm.partners import queries as partners

OPEN = Opportunity.Status.OPEN


class IsInUse(Conflict):
    """Something hangs on the row, so it cannot be taken back."""


def why_not_import(actor: Actor) -> str | None:
    return None if actor.can("deals.import") else _("Your role cannot import deals.")


def _allow(actor: Actor) -> None:
    if reason := why_not_import(actor):
        raise NotAllowed(reason)


def create_products(*, actor: Actor, rows: Sequence[Mapping[str, Any]], source: str, at: datetime) -> list[UUID]:
    """Add products, with the product lines they name. Raises NotAllowed."""
    _allow(actor)
    lines = _lines_named(actor, [row.get("family") or _("Products") for row in rows], at)
    taken = set(Product.objects.values_list("code", flat=True))
    made = [_product(row, lines, taken, source) for row in rows]
    Product.objects.bulk_create(made)
    _tell(actor, "deal.product_added", made, at)
    return [product.pk for product in made]


def _product(row: Mapping[str, Any], lines: Mapping[str, ProductLine], taken: set[str], source: str) -> Product:
    price = row.get("list_price_minor")
    return Product(
        line=lines[(row.get("family") or _("Products")).casefold()],
        code=_free_code(slugify(row["name"])[:52] or "product", taken),
        name=row["name"],
        list_price_minor=price,
        currency=(row.get("currency") or "") if price is not None else "",
        external_source=source if row.get("external_id") else "",
        external_id=row.get("external_id") or "",
    )


def _free_code(wanted: str, taken: set[str]) -> str:
    """A code that nothing has yet; it is taken from then on."""
    code, number = wanted, 1
    while code in taken:
        number += 1
        code = f"{wanted}-{number}"
    taken.add(code)
    return code


def _lines_named(actor: Actor, names: Iterable[str], at: datetime) -> dict[str, ProductLine]:
    """The product lines of these names, made where they are missing, by folded name."""
    found = {line.name.casefold(): line for line in ProductLine.objects.all()}
    taken = {line.code for line in found.values()}
    missing = {name.casefold(): name for name in reversed([*names]) if name.casefold() not in found}
    made = [ProductLine(name=name[:120], code=_free_code(slugify(name)[:52] or "line", taken)) for name in missing.values()]
    ProductLine.objects.bulk_create(made)
    _tell(actor, "deal.product_line_added", made, at)
    return found | {line.name.casefold(): line for line in made}


def update_products(*, actor: Actor, changes: Mapping[UUID, Mapping[str, Any]], at: datetime) -> None:
    """Raises NotAllowed, Conflict for a product that was sold and would change its line."""
    _allow(actor)
    lines = _lines_named(actor, [values["family"] for values in changes.values() if values.get("family")], at)
    sold = set(Line.objects.filter(product_id__in=list(changes)).values_list("product_id", flat=True).distinct())
    for product in Product.objects.filter(pk__in=list(changes)).locked():
        before, values = product.snapshot(), changes[product.pk]
        for name in ("name", "list_price_minor", "currency", "external_id"):
            if name in values:
                setattr(product, name, values[name] if values[name] is not None or name == "list_price_minor" else "")
        line = lines[values["family"].casefold()] if values.get("family") else product.line
        if product.pk in sold and line.pk != product.line_id:
            raise Conflict(_("“%(name)s” is on deals already and stays in its line.") % {"name": product.name})
        product.line = line
        product.save()
        audit.record(actor, "deal.product_changed", product, before=before, at=at)


def remove_products(*, actor: Actor, ids: Iterable[UUID], at: datetime) -> None:
    _remove(actor, Product.objects.filter(pk__in=list(ids)), at)


def create_opportunities(*, actor: Actor, rows: Sequence[Mapping[str, Any]], source: str, at: datetime) -> list[UUID]:
    """Add opportunities as the other system has them; amounts without a known rate stay unbooked. Raises NotAllowed."""
    _allow(actor)
    lines = dict(Product.objects.filter(pk__in={row.get("product") for row in rows}).values_list("pk", "line_id"))
    rates = _Rates()
    made = [_filled(Opportunity(external_source=source if row.get("external_id") else ""), row, lines, rates) for row in rows]
    Opportunity.objects.bulk_create(made)
    _tell(actor, "opportunity.imported", made, at)
    return [one.pk for one in made]


def update_opportunities(*, actor: Actor, changes: Mapping[UUID, Mapping[str, Any]], at: datetime) -> None:
    _allow(actor)
    lines = dict(Product.objects.filter(pk__in={values.get("product") for values in changes.values()}).values_list("pk", "line_id"))
    rates = _Rates()
    for opportunity in Opportunity.objects.filter(pk__in=list(changes)).locked():
        before = opportunity.snapshot()
        _filled(opportunity, changes[opportunity.pk], lines, rates).save()
        audit.record(actor, "opportunity.changed", opportunity, before=before, refs=_refs(opportunity), visible_to=_partner(opportunity), at=at)


def remove_opportunities(*, actor: Actor, ids: Iterable[UUID], at: datetime) -> None:
    _remove(actor, Opportunity.objects.filter(pk__in=list(ids)), at)


_REFERENCES = {"account": "account_id", "product": "product_id", "partner": "partner_id"}
_PLAIN = ("external_id", "name", "stage", "status", "amount_minor", "currency", "opened_date", "close_date", "owner_name")
_TEXTS = frozenset({"external_id", "name", "currency", "owner_name"})


def _filled(opportunity: Opportunity, row: Mapping[str, Any], lines: Mapping[UUID, UUID], rates: "_Rates") -> Opportunity:
    """The opportunity with the row's values; what the row does not carry stays."""
    for name in _PLAIN:
        if name in row and not (row[name] is None and name in ("stage", "status")):
            setattr(opportunity, name, "" if row[name] is None and name in _TEXTS else row[name])
    for name, column in _REFERENCES.items():
        if name in row:
            setattr(opportunity, column, row[name])
    if row.get("product"):
        opportunity.product_line_id = lines.get(row["product"])
    if not opportunity.name:
        opportunity.name = opportunity.external_id or _("Opportunity")
    if opportunity.amount_minor is None:
        opportunity.currency = ""
    if "stage" not in row and opportunity.status != OPEN:
        opportunity.stage = Stage.LAUNCHED if opportunity.status == Opportunity.Status.WON else Stage.CLOSED_LOST
    closed = opportunity.close_date if opportunity.status != OPEN else None
    opportunity.closed_at = _noon(closed) if closed else None
    opportunity.active_at = opportunity.closed_at or (_noon(opportunity.opened_date) if opportunity.opened_date else None)
    rates.book(opportunity, opportunity.close_date or opportunity.opened_date)
    return opportunity


class _Rates:
    """Books amounts of many rows, reading the rates of each currency once."""

    def __init__(self) -> None:
        self.known: dict[str, list[Rate]] = {}

    def book(self, row: Opportunity, day: date | None) -> None:
        """An amount without a day or a known rate stays unbooked."""
        found = self._find(row.currency, day) if row.amount_minor is not None and day else None
        if found:
            row.fx_rate, row.fx_date, row.base_currency = found.rate, found.rate_date, booking.base_currency()
            row.base_amount_minor = booking.at_booked_rate(row)

    def _find(self, currency: str, day: date) -> Rate | None:
        if currency not in self.known:
            self.known[currency] = booking.rates_of(currency)
        return Rate(currency, Decimal(1), day) if currency == booking.base_currency() else rate_on(self.known[currency], currency, day)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


IMPORTABLE = (Status.DRAFT, Status.APPROVED, Status.REJECTED, Status.WITHDRAWN, Status.EXPIRED, Status.CLOSED_WON, Status.CLOSED_LOST, Status.CANCELED)
_NEEDS_ACCOUNT = frozenset({Status.APPROVED, Status.EXPIRED, Status.CLOSED_WON, Status.CLOSED_LOST})


def create_registrations(*, actor: Actor, rows: Sequence[Mapping[str, Any]], source: str, at: datetime) -> list[UUID]:
    """Add registrations as another tool has them: drafts, and what was decided there. Live protections come with their end.

    Raises NotAllowed, NoExchangeRate, and lets `one_live_protection` refuse a second live protection.
    """
    _allow(actor)
    lines = dict(Product.objects.filter(pk__in={row["product"] for row in rows}).values_list("pk", "line_id"))
    names = accounts.account_names({row["account"] for row in rows if row.get("account")})
    made = [_registration(row, names, source, at) for row in rows]
    _place_in_programs(made, at)
    Registration.objects.bulk_create(made)
    Line.objects.bulk_create(_line(registration, row, lines) for registration, row in zip(made, rows, strict=True))
    ProtectionGrant.objects.bulk_create(
        _grant(registration, lines[row["product"]]) for registration, row in zip(made, rows, strict=True) if registration.protected_until
    )
    _follow(made, at)
    _tell(actor, "deal.imported", made, at)
    return [registration.pk for registration in made]


def _follow(made: Sequence[Registration], at: datetime) -> None:
    """What an approval brings along: the partner sees the customer, and the deal has its opportunity."""
    approved = [registration for registration in made if registration.status in _NEEDS_ACCOUNT]
    account_services.grant_many(actor=SYSTEM, pairs=((one.account_id, one.partner_id) for one in approved), reason="registration", at=at)
    prefetch_related_objects(approved, "lines")
    Opportunity.objects.bulk_create(opportunities.brought(registration) for registration in approved)


def _place_in_programs(made: Sequence[Registration], at: datetime) -> None:
    """Each registration belongs to the program its partner is in now; a partner in none leaves it open."""
    places = partners.enrollments({registration.partner_id for registration in made}, at)
    for registration in made:
        if place := places.get(registration.partner_id):
            registration.program_id = place.program_id


def _registration(row: Mapping[str, Any], names: Mapping[UUID, str], source: str, at: datetime) -> Registration:
    status = Status(row.get("status") or Status.DRAFT)
    submitted = _noon(row["submitted_date"]) if row.get("submitted_date") else at
    decided = _noon(row["decided_date"]) if row.get("decided_date") else submitted
    registration = Registration(
        partner_id=row["partner"],
        account_id=row.get("account"),
        title=row.get("title") or row.get("customer_name") or names.get(row.get("account"), ""),
        customer_name=row.get("customer_name") or names.get(row.get("account"), ""),
        customer_domain=row.get("customer_domain") or "",
        customer_country=row.get("customer_country") or "",
        contact_name=row.get("contact_name") or "",
        contact_email=row.get("contact_email") or "",
        amount_minor=row.get("amount_minor") or 0,
        currency=row.get("currency") or booking.base_currency(),
        base_currency=booking.base_currency(),
        expected_close_date=row.get("expected_close_date"),
        next_step=row.get("next_step") or "",
        status=status,
        stage_changed_at=decided,
        external_source=source if row.get("external_id") else "",
        external_id=row.get("external_id") or "",
        created_at=submitted,
    )
    return _decided(registration, status, row, submitted, decided)


def _decided(registration: Registration, status: Status, row: Mapping[str, Any], submitted: datetime, decided: datetime) -> Registration:
    """The dates, place, money and reasons that go with the imported status."""
    if status != Status.DRAFT:
        registration.submitted_at = submitted
        registration.territory = customers.territory_for(registration.customer_country)
    if status in _NEEDS_ACCOUNT | {Status.REJECTED}:
        registration.decided_at = decided
    if status in _NEEDS_ACCOUNT:
        booking.book_on(registration, decided.date())
        registration.booked_at, registration.stage = decided, Stage.QUALIFIED
    if status == Status.APPROVED and row.get("protected_until"):
        registration.protected_until = _noon(row["protected_until"])
    closed = {Status.CLOSED_WON: Stage.LAUNCHED, Status.CLOSED_LOST: Stage.CLOSED_LOST}
    if status in closed:
        registration.stage, registration.closed_at = closed[status], decided
    reason = row.get("reason") or _("Imported without a reason")
    registration.lost_reason = reason if status == Status.CLOSED_LOST else ""
    registration.lost_code = processes.reason_code(reason, registration.program_id) if status == Status.CLOSED_LOST else ""
    registration.ended_reason = reason if status in {Status.WITHDRAWN, Status.REJECTED, Status.CANCELED} else ""
    return registration


def _line(registration: Registration, row: Mapping[str, Any], lines: Mapping[UUID, UUID]) -> Line:
    return Line(
        registration=registration,
        partner_id=registration.partner_id,
        product_id=row["product"],
        product_line_id=lines[row["product"]],
        position=0,
        quantity=row.get("quantity") or 1,
        amount_minor=registration.amount_minor,
        **terms.told(row, won_on=registration.closed_at.date() if registration.closed_at and registration.status == Status.CLOSED_WON else None),
    )


def _grant(registration: Registration, line_id: UUID) -> ProtectionGrant:
    return ProtectionGrant(
        registration=registration,
        partner_id=registration.partner_id,
        account_id=registration.account_id,
        product_line_id=line_id,
        territory=registration.territory,
        starts_at=registration.booked_at,
        ends_at=registration.protected_until,
    )


CHANGEABLE = (
    *("title", "customer_name", "customer_domain", "customer_country", "contact_name", "contact_email"),
    *("expected_close_date", "next_step", "external_id"),
)


def update_registrations(*, actor: Actor, changes: Mapping[UUID, Mapping[str, Any]], at: datetime) -> None:
    """Bring texts and dates up to date, and add missing terms. Status, money and partner follow the rules of the room, never a file. Raises NotAllowed."""
    _allow(actor)
    for registration in policies.reach(SYSTEM).filter(pk__in=list(changes)).locked():
        before = registration.snapshot()
        for name in CHANGEABLE:
            if name in changes[registration.pk]:
                value = changes[registration.pk][name]
                setattr(registration, name, "" if value is None and name != "expected_close_date" else value)
        terms.fill(registration, changes[registration.pk])
        registration.version += 1
        registration.save()
        audit.record(actor, "deal.changed", registration, before=before, refs=_refs(registration), visible_to=_partner(registration), at=at)


def remove_registrations(*, actor: Actor, ids: Iterable[UUID], at: datetime) -> None:
    """Take back registrations that an import made, with their protections. Raises NotAllowed, IsInUse."""
    rows = Registration.objects.filter(pk__in=list(ids))
    _allow(actor)
    ProtectionGrant.objects.filter(registration__in=rows).delete()
    Opportunity.objects.filter(registration__in=rows).delete()
    _remove(actor, rows, at)


def _remove(actor: Actor, rows: Any, at: datetime) -> None:
    _allow(actor)
    for row in rows.locked():
        refs, partner = _refs(row), _partner(row)
        audit.record(actor, "deal.import_removed", row, before=row.snapshot(), after={}, refs=refs, visible_to=partner, at=at)
        try:
            row.delete()
        except ProtectedError:
            raise IsInUse(_("“%(name)s” is used by deals and cannot be taken back.") % {"name": str(row)}) from None


def _tell(actor: Actor, verb: str, rows: Iterable[Model], at: datetime) -> None:
    audit.record_many(actor, verb, [audit.Entry(row, refs=_refs(row), visible_to=_partner(row)) for row in rows], at=at)


def _refs(row: Model) -> tuple[UUID, ...]:
    return tuple(filter(None, (row.pk, getattr(row, "account_id", None), getattr(row, "partner_id", None))))


def _partner(row: Model) -> tuple[UUID, ...]:
    partner_id = getattr(row, "partner_id", None)
    return (partner_id,) if partner_id else ()
