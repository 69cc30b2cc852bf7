"""How engagements are read from files and written to them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.cosell import policies, queries, services
from openprm.cosell.models import Detail, Engagement
from openprm.cosell.rules.words import Role
from openprm.cosell.services import Draft
from openprm.cosell.wording import ROLE
from openprm.kernel.actor import Actor
from openprm.kernel.errors import refuse_if
from openprm.kernel.transfer import Change, ExportColumn, How, ImportField, Kind, Reference, RowProblem, Values

ON_DEAL = ("title", "customer_name", "customer_country", "stage", "expected_close_date")
ON_DETAIL = ("amount_minor", "currency", "customer_domain", "contact_name", "contact_email", "description", "competitor")


class EngagementImporter:
    """Joint deals of the vendor from a CRM: each row opens one engagement and invites the partner that it names."""

    entity = "engagements"
    label = gettext_lazy("Engagements")
    permission = "cosell.import"
    after = ("partners",)
    fields = (
        ImportField("external_id", gettext_lazy("Id in the source"), aliases=("id", "opportunity_id", "opportunity id"), max_length=120),
        ImportField("title", gettext_lazy("Deal"), required=True, max_length=160, aliases=("name", "opportunity", "opportunity name")),
        ImportField("customer_name", gettext_lazy("Customer"), required=True, aliases=("customer", "account", "account name")),
        ImportField("customer_country", gettext_lazy("Country"), Kind.COUNTRY, aliases=("country",)),
        ImportField("customer_domain", gettext_lazy("Web domain"), max_length=253, aliases=("domain", "website")),
        ImportField("amount_minor", gettext_lazy("Deal value"), Kind.MONEY, aliases=("amount", "value")),
        ImportField("currency", gettext_lazy("Currency"), Kind.CURRENCY),
        ImportField("expected_close_date", gettext_lazy("Expected close"), Kind.DATE, aliases=("close date", "closes")),
        ImportField("stage", gettext_lazy("Stage"), max_length=24),
        ImportField("contact_name", gettext_lazy("Contact"), max_length=120),
        ImportField("contact_email", gettext_lazy("E-mail of the contact"), Kind.EMAIL, max_length=254),
        ImportField("competitor", gettext_lazy("Competitor"), max_length=120),
        ImportField("description", gettext_lazy("Description"), max_length=4000),
        ImportField("partner_id", gettext_lazy("Partner"), Kind.REFERENCE, references="partners", aliases=("partner", "partner name")),
        ImportField("role", gettext_lazy("Role"), Kind.CHOICE, choices=tuple((str(code), label) for code, label in ROLE.items())),
    )

    def lookup(self, *, actor: Actor, texts: Sequence[str], source: str) -> Mapping[str, Reference]:
        """By number, or by id of the source."""
        rows = policies.reach(actor)
        by_number = dict(rows.filter(number__in=list(texts)).values_list("number", "pk"))
        by_id = dict(rows.filter(external_source=source, external_id__in=list(texts)).values_list("external_id", "pk"))
        found = {**by_number, **by_id}
        return {text: Reference(found.get(text), text if text in found else "", How.EXACT if text in found else How.UNKNOWN, 100) for text in texts}

    def find(self, *, actor: Actor, rows: Sequence[Values], source: str) -> Sequence[UUID | None]:
        wanted = [row["external_id"] for row in rows if row.get("external_id")]
        stored = policies.reach(actor).filter(external_source=source, external_id__in=wanted)
        known: dict[str, UUID] = dict(stored.values_list("external_id", "pk"))
        return [known.get(row.get("external_id") or "") for row in rows]

    def current(self, *, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, Values]:
        """What stands; the partner and its role are for the first time alone."""
        details = {one.engagement_id: one for one in policies.reach_details(actor).filter(engagement_id__in=list(ids))}
        return {row.pk: _values(row, details.get(row.pk)) for row in policies.reach(actor).filter(pk__in=list(ids))}

    def normal(self, values: Values) -> Values:
        return {name: value for name, value in values.items() if name not in ("partner_id", "role")}

    def check(self, *, actor: Actor, rows: Sequence[Values], found: Sequence[UUID | None]) -> Sequence[Sequence[RowProblem]]:
        stages = {code for code, _label in queries.stages()}
        return [_problems(row, stages) for row in rows]

    def create(self, *, actor: Actor, rows: Sequence[Values], source: str, at: datetime) -> Sequence[UUID]:
        refuse_if(None if actor.can("cosell.import") else _("Your role cannot import engagements."))
        return [_create(actor, row, source, at) for row in rows]

    def update(self, *, actor: Actor, changes: Sequence[Change], at: datetime) -> None:
        for change in changes:
            known = {name: value for name, value in change.after.items() if name in (*ON_DEAL, *ON_DETAIL)}
            if known:
                services.update_engagement(actor=actor, engagement_id=change.id, changes=_whole(known), at=at)

    def remove(self, *, actor: Actor, ids: Sequence[UUID], at: datetime) -> None:
        """Take back what an import opened, while nobody has joined it."""
        for engagement_id in ids:
            services.remove_imported(actor=actor, engagement_id=engagement_id, at=at)


def _values(row: Engagement, detail: Detail | None) -> Values:
    kept = {name: getattr(row, name) for name in (*ON_DEAL, "external_id")}
    return {**kept, **({name: getattr(detail, name) for name in ON_DETAIL} if detail else {})}


def _problems(row: Values, stages: set[str]) -> list[RowProblem]:
    found = []
    if row.get("stage") and row["stage"] not in stages:
        found.append(RowProblem("stage", _("There is no such open stage. Known ones: %(codes)s.") % {"codes": ", ".join(sorted(stages))}))
    if row.get("partner_id") and not row.get("role"):
        found.append(RowProblem("role", _("Say as what the partner is invited: %(codes)s.") % {"codes": ", ".join(str(one) for one in Role)}))
    return found


def _create(actor: Actor, row: Values, source: str, at: datetime) -> UUID:
    draft = Draft(**_whole({name: row[name] for name in (*ON_DEAL, *ON_DETAIL) if row.get(name) not in (None, "")}))
    external_id = row.get("external_id") or ""
    opened = services.open_engagement(actor=actor, draft=draft, external_source=source if external_id else "", external_id=external_id, at=at)
    if row.get("partner_id"):
        services.invite(actor=actor, engagement_id=opened.engagement_id, receiver_id=row["partner_id"], role=row["role"], at=at)
    return opened.engagement_id


def _whole(row: Values) -> Values:
    empty: dict[str, Any] = {"amount_minor": 0, "currency": "EUR", "expected_close_date": None}
    return {name: empty.get(name, "") if value is None else value for name, value in row.items()}


class EngagementExporter:
    """What the actor may know: no amount where its view is limited, no company that is hidden from it."""

    entity = "engagements"
    label = gettext_lazy("Engagements")
    permission = "cosell.view"
    columns = tuple(
        ExportColumn(name, name)
        for name in (
            *("openprm_id", "number", "title", "customer_name", "customer_country", "deal_type", "state", "stage", "expected_close_date"),
            *("amount_minor", "currency", "host", "members", "role", "involvement", "next_step", "opened_at"),
        )
    )

    def rows(self, *, actor: Actor, filters: Mapping[str, Any], at: datetime) -> Iterator[Sequence[Any]]:
        for row in queries.export_engagements(actor, queries.Filters(text=str(filters.get("q", ""))), at):
            money = (row.amount.minor, row.amount.currency) if row.amount else (None, "")
            names = ("id", "number", "title", "customer_name", "customer_country", "deal_type", "state", "stage", "expected_close_date")
            yield (
                *(getattr(row, name) for name in names),
                *money,
                row.host,
                ", ".join(row.members),
                row.role_label,
                row.involvement_label,
                row.next_step,
                row.opened_at,
            )


IMPORTERS = (EngagementImporter(),)
EXPORTERS = (EngagementExporter(),)
