"""How accounts and contacts are read from files and written to them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.accounts import policies, queries, rules, services
from openprm.accounts.models import Account
from openprm.accounts.vocabulary import INDUSTRIES
from openprm.kernel.actor import Actor
from openprm.kernel.money import minor_units
from openprm.kernel.transfer import Change, ExportColumn, How, ImportField, Kind, Reference, RowProblem, Values, match_text

MOTIONS = (("direct", gettext_lazy("Direct")), ("channel", gettext_lazy("Channel")), ("shared", gettext_lazy("Shared")))


class AccountImporter:
    entity = "accounts"
    label = gettext_lazy("Accounts")
    permission = "accounts.import"
    after: tuple[str, ...] = ()
    fields = (
        ImportField("external_id", gettext_lazy("Id in the source"), aliases=("id", "account_id", "account id", "crm id"), max_length=200),
        ImportField(
            "name",
            gettext_lazy("Name"),
            required=True,
            aliases=("account", "account_name", "company", "company name", "customer", "organisation", "organization"),
        ),
        ImportField("legal_name", gettext_lazy("Legal name"), aliases=("registered name",)),
        ImportField("domain", gettext_lazy("Web domain"), max_length=253, aliases=("website", "web", "url", "web site")),
        ImportField("country", gettext_lazy("Country"), Kind.COUNTRY, aliases=("office_location", "location", "country code", "billing country")),
        ImportField("region", gettext_lazy("Region"), max_length=80, aliases=("state", "province")),
        ImportField("city", gettext_lazy("City"), max_length=80, aliases=("town", "billing city")),
        ImportField(
            "industry",
            gettext_lazy("Industry"),
            Kind.CHOICE,
            choices=tuple((name, name) for name in INDUSTRIES),
            open_choice=True,
            max_length=80,
            aliases=("sector", "vertical"),
        ),
        ImportField("employees", gettext_lazy("Employees"), Kind.NUMBER, aliases=("headcount", "number of employees", "staff")),
        ImportField("founded_year", gettext_lazy("Founded"), Kind.NUMBER, aliases=("year_established", "founded", "year founded")),
        ImportField("annual_revenue_minor", gettext_lazy("Annual revenue"), Kind.MONEY, aliases=("revenue", "annual revenue", "turnover")),
        ImportField("currency", gettext_lazy("Currency"), Kind.CURRENCY, aliases=("currency code",)),
        ImportField("motion", gettext_lazy("Who sells"), Kind.CHOICE, choices=MOTIONS, aliases=("motion", "route to market")),
        ImportField("is_customer", gettext_lazy("Is a customer"), Kind.BOOL, aliases=("customer", "is customer")),
        ImportField(
            "parent_id",
            gettext_lazy("Parent company"),
            Kind.REFERENCE,
            references="accounts",
            deferred=True,
            aliases=("parent", "subsidiary_of", "parent account"),
        ),
    )

    def lookup(self, *, actor: Actor, texts: Sequence[str], source: str) -> Mapping[str, Reference]:
        """By id of the source, then by equal normal name, then the one account that is spelt nearly so."""
        found = self._by_id(actor, texts, source) | self._by_domain(actor, [text for text in texts if "." in text])
        rest = [text for text in texts if text not in found]
        found |= self._by_key(actor, rest)
        return found | {text: self._nearest(actor, text) for text in rest if text not in found}

    def _by_id(self, actor: Actor, texts: Sequence[str], source: str) -> dict[str, Reference]:
        rows = policies.reach(actor).filter(external_source=source, external_id__in=list(texts)).exclude(external_id="")
        return {row.external_id: Reference(row.pk, row.name, How.EXACT, 100) for row in rows.only("external_id", "name")}

    def _by_domain(self, actor: Actor, texts: Sequence[str]) -> dict[str, Reference]:
        domains = {text: domain for text in texts if (domain := rules.normal_domain(text))}
        rows: dict[str, list[Account]] = {}
        for row in policies.reach(actor).filter(domain__in=set(domains.values())).only("domain", "name") if domains else ():
            rows.setdefault(row.domain, []).append(row)
        return {text: Reference(rows[domain][0].pk, rows[domain][0].name, How.EXACT, 100) for text, domain in domains.items() if len(rows.get(domain, ())) == 1}

    def _by_key(self, actor: Actor, texts: Sequence[str]) -> dict[str, Reference]:
        """Accounts whose normal name or legal name equals the text's; several equal ones are ambiguous unless one is spelt alike."""
        keys = {text: key for text in texts if (key := rules.name_key(text))}
        rows: dict[str, list[Account]] = {}
        wanted = set(keys.values())
        for row in policies.reach(actor).filter(Q(name_key__in=wanted) | Q(legal_key__in=wanted)).only("name", "name_key", "legal_key") if wanted else ():
            for key in {row.name_key, row.legal_key} & wanted:
                rows.setdefault(key, []).append(row)
        return {text: _reference(text, rows[key]) for text, key in keys.items() if key in rows}

    def _nearest(self, actor: Actor, text: str) -> Reference:
        near = {one.name: one.account_id for one in queries.duplicate_candidates(actor, queries.AccountDraft(name=text), limit=10)}
        match = match_text(text, near)
        return Reference(near[match.name] if match.name else None, match.name or "", match.how, match.percent)

    def find(self, *, actor: Actor, rows: Sequence[Values], source: str) -> Sequence[UUID | None]:
        """By id of the source; without one by web domain, then by equal name."""
        ids = [row.get("external_id") for row in rows if row.get("external_id")]
        by_id = dict(policies.reach(actor).filter(external_source=source, external_id__in=ids).values_list("external_id", "pk"))
        by_key = self._one_of(actor, "name_key", [rules.name_key(row["name"]) for row in rows if not row.get("external_id") and row.get("name")])
        by_domain = self._one_of(actor, "domain", [d for row in rows if not row.get("external_id") and (d := rules.normal_domain(row.get("domain") or ""))])
        return [
            by_id.get(row["external_id"])
            if row.get("external_id")
            else by_domain.get(rules.normal_domain(row.get("domain") or "")) or by_key.get(rules.name_key(row.get("name") or ""))
            for row in rows
        ]

    def _one_of(self, actor: Actor, column: str, values: Sequence[str]) -> dict[str, UUID]:
        rows = list(policies.reach(actor).filter(**{f"{column}__in": set(values)}).values_list(column, "pk")) if values else []
        several = Counter(value for value, _pk in rows)
        return {value: pk for value, pk in rows if several[value] == 1}

    def current(self, *, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, Values]:
        names = [field.name for field in self.fields]
        return {row["pk"]: {name: row[name] for name in names} for row in policies.reach(actor).filter(pk__in=list(ids)).values("pk", *names)}

    def normal(self, values: Values) -> Values:
        domain = values.get("domain") or ""
        return {**values, "domain": rules.normal_domain(domain) or ("" if rules.is_free_mail(domain) else domain)} if "domain" in values else values

    def check(self, *, actor: Actor, rows: Sequence[Values], found: Sequence[UUID | None]) -> Sequence[Sequence[RowProblem]]:
        return [tuple(_account_problems(row)) for row in rows]

    def create(self, *, actor: Actor, rows: Sequence[Values], source: str, at: datetime) -> Sequence[UUID]:
        return services.create_accounts(actor=actor, rows=[_clean(row) | {"external_source": source if row.get("external_id") else ""} for row in rows], at=at)

    def update(self, *, actor: Actor, changes: Sequence[Change], at: datetime) -> None:
        services.update_accounts(actor=actor, changes={change.id: _clean(change.after) for change in changes}, at=at)

    def remove(self, *, actor: Actor, ids: Sequence[UUID], at: datetime) -> None:
        services.remove_accounts(actor=actor, account_ids=ids, at=at)


class ContactImporter:
    entity = "contacts"
    label = gettext_lazy("Contacts")
    permission = "accounts.import"
    after = ("accounts",)
    fields = (
        ImportField("external_id", gettext_lazy("Id in the source"), aliases=("id", "contact_id", "contact id"), max_length=200),
        ImportField(
            "account_id",
            gettext_lazy("Account"),
            Kind.REFERENCE,
            references="accounts",
            required=True,
            aliases=("account", "company", "account name", "account_id"),
        ),
        ImportField("name", gettext_lazy("Name"), required=True, max_length=120, aliases=("contact", "full name", "contact name")),
        ImportField("email", gettext_lazy("E-mail"), Kind.EMAIL, max_length=254, aliases=("e-mail", "mail", "email address")),
        ImportField("phone", gettext_lazy("Telephone"), max_length=40, aliases=("telephone", "mobile", "phone number")),
        ImportField("title", gettext_lazy("Job title"), max_length=120, aliases=("job title", "role", "position")),
    )

    def lookup(self, *, actor: Actor, texts: Sequence[str], source: str) -> Mapping[str, Reference]:
        rows = policies.reach_contacts(actor).filter(email__in=[text.casefold() for text in texts]).values_list("email", "pk", "name")
        by_email = {email: Reference(pk, name, How.EXACT, 100) for email, pk, name in rows}
        return {text: by_email.get(text.casefold(), Reference(None, "", How.UNKNOWN)) for text in texts}

    def find(self, *, actor: Actor, rows: Sequence[Values], source: str) -> Sequence[UUID | None]:
        """By id of the source; without one by account and e-mail address, or account and name."""
        ids = [row["external_id"] for row in rows if row.get("external_id")]
        by_id = dict(policies.reach_contacts(actor).filter(external_source=source, external_id__in=ids).values_list("external_id", "pk"))
        accounts = {row["account_id"] for row in rows if row.get("account_id")}
        near = policies.reach_contacts(actor).filter(account__in=accounts).values_list("account_id", "email", "name", "pk")
        known: dict[Any, UUID] = {}
        for account_id, email, name, pk in near:
            known |= {(account_id, email or None): pk, (account_id, "name", name.casefold()): pk}
        return [by_id.get(row["external_id"]) if row.get("external_id") else self._known(known, row) for row in rows]

    def _known(self, known: Mapping[Any, UUID], row: Values) -> UUID | None:
        account_id, email = row.get("account_id"), (row.get("email") or "").casefold()
        if email:
            return known.get((account_id, email))
        return known.get((account_id, "name", (row.get("name") or "").casefold()))

    def current(self, *, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, Values]:
        names = [field.name for field in self.fields]
        return {row["pk"]: {name: row[name] for name in names} for row in policies.reach_contacts(actor).filter(pk__in=list(ids)).values("pk", *names)}

    def normal(self, values: Values) -> Values:
        return values

    def check(self, *, actor: Actor, rows: Sequence[Values], found: Sequence[UUID | None]) -> Sequence[Sequence[RowProblem]]:
        return [tuple(_contact_problems(row)) for row in rows]

    def create(self, *, actor: Actor, rows: Sequence[Values], source: str, at: datetime) -> Sequence[UUID]:
        made = [
            (row["account_id"], _clean({k: v for k, v in row.items() if k != "account_id"}) | {"external_source": source if row.get("external_id") else ""})
            for row in rows
        ]
        return services.create_contacts(actor=actor, rows=made, at=at)

    def update(self, *, actor: Actor, changes: Sequence[Change], at: datetime) -> None:
        services.update_contacts(actor=actor, changes={change.id: _clean(change.after) for change in changes}, at=at)

    def remove(self, *, actor: Actor, ids: Sequence[UUID], at: datetime) -> None:
        services.remove_contacts(actor=actor, contact_ids=ids, at=at)


class AccountExporter:
    entity = "accounts"
    label = gettext_lazy("Accounts")
    permission = "accounts.view"
    columns = tuple(
        ExportColumn(name, name)
        for name in [
            "openprm_id",
            "name",
            "legal_name",
            "domain",
            "country",
            "region",
            "city",
            "industry",
            "employees",
            "annual_revenue",
            "currency",
            "motion",
            "owner",
            "parent",
            "is_customer",
            "external_source",
            "external_id",
            "created_at",
        ]
    )

    def rows(self, *, actor: Actor, filters: Mapping[str, Any], at: datetime) -> Iterator[Sequence[Any]]:
        for row in queries.export_accounts(actor, search=str(filters.get("q", "")), filters={k: v for k, v in filters.items() if k != "q"}):
            money = (f"{row.revenue.major:.{minor_units(row.revenue.currency)}f}", row.revenue.currency) if row.revenue else ("", "")
            yield (
                row.id, row.name, row.legal_name, row.domain, row.country, row.region, row.city, row.industry, row.employees, *money, row.motion,
                row.owner, row.parent, row.is_customer, row.external_source, row.external_id, row.created_at,
            )  # fmt: skip


class ContactExporter:
    entity = "contacts"
    label = gettext_lazy("Contacts")
    permission = "accounts.view"
    columns = tuple(ExportColumn(name, name) for name in ("openprm_id", "account", "name", "email", "phone", "title", "partner", "created_at"))

    def rows(self, *, actor: Actor, filters: Mapping[str, Any], at: datetime) -> Iterator[Sequence[Any]]:
        for row in queries.export_contacts(actor):
            yield row.id, row.account, row.name, row.email, row.phone, row.title, row.partner, row.created_at


def _reference(text: str, rows: Sequence[Account]) -> Reference:
    """The one account of that normal name; of several the one that is spelt exactly so."""
    exact = [row for row in rows if row.name == text]
    if len(exact) == 1 or len(rows) == 1:
        row = (exact or rows)[0]
        return Reference(row.pk, row.name, How.EXACT if row.name == text else How.NORMALISED, 100)
    return Reference(None, "", How.AMBIGUOUS)


def _account_problems(row: Values) -> Iterator[RowProblem]:
    if (written := row.get("domain")) and not rules.normal_domain(written) and not rules.is_free_mail(written):
        yield RowProblem("domain", _("“%(text)s” is no web address. Add the ending, for example kallio.fi.") % {"text": str(written)[:60]})
    if row.get("annual_revenue_minor") is not None and not row.get("currency"):
        yield RowProblem("currency", _("The revenue has no currency. Map a column to it or set one for the whole file."))


def _contact_problems(row: Values) -> Iterator[RowProblem]:
    if row.get("phone") and not services.checks.PHONE.fullmatch(row["phone"]):
        yield RowProblem("phone", _("“%(text)s” is no telephone number.") % {"text": str(row["phone"])[:40]})


def _clean(row: Values) -> Values:
    """Absent texts are empty, a free-mail domain is none: what services take."""
    empty = {name: "" for name in _TEXTS if name in row and row[name] is None}
    domain = {"domain": rules.normal_domain(row["domain"] or "")} if "domain" in row else {}
    flags = {name: False for name in ("is_customer",) if name in row and row[name] is None}
    motion = {"motion": "shared"} if "motion" in row and not row["motion"] else {}
    return {**row, **empty, **domain, **flags, **motion}


_TEXTS = frozenset(
    {
        field.name
        for importer in (AccountImporter, ContactImporter)
        for field in importer.fields
        if field.kind in (Kind.TEXT, Kind.COUNTRY, Kind.CHOICE, Kind.EMAIL, Kind.CURRENCY)
    }
)
