"""How leads are read from files. Without the consent that the person's country asks for, a row is refused in the dry run."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy

from openprm.kernel.actor import Actor
from openprm.kernel.clock import now
from openprm.kernel.errors import Refusal
from openprm.kernel.transfer import Change, How, ImportField, Kind, Reference, RowProblem, Values
from openprm.leads import queries, services
from openprm.leads.intake_wording import GROUND_ASKED
from openprm.leads.rules.consent import ConsentGiven, Ground
from openprm.leads.rules.intake_draft import LeadDraft

TEXTS = ("company_name", "company_domain", "country", "region", "city", "postal_code", "contact_name", "contact_email", "contact_phone", "contact_title")
MORE = ("title", "message", "industry", "campaign", "external_id", "currency")


class LeadImporter:
    """A lead that is there already is left as it is; a row of a known person or company joins its lead."""

    entity = "leads"
    label = gettext_lazy("Leads")
    permission = "leads.import"
    after: tuple[str, ...] = ("products",)
    fields = (
        ImportField("external_id", gettext_lazy("Id in the source"), aliases=("id", "lead id", "lead_id"), max_length=120),
        ImportField("company_name", gettext_lazy("Company"), required=True, aliases=("company", "account", "account name", "organization"), max_length=200),
        ImportField("company_domain", gettext_lazy("Web site"), aliases=("website", "web", "domain"), max_length=253),
        ImportField("country", gettext_lazy("Country"), Kind.COUNTRY, aliases=("country code",)),
        ImportField("region", gettext_lazy("Region"), aliases=("state", "province"), max_length=80),
        ImportField("city", gettext_lazy("Town"), aliases=("city", "town"), max_length=120),
        ImportField("postal_code", gettext_lazy("Postal code"), aliases=("zip", "postcode", "zip code"), max_length=20),
        ImportField("contact_name", gettext_lazy("Contact"), aliases=("name", "contact", "full name", "person"), max_length=120),
        ImportField("contact_email", gettext_lazy("E-mail"), Kind.EMAIL, aliases=("email", "e-mail", "mail"), max_length=254),
        ImportField("contact_phone", gettext_lazy("Telephone"), aliases=("phone", "telephone", "mobile"), max_length=40),
        ImportField("contact_title", gettext_lazy("Role"), aliases=("title", "job title", "role"), max_length=120),
        ImportField("title", gettext_lazy("What it is about"), aliases=("subject", "topic"), max_length=160),
        ImportField("message", gettext_lazy("What the customer needs"), aliases=("description", "notes", "comments", "need"), max_length=4000),
        ImportField("industry", gettext_lazy("Industry"), aliases=("sector",), max_length=40),
        ImportField("employees", gettext_lazy("Employees"), Kind.NUMBER, aliases=("number of employees", "no of employees")),
        ImportField("amount_minor", gettext_lazy("Expected value"), Kind.MONEY, aliases=("amount", "value", "budget", "expected value")),
        ImportField("currency", gettext_lazy("Currency"), Kind.CURRENCY, aliases=("currency code",)),
        ImportField("product_line", gettext_lazy("Product line"), aliases=("product", "product line", "interest"), max_length=120),
        ImportField("score", gettext_lazy("Points"), Kind.NUMBER, aliases=("score", "lead score")),
        ImportField("campaign", gettext_lazy("Campaign"), aliases=("lead source", "utm_campaign"), max_length=120),
        ImportField(
            "consent", gettext_lazy("Consent"), Kind.CHOICE, choices=tuple((str(one), label) for one, label in GROUND_ASKED.items()),
            aliases=("consent ground", "legal basis", "opt-in", "opt in"),
            help=gettext_lazy("On which ground the person may be written to: opt_in, double_opt_in, existing_customer, legitimate_interest or none."),
        ),
        ImportField("consent_text", gettext_lazy("Words the person agreed to"), aliases=("consent wording",), max_length=4000),
        ImportField("consent_version", gettext_lazy("Version of these words"), aliases=("consent text version",), max_length=80),
        ImportField("consent_date", gettext_lazy("Day of the consent"), Kind.DATE, aliases=("consent date", "opt-in date", "consented on")),
        ImportField("consent_source", gettext_lazy("Where the consent is written down"), aliases=("consent source", "proof"), max_length=200),
    )  # fmt: skip

    def lookup(self, *, actor: Actor, texts: Sequence[str], source: str) -> Mapping[str, Reference]:
        known = queries.leads_by_external_ids(actor, source, texts)
        return {text: Reference(known[text], text, How.EXACT, 100) if text in known else Reference(None, "", How.UNKNOWN) for text in texts}

    def find(self, *, actor: Actor, rows: Sequence[Values], source: str) -> Sequence[UUID | None]:
        known = queries.leads_by_external_ids(actor, source, [row["external_id"] for row in rows if row.get("external_id")])
        return [known.get(row.get("external_id") or "") for row in rows]

    def current(self, *, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, Values]:
        """What a person said is not overwritten by a file: a known lead has nothing to change."""
        return {lead_id: {} for lead_id in ids}

    def normal(self, values: Values) -> Values:
        return values

    def check(self, *, actor: Actor, rows: Sequence[Values], found: Sequence[UUID | None]) -> Sequence[Sequence[RowProblem]]:
        at = now()
        return [() if known else tuple(_problems(row, at)) for row, known in zip(rows, found, strict=True)]

    def create(self, *, actor: Actor, rows: Sequence[Values], source: str, at: datetime) -> Sequence[UUID]:
        incoming = [_incoming(row, source, at) for row in rows]
        taken = services.take_in_many(actor=actor, incoming=incoming, route=True, at=at)
        return [one.received.lead_id for one in taken]

    def update(self, *, actor: Actor, changes: Sequence[Change], at: datetime) -> None:
        """Nothing: a lead that is there stays as its person wrote it."""

    def remove(self, *, actor: Actor, ids: Sequence[UUID], at: datetime) -> None:
        services.take_back(actor=actor, lead_ids=ids, at=at)


def _problems(row: Values, at: datetime) -> Iterator[RowProblem]:
    try:
        services.check_incoming(_incoming(row, "", at), at=at)
    except Refusal as refusal:
        for one in refusal.problems:
            yield RowProblem(_column(one.field), str(one.message))


def _column(field: str) -> str:
    names = {"consent": "consent", "consent.text": "consent_text", "consent.text_version": "consent_version", "consent.given_at": "consent_date"}
    return names.get(field, "consent_source" if field == "consent.source" else field)


def _incoming(row: Values, source: str, at: datetime) -> Any:
    texts = {name: row.get(name) or "" for name in (*TEXTS, *MORE)}
    draft = LeadDraft(
        **{**texts, "currency": texts["currency"] or "EUR"},
        employees=row.get("employees"),
        amount_minor=row.get("amount_minor"),
        product_line_id=services.product_line(row.get("product_line") or ""),
        source="csv",
        source_detail=source[:120],
        external_source=source[:60] if texts["external_id"] else "",
    )
    return services.Incoming(draft=draft, consent=_consent(row, at), points=row.get("score"))


def _consent(row: Values, at: datetime) -> ConsentGiven | None:
    """A file tells days: the consent stands at noon, or now when that is earlier."""
    if not row.get("consent"):
        return None
    day = row.get("consent_date")
    return ConsentGiven(
        ground=Ground(row["consent"]),
        text=row.get("consent_text") or "",
        text_version=row.get("consent_version") or "",
        given_at=_noon(day, at) if day else None,
        source=row.get("consent_source") or "",
    )


def _noon(day: Any, at: datetime) -> datetime:
    noon = datetime.combine(day, time(12), UTC)
    return min(noon, at) if day <= at.date() else noon
