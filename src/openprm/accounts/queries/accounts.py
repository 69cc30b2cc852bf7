"""Accounts and contacts: one, a page of the list, search and export."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from openprm.accounts import policies, rules
from openprm.accounts.models import Account, AccountAccess, Contact, Merge
from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.kernel.money import Money
from openprm.ui.paging import PageRequest, Slice, slice_of

TRIGRAM_FROM = 3  # shorter texts have no trigram to look up: they are searched as beginnings


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """One line of the accounts list. On the partner's side the vendor's own columns are empty."""

    id: UUID
    name: str
    legal_name: str
    domain: str
    country: str
    region: str
    city: str
    industry: str
    employees: int | None
    revenue: Money | None
    motion: str
    owner: str
    parent_id: UUID | None
    parent: str
    is_customer: bool
    external_source: str
    external_id: str
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """Everything the vendor knows of one account."""

    id: UUID
    name: str
    legal_name: str
    domain: str
    country: str
    region: str
    city: str
    industry: str
    employees: int | None
    founded_year: int | None
    revenue: Money | None
    motion: str
    owner_id: UUID | None
    owner: str
    is_customer: bool
    parent_id: UUID | None
    parent: str
    subsidiaries: tuple[tuple[UUID, str], ...]
    external_source: str
    external_id: str
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerAccountView:
    """What a partner with access may know of an account: who it is, nothing of what the vendor does there."""

    id: UUID
    name: str
    legal_name: str
    domain: str
    country: str
    city: str
    industry: str
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactView:
    id: UUID
    account_id: UUID
    account: str
    name: str
    email: str
    phone: str
    title: str
    partner_id: UUID | None
    partner: str
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedWith:
    partner_id: UUID
    partner: str
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeView:
    id: UUID
    merged_id: UUID
    merged_name: str
    at: datetime
    by: str
    moved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesFacts:
    """Who may sell to an account: what a conflict check asks."""

    account_id: UUID
    name: str
    motion: str
    is_customer: bool
    owner_id: UUID | None


AccountFilters = Mapping[str, Any]
SORTS = {"name": "name", "country": "country", "industry": "industry", "created_at": "created_at", "employees": "employees"}


def account(actor: Actor, account_id: UUID) -> AccountView:
    """One account as the vendor sees it. Raises NotFound."""
    row = policies.reach(actor).select_related("owner", "parent").one(account_id)
    subsidiaries = tuple(policies.reach(actor).filter(parent=row).order_by("name").values_list("pk", "name"))
    return AccountView(
        **_common(row), founded_year=row.founded_year, owner_id=row.owner_id, owner=row.owner.name if row.owner else "", subsidiaries=subsidiaries,
        parent_id=row.parent_id, parent=row.parent.name if row.parent else "",
    )  # fmt: skip


def account_for_partner(actor: Actor, account_id: UUID) -> PartnerAccountView:
    """One account as a partner with access sees it. Raises NotFound."""
    row = policies.reach(actor).one(account_id)
    access = AccountAccess.objects.get(account=row, partner__in=actor.partner_ids)
    return PartnerAccountView(
        id=row.pk, name=row.name, legal_name=row.legal_name, domain=row.domain, country=row.country, city=row.city, industry=row.industry,
        reason=access.reason, since=access.created_at,
    )  # fmt: skip


def list_accounts(actor: Actor, *, search: str = "", filters: AccountFilters, page: PageRequest) -> Slice:
    """A page of the accounts list. Two queries."""
    return slice_of(_filtered(actor, search, filters), page, order_by=SORTS).map(lambda row: account_row(actor, row))


def export_accounts(actor: Actor, *, search: str = "", filters: AccountFilters) -> Iterator[AccountRow]:
    for row in _filtered(actor, search, filters).order_by("name", "id").iterator(chunk_size=1000):
        yield account_row(actor, row)


def newest_accounts(actor: Actor, *, search: str = "", filters: AccountFilters) -> QuerySet:
    """For the API: rows that `account_row` reads."""
    return _filtered(actor, search, filters)


def search_accounts(actor: Actor, text: str, limit: int) -> list[AccountRow]:
    """Accounts whose name or domain holds the text, names that begin with it first."""
    found = [account_row(actor, row) for row in _filtered(actor, text, {}).order_by("name", "id")[: limit * 4]]
    return sorted(found, key=lambda row: not row.name.casefold().startswith(text.casefold()))[:limit]


def account_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names by account id, of those that the running scope may read."""
    return dict(Account.objects.filter(pk__in=list(ids)).values_list("pk", "name"))


def sales_facts(account_ids: Sequence[UUID]) -> dict[UUID, SalesFacts]:
    """The sales facts of accounts that the running scope may read, in one query."""
    rows = Account.objects.filter(pk__in=account_ids).values_list("pk", "name", "motion", "is_customer", "owner_id")
    return {pk: SalesFacts(account_id=pk, name=name, motion=motion, is_customer=customer, owner_id=owner) for pk, name, motion, customer, owner in rows}


def may_manage(actor: Actor) -> bool:
    """Whether pages offer this actor to add, change and merge accounts."""
    return policies.why_not_manage(actor) is None


def industries(actor: Actor) -> tuple[tuple[str, str], ...]:
    """The industries in use, for a filter."""
    found = policies.reach(actor).exclude(industry="").order_by("industry").values_list("industry", flat=True).distinct()[:200]
    return tuple((name, name.capitalize()) for name in found)


def contacts_of(actor: Actor, account_id: UUID) -> list[ContactView]:
    rows = policies.reach_contacts(actor).filter(account=account_id).select_related("account", "partner").order_by("name", "id")
    return [contact_view(row) for row in rows]


def contact(actor: Actor, contact_id: UUID) -> ContactView:
    return contact_view(policies.reach_contacts(actor).select_related("account", "partner").one(contact_id))


def newest_contacts(actor: Actor, *, account_id: UUID | None = None) -> QuerySet:
    rows = policies.reach_contacts(actor).select_related("account", "partner")
    return rows.filter(account=account_id) if account_id else rows


def export_contacts(actor: Actor) -> Iterator[ContactView]:
    for row in newest_contacts(actor).order_by("account__name", "name", "id").iterator(chunk_size=1000):
        yield contact_view(row)


def shared_with(actor: Actor, account_id: UUID) -> list[SharedWith]:
    """The partners that see this account, for the vendor."""
    policies.reach(actor).one(account_id)
    rows = AccountAccess.objects.filter(account=account_id).select_related("partner").order_by("partner__name")
    return [SharedWith(partner_id=row.partner_id, partner=row.partner.name, reason=row.reason, since=row.created_at) for row in rows]


def merges_of(actor: Actor, account_id: UUID) -> list[MergeView]:
    """The merges into this account that still stand, newest first."""
    rows = policies.reach_merges(actor).filter(kept=account_id, undone_at=None).select_related("merged", "decided_by").order_by("-created_at")
    return [_merge_view(row) for row in rows]


def account_row(actor: Actor, row: Account) -> AccountRow:
    if actor.sees_all_partners:
        parent = row.parent.name if row.parent else ""
        return AccountRow(**_common(row), owner=row.owner.name if row.owner else "", parent_id=row.parent_id, parent=parent)
    hidden = {"employees": None, "revenue": None, "motion": "", "external_source": "", "external_id": "", "is_customer": False, "region": ""}
    return AccountRow(**_common(row) | hidden, owner="", parent_id=None, parent="")


def contact_view(row: Contact) -> ContactView:
    return ContactView(
        id=row.pk,
        account_id=row.account_id,
        account=row.account.name,
        name=row.name,
        email=row.email,
        phone=row.phone,
        title=row.title,
        partner_id=row.partner_id,
        partner=row.partner.name if row.partner else "",
        version=row.version,
        created_at=row.created_at,
    )


def _common(row: Account) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "legal_name": row.legal_name,
        "domain": row.domain,
        "country": row.country,
        "region": row.region,
        "city": row.city,
        "industry": row.industry,
        "employees": row.employees,
        "revenue": Money(row.annual_revenue_minor, row.currency) if row.annual_revenue_minor is not None else None,
        "motion": row.motion,
        "is_customer": row.is_customer,
        "external_source": row.external_source,
        "external_id": row.external_id,
        "version": row.version,
        "created_at": row.created_at,
    }


def _filtered(actor: Actor, search: str, filters: AccountFilters) -> ScopedQuerySet:
    rows = policies.reach(actor)
    rows = rows.select_related("owner", "parent") if actor.sees_all_partners else rows
    for name in ("country", "industry", "motion", "owner"):
        if value := filters.get(name):
            rows = rows.filter(**{f"{name}__in": value if isinstance(value, tuple) else (value,)})
    if filters.get("customer") is not None:
        rows = rows.filter(is_customer=filters["customer"])
    if domain := filters.get("domain"):
        rows = rows.filter(domain=rules.normal_domain(domain) or domain.casefold())
    if source := filters.get("source"):
        rows = rows.filter(external_source=source)
    return rows.filter(_holds(search)) if search else rows


def _holds(text: str) -> Q:
    words = rules.normal_name(text) or text.casefold()
    domain = Q(domain=rules.normal_domain(text)) if rules.normal_domain(text) else Q(domain=text.casefold())
    if len(words) < TRIGRAM_FROM:
        return Q(name_key__startswith=words.replace(" ", "")) | domain
    return Q(name_normal__contains=words) | domain


def _merge_view(row: Merge) -> MergeView:
    return MergeView(
        id=row.pk,
        merged_id=row.merged_id,
        merged_name=row.merged.name,
        at=row.created_at,
        by=row.decided_by.name if row.decided_by else "",
        moved=sum(len(ids) for ids in row.moved.values()),
    )
