"""What can be chosen: products, places, programs, currencies, people."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from babel import Locale
from django.utils.translation import gettext as _

from openprm.deals import policies
from openprm.deals.models import ExchangeRate, Product, ProductLine, ReviewerRegion, Territory
from openprm.deals.queries.boards import base_currency
from openprm.deals.queries.processes import every_reason, every_stage
from openprm.deals.queries.results import FilterOptions, FormOptions, Option, PrecheckRow, ProductOption
from openprm.deals.rules.lifecycle import Status
from openprm.deals.rules.precheck import Answer
from openprm.deals.wording import ANSWER, DEAL_TYPE, VERDICT, status_label
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.kernel.money import Money
from openprm.partners import queries as partners


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductLineView:
    id: UUID
    code: str
    name: str
    position: int
    is_active: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductView:
    id: UUID
    code: str
    name: str
    line_id: UUID
    line: str
    list_price: Money | None
    is_active: bool
    external_id: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryView:
    id: UUID
    code: str
    name: str
    countries: tuple[str, ...]
    is_default: bool
    is_active: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RateView:
    id: UUID | None
    currency: str
    base: str
    rate: Decimal
    rate_date: date
    source: str
    created_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerView:
    id: UUID
    user_id: UUID
    name: str
    basis: str
    region: str


def product_lines(actor: Actor) -> tuple[ProductLineView, ...]:
    return tuple(
        ProductLineView(id=row.pk, code=row.code, name=row.name, position=row.position, is_active=row.is_active, created_at=row.created_at)
        for row in _offered(actor, ProductLine)
    )


def products(actor: Actor) -> tuple[ProductView, ...]:
    return tuple(
        ProductView(
            id=row.pk,
            code=row.code,
            name=row.name,
            line_id=row.line_id,
            line=row.line.name,
            list_price=_price(row),
            is_active=row.is_active,
            external_id=row.external_id,
            created_at=row.created_at,
        )
        for row in _offered(actor, Product).select_related("line")
    )


def territories(actor: Actor) -> tuple[TerritoryView, ...]:
    return tuple(
        TerritoryView(
            id=row.pk, code=row.code, name=row.name, countries=tuple(row.countries), is_default=row.is_default, is_active=row.is_active,
            created_at=row.created_at,
        )
        for row in _offered(actor, Territory)
    )  # fmt: skip


def _offered(actor: Actor, model):
    """The vendor's side sees what was retired too."""
    return model.objects.all() if actor.sees_all_partners else model.objects.filter(is_active=True)


def _price(row: Product) -> Money | None:
    return Money(row.list_price_minor, row.currency) if row.list_price_minor is not None else None


def exchange_rates(actor: Actor, limit: int = 100) -> tuple[RateView, ...]:
    return tuple(_rate_view(row) for row in ExchangeRate.objects.order_by("-rate_date", "currency")[:limit])


def rate_on(currency: str, day: date) -> RateView | None:
    """The last rate of a currency against the reporting currency that was known on `day`; the reporting currency itself is one to one."""
    base = base_currency()
    if currency == base:
        return RateView(id=None, currency=base, base=base, rate=Decimal(1), rate_date=day, source="", created_at=None)
    row = ExchangeRate.objects.filter(base=base, currency=currency, rate_date__lte=day).order_by("-rate_date").first()
    return row and _rate_view(row)


def _rate_view(row: ExchangeRate) -> RateView:
    return RateView(id=row.pk, currency=row.currency, base=row.base, rate=row.rate, rate_date=row.rate_date, source=row.source, created_at=row.created_at)


def reviewers(actor: Actor) -> tuple[ReviewerView, ...]:
    if not actor.sees_all_partners:
        raise NotFound()
    return tuple(
        ReviewerView(id=row.pk, user_id=row.user_id, name=row.user.name, basis=row.basis, region=row.region)
        for row in ReviewerRegion.objects.select_related("user").order_by("region", "user__name")
    )


def form_options(actor: Actor, at: datetime, partner_id: UUID | None = None) -> FormOptions:
    """Everything the registration form offers; currencies are those that can be booked today."""
    partner_id = partner_id or actor.partner_id
    held = partners.enrollment(partner_id, at) if partner_id else None
    offered = Product.objects.filter(is_active=True, line__is_active=True).select_related("line").order_by("line__position", "line__name", "name")
    return FormOptions(
        programs=_programs(actor, partner_id),
        product_lines=tuple(Option(value=str(row.pk), label=row.name) for row in ProductLine.objects.filter(is_active=True)),
        products=tuple(ProductOption(id=row.pk, name=row.name, line_id=row.line_id, line=row.line.name, list_price=_price(row)) for row in offered),
        territories=tuple(Option(value=str(row.pk), label=row.name) for row in Territory.objects.filter(is_active=True)),
        countries=countries(actor.locale),
        currencies=_currencies(at),
        deal_types=tuple(Option(value=kind.value, label=str(label)) for kind, label in DEAL_TYPE.items()),
        default_currency=base_currency(),
        default_program_id=held.program_id if held else None,
    )


def _programs(actor: Actor, partner_id: UUID | None) -> tuple[Option, ...]:
    if partner_id is None:
        return tuple(Option(value=str(value), label=label) for value, label in partners.program_choices(actor))
    return tuple(Option(value=str(one.program_id), label=one.program_name) for one in partners.enrollments_of(actor, partner_id) if one.until is None)


def countries(locale: str) -> tuple[Option, ...]:
    names = Locale.parse(locale.replace("-", "_")).territories
    found = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha() and code not in {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"}]
    return tuple(Option(value=code, label=name) for code, name in sorted(found, key=lambda pair: pair[1]))


def _currencies(at: datetime) -> tuple[Option, ...]:
    known = ExchangeRate.objects.filter(base=base_currency(), rate_date__lte=at.date()).values_list("currency", flat=True).distinct()
    return tuple(Option(value=code, label=code) for code in sorted({base_currency(), *known}))


def filter_options(actor: Actor) -> FilterOptions:
    return FilterOptions(
        statuses=tuple(Option(value=status.value, label=str(status_label(status))) for status in Status),
        stages=tuple(Option(value=code, label=name) for code, name in every_stage()),
        deal_types=tuple(Option(value=kind.value, label=str(label)) for kind, label in DEAL_TYPE.items()),
        lost_reasons=tuple(Option(value=code, label=label) for code, label in every_reason()),
        programs=tuple(Option(value=str(value), label=label) for value, label in partners.program_choices(actor)),
        product_lines=tuple(Option(value=str(row.pk), label=row.name) for row in _offered(actor, ProductLine)),
        territories=tuple(Option(value=str(row.pk), label=row.name) for row in _offered(actor, Territory)),
        verdicts=tuple(Option(value=verdict.value, label=str(label)) for verdict, (label, _tone) in VERDICT.items()),
    )


def prechecks(actor: Actor, limit: int = 20) -> tuple[PrecheckRow, ...]:
    """What was asked lately: a partner sees its own questions, the vendor all."""
    rows = policies.reach_prechecks(actor).select_related("product_line", "user", "partner").order_by("-asked_at")[:limit]
    return tuple(
        PrecheckRow(
            id=row.pk,
            customer=row.customer,
            product_line=row.product_line.name,
            answer=row.answer,
            answer_label=str(ANSWER[Answer(row.answer)][0]),
            answer_tone=ANSWER[Answer(row.answer)][1],
            asked_at=row.asked_at,
            person=row.user.name if row.user else _("Somebody"),
            partner=row.partner.name,
        )
        for row in rows
    )
