"""The catalogue as people read it: what each kind pays, for whom, and which proofs it wants, before money is spent."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from openprm.funds import proof_policies as policies
from openprm.funds.models import ActivityType
from openprm.funds.rules.catalogue import ActivityTerms, ProofTerms, why_not_usable
from openprm.funds.wording_proofs import NOT_USABLE, formats_in_words, proof_in_words, terms_in_words
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.countries import country_name
from openprm.kernel.money import Money
from openprm.ledger import services as ledger
from openprm.partners import queries as partners


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofView:
    code: str
    name: str
    about: str
    formats: tuple[str, ...]
    formats_label: str
    minimum: int
    dated_within: bool
    max_age_days: int | None
    needs_date: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindView:
    """One kind of activity. `why_not` says why the reader's own company cannot use it; "" when it can."""

    id: UUID
    code: str
    name: str
    about: str
    max_percent: Decimal
    cap: Money | None
    claim_within_days: int
    countries: tuple[str, ...]
    programs: tuple[str, ...]
    tiers: tuple[str, ...]
    partner_types: tuple[str, ...]
    open_to: tuple[str, ...]
    proofs: tuple[ProofView, ...]
    pays: str
    is_active: bool
    version: int
    created_at: datetime
    why_not: str


def newest_kinds(actor: Actor) -> QuerySet:
    return policies.reach_kinds(actor).prefetch_related("proofs")


def kinds(actor: Actor, at: datetime, *, active_only: bool = False) -> tuple[KindView, ...]:
    """The catalogue in its order. A fixed number of queries."""
    rows = newest_kinds(actor)
    rows = rows.filter(is_active=True) if active_only else rows
    place = _place(actor, at)
    return tuple(kind_view(actor, row, place) for row in rows)


def kind(actor: Actor, kind_id: UUID, at: datetime) -> KindView:
    return kind_view(actor, newest_kinds(actor).one(kind_id), _place(actor, at))


def kind_choices(actor: Actor, at: datetime) -> tuple[tuple[str, str], ...]:
    """What a request may name: kinds in use that are open to the reader's company (a vendor's person sees all)."""
    return tuple((str(one.id), one.name) for one in kinds(actor, at, active_only=True) if not one.why_not)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a company stands, for the conditions of the catalogue."""

    program: str = ""
    tier: str = ""
    partner_type: str = ""


def place_of(partner_id: UUID, at: datetime, program_id: UUID | None = None) -> Place:
    """The program, tier and type of one partner, read in the system's scope or its own."""
    held = partners.enrollment(partner_id, at, program_id=program_id)
    about = partners.partner(SYSTEM, partner_id)
    return Place(held.program_code if held else "", held.tier_code if held else "", about.type)


def _place(actor: Actor, at: datetime) -> Place | None:
    return place_of(actor.partner_id, at) if actor.partner_id else None


def why_not_use(terms: ActivityTerms, place: Place, country: str = "") -> str:
    """The sentence that keeps a company from a kind, or ""; a country counts once it is chosen."""
    asked = country or (terms.countries[0] if terms.countries else "")
    code = why_not_usable(terms, country=asked, program=place.program, tier=place.tier, partner_type=place.partner_type)
    return str(NOT_USABLE[code]) if code else ""


def kind_view(actor: Actor, row: ActivityType, place: Place | None) -> KindView:
    terms = row.terms()
    return KindView(
        id=row.pk, code=row.code, name=row.name, about=row.about, max_percent=row.max_percent, cap=row.cap, claim_within_days=row.claim_within_days,
        countries=terms.countries, programs=terms.programs, tiers=terms.tiers, partner_types=terms.partner_types, open_to=_open_to(terms),
        proofs=tuple(proof_view(proof) for proof in terms.proofs), pays=terms_in_words(terms, actor.locale), is_active=row.is_active, version=row.version,
        created_at=row.created_at, why_not=why_not_use(terms, place) if place else "",
    )  # fmt: skip


def proof_view(proof: ProofTerms) -> ProofView:
    return ProofView(
        code=proof.code, name=proof.name, about=proof.about, formats=proof.formats, formats_label=formats_in_words(proof.formats), minimum=proof.minimum,
        dated_within=proof.dated_within, max_age_days=proof.max_age_days, needs_date=proof.needs_date, words=proof_in_words(proof),
    )  # fmt: skip


def _open_to(terms: ActivityTerms) -> tuple[str, ...]:
    countries = ", ".join(country_name(code) for code in terms.countries)
    labels = partners.type_labels()
    types = ", ".join(str(labels.get(code, code)) for code in terms.partner_types)
    return tuple(filter(None, (countries, ", ".join(terms.programs), ", ".join(terms.tiers), types)))


def terms_of(kind_id: UUID, *, currency: str, on: date) -> ActivityTerms:
    """The terms that a request freezes: the kind's own, with its cap in the request's currency at the rate of the day. Raises NotFound, NoRate."""
    terms = ActivityType.objects.prefetch_related("proofs").one(kind_id).terms()
    return in_currency(terms, currency, on)


def in_currency(terms: ActivityTerms, currency: str, on: date) -> ActivityTerms:
    if terms.cap is None or terms.cap.currency == currency:
        return terms
    cap = ledger.convert(terms.cap, to=currency, on=on).money
    return ActivityTerms.from_json(terms.as_json() | {"cap": [cap.minor, cap.currency]})


def country_of(partner_id: UUID) -> str:
    return identity.organization(SYSTEM, partner_id).country
