"""Writing down what a person entered, and saying what is missing before it can be submitted."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.accounts import rules as accounts
from openprm.deals import policies
from openprm.deals.models import Collaborator, Line, Product, Registration, Territory
from openprm.deals.rules.draft import COLUMNS, MAX_LENGTH, MAX_LINES, LineDraft, RegistrationDraft, changed_fields, merged
from openprm.deals.rules.lifecycle import FOLLOWING, DealType, Status, editable_fields, locked_changes
from openprm.deals.rules.renewals import LONGEST_TERM_MONTHS
from openprm.deals.services.booking import base_currency
from openprm.deals.services.refusals import Locked
from openprm.deals.services.results import Saved
from openprm.deals.services.unit import load, record, save, saved
from openprm.deals.wording import field_label
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, NotFound, Problem, refuse_if
from openprm.kernel.money import LARGEST_MINOR, currencies
from openprm.partners import queries as partners

_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
FOLLOWED = (Status.APPROVED, Status.CLOSED_WON)
REQUIRED = ("title", "customer_name", "customer_country", "expected_close_date", "contact_name", "contact_email")


def save_draft(
    *,
    actor: Actor,
    draft: RegistrationDraft,
    registration_id: UUID | None = None,
    partner_id: UUID | None = None,
    version: int | None = None,
    at: datetime,
) -> Saved:
    """Keep what was entered, complete or not. Raises Invalid for values that can never be right, Stale, Locked."""
    refuse_if(policies.why_not_register(actor))
    draft = normal(draft)
    products = checked_products(draft)
    if registration_id is None:
        return saved(_create(actor, draft, products, partner_of(actor, partner_id), at))
    registration = load(actor, registration_id, version=version)
    refuse_if(policies.why_not_edit(actor, registration))
    rewrite(actor, registration, draft, products, at)
    return saved(registration)


def partner_of(actor: Actor, partner_id: UUID | None) -> UUID:
    """For whom is registered: a partner's person for its own company, the vendor's for the one that is named."""
    if actor.is_partner:
        if partner_id not in (None, *actor.partner_ids):
            raise NotFound()
        return partner_id or actor.partner_id
    if partner_id is None:
        raise Invalid(_("Say for which partner you register this deal."), field="partner_id")
    partners.partner(actor, partner_id)
    return partner_id


def _create(actor: Actor, draft: RegistrationDraft, products: Mapping[UUID, Product], partner_id: UUID, at: datetime) -> Registration:
    registration = Registration(partner_id=partner_id, submitter_id=actor.user_id, stage_changed_at=at, base_currency=base_currency())
    _assign(registration, draft)
    _tie(actor, registration)
    registration.save(force_insert=True)
    _write_lines(registration, draft.lines, products)
    if actor.is_partner and actor.user_id:
        Collaborator.objects.create(registration=registration, partner_id=partner_id, user_id=actor.user_id)
    record(actor, "deal.drafted", registration, after={}, at=at)
    return registration


def rewrite(actor: Actor, registration: Registration, draft: RegistrationDraft, products: Mapping[UUID, Product], at: datetime) -> tuple[str, ...]:
    """Bring the row in line with `draft`; returns the names of the changed fields. Raises Locked for a field that is not open.

    Program and territory were settled at submission: what a returned draft says of them is passed over.
    """
    stands = draft_from(registration)
    if registration.status == Status.RETURNED:
        draft = merged(draft, {"program_id": stands.program_id, "territory_id": stands.territory_id, "follows_id": stands.follows_id})
    changes = changed_fields(stands, draft)
    if locked := locked_changes(registration.status, registration.returned_fields, changes):
        raise Locked(
            _("%(fields)s cannot be changed now. Open for change: %(open)s.")
            % {"fields": _labels(locked), "open": _labels(sorted(editable_fields(registration.status, registration.returned_fields)))}
        )
    if not changes:
        return ()
    before = registration.snapshot()
    _assign(registration, draft)
    _tie(actor, registration)
    save(registration, *COLUMNS, "amount_minor", "first_deal")
    if "lines" in changes:
        registration.lines.all().delete()
        _write_lines(registration, draft.lines, products)
    record(actor, "deal.changed", registration, before=before, at=at)
    return tuple(sorted(changes))


def _assign(registration: Registration, draft: RegistrationDraft) -> None:
    for name in COLUMNS:
        setattr(registration, name, getattr(draft, name))
    registration.amount_minor = draft.amount_minor


def _tie(actor: Actor, registration: Registration) -> None:
    """Tie a deal to the one it follows, and so to the first of their chain. Raises Invalid when that is another partner's or customer's."""
    registration.first_deal_id = None
    if registration.follows_id is None:
        return
    earlier = policies.reach(actor).filter(pk=registration.follows_id, partner_id=registration.partner_id, status__in=FOLLOWED).first()
    if earlier is None or earlier.pk == registration.pk:
        raise Invalid(_("Only an approved or won deal of your own can be followed. Choose it from your deals."), field="follows_id")
    if not _same_customer(registration, earlier):
        said = {"number": earlier.number, "customer": earlier.customer_name}
        raise Invalid(_("%(number)s was sold to %(customer)s. A deal with another customer does not follow it.") % said, field="follows_id")
    registration.first_deal_id = earlier.first_deal_id or earlier.pk


def _same_customer(one: Registration, other: Registration) -> bool:
    same_domain = one.customer_domain and one.customer_domain == other.customer_domain
    return bool(same_domain or one.customer_name.casefold() == other.customer_name.casefold())


def _write_lines(registration: Registration, lines: Iterable[LineDraft], products: Mapping[UUID, Product]) -> None:
    Line.objects.bulk_create(
        Line(
            registration=registration,
            partner_id=registration.partner_id,
            product_id=line.product_id,
            product_line_id=products[line.product_id].line_id,
            position=position,
            quantity=line.quantity,
            amount_minor=line.amount_minor,
            term_months=line.term_months,
        )
        for position, line in enumerate(lines)
    )


def draft_from(registration: Registration) -> RegistrationDraft:
    lines = tuple(
        LineDraft(product_id=line.product_id, quantity=line.quantity, amount_minor=line.amount_minor, term_months=line.term_months)
        for line in registration.lines.all()
    )
    return RegistrationDraft(**{name: getattr(registration, name) for name in COLUMNS}, lines=lines)


def normal(draft: RegistrationDraft) -> RegistrationDraft:
    """The draft in its stored spelling: no stray blanks, bare domain, capital country. Raises Invalid for what is too long or odd."""
    values = {name: getattr(draft, name) for name in COLUMNS}
    values |= {name: _clean(value) for name, value in values.items() if isinstance(value, str)}
    values["customer_domain"] = accounts.normal_domain(values["customer_domain"]) if values["customer_domain"] else ""
    values["customer_country"] = values["customer_country"].upper()
    values["contact_email"] = values["contact_email"].lower()
    tidy = RegistrationDraft(**values, lines=tuple(draft.lines))
    if problems := tuple(_impossible(draft, tidy)):
        raise Invalid(problems=problems)
    return tidy


def _clean(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t").strip()


def _impossible(entered: RegistrationDraft, draft: RegistrationDraft) -> Iterable[Problem]:
    for name, most in MAX_LENGTH.items():
        if len(getattr(draft, name)) > most:
            yield Problem(name, _("%(field)s is longer than %(most)d characters. Shorten it.") % {"field": field_label(name), "most": most})
    if entered.customer_domain.strip() and "." not in draft.customer_domain:
        text = entered.customer_domain.strip()[:60]
        yield Problem("customer_domain", _("“%(text)s” is no web domain. Add the ending, for example kallio.fi.") % {"text": text})
    if draft.customer_country and not re.fullmatch("[A-Z]{2}", draft.customer_country):
        yield Problem("customer_country", _("Use the two letters of the country, for example FI."))
    if draft.contact_email and not _EMAIL.match(draft.contact_email):
        yield Problem("contact_email", _("“%(text)s” is no e-mail address. It needs a name, an @ and a domain.") % {"text": draft.contact_email[:60]})
    if draft.currency not in currencies():
        yield Problem("currency", _("“%(code)s” is not a currency code. Use three letters, for example EUR.") % {"code": draft.currency[:10]})
    if draft.deal_type not in set(DealType):
        yield Problem("deal_type", _("Choose new, expansion, renewal or cross-sell."))
    if draft.follows_id and draft.deal_type not in FOLLOWING:
        yield Problem("deal_type", _("A deal that follows another one is a renewal, an expansion or a cross-sell."))
    yield from _impossible_lines(draft.lines)


def _impossible_lines(lines: tuple[LineDraft, ...]) -> Iterable[Problem]:
    if len(lines) > MAX_LINES:
        yield Problem("lines", _("A deal holds at most %(most)d products.") % {"most": MAX_LINES})
    seen: set[UUID] = set()
    for place, line in enumerate(lines):
        if line.product_id in seen:
            yield Problem(f"lines[{place}].product_id", _("This product is on the deal already. Raise its quantity instead."))
        seen.add(line.product_id)
        if not 0 <= line.term_months <= LONGEST_TERM_MONTHS:
            yield Problem(f"lines[{place}].term_months", _("A term lasts at most %(most)d months; 0 means that it has no end.") % {"most": LONGEST_TERM_MONTHS})
        if not 1 <= line.quantity <= 1_000_000:
            yield Problem(f"lines[{place}].quantity", _("The quantity is between 1 and 1,000,000."))
        if not 0 <= line.amount_minor <= LARGEST_MINOR // MAX_LINES:
            yield Problem(f"lines[{place}].amount_minor", _("The amount cannot be negative or that large. Check the digits."))


def checked_products(draft: RegistrationDraft) -> dict[UUID, Product]:
    """The products of the lines, by id. Raises Invalid for products and places that are not on offer."""
    products = {product.pk: product for product in Product.objects.filter(pk__in=[line.product_id for line in draft.lines], is_active=True)}
    problems = [
        Problem(f"lines[{place}].product_id", _("This product is not on offer. Choose one from the list."))
        for place, line in enumerate(draft.lines)
        if line.product_id not in products
    ]
    if draft.territory_id and not Territory.objects.filter(pk=draft.territory_id, is_active=True).exists():
        problems.append(Problem("territory_id", _("This territory is not on offer. Choose one from the list.")))
    if problems:
        raise Invalid(problems=problems)
    return products


def missing(draft: RegistrationDraft, at: datetime) -> tuple[Problem, ...]:
    """What a registration still needs before it can be submitted."""
    problems = [Problem(name, _("%(field)s is needed.") % {"field": field_label(name)}, "required") for name in REQUIRED if not getattr(draft, name)]
    if not draft.lines:
        problems.append(Problem("lines", _("Choose at least one product."), "required"))
    elif draft.amount_minor <= 0:
        problems.append(Problem("lines[0].amount_minor", _("Give the expected amount."), "required"))
    if draft.expected_close_date and draft.expected_close_date < at.date():
        problems.append(Problem("expected_close_date", _("This day has passed. When do you expect to close?")))
    if draft.engaged_since_date and draft.engaged_since_date > at.date():
        problems.append(Problem("engaged_since_date", _("This day lies ahead. Since when do you work with the customer?")))
    return tuple(problems)


def _labels(names: Iterable[str]) -> str:
    return ", ".join(str(field_label(name)) for name in names) or "–"
