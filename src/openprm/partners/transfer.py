"""How partners are read from files and written to them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy

from openprm.kernel.actor import Actor
from openprm.kernel.transfer import Change, ExportColumn, How, ImportField, Kind, Reference, RowProblem, Values, match_text
from openprm.partners import policies, queries, services
from openprm.partners.models import Motion, Partner

PROFILE = {"name": "organization__name", "legal_name": "organization__legal_name", "domain": "organization__domain", "country": "organization__country"}


class PartnerImporter:
    entity = "partners"
    label = gettext_lazy("Partners")
    permission = "partners.import"
    after: tuple[str, ...] = ()
    fields = (
        ImportField("external_id", gettext_lazy("Id in the source"), aliases=("id", "partner_id", "partner id"), max_length=120),
        ImportField("name", gettext_lazy("Name"), required=True, aliases=("partner", "partner name", "company", "sales_agent", "sales agent")),
        ImportField("legal_name", gettext_lazy("Legal name"), aliases=("registered name",)),
        ImportField("domain", gettext_lazy("Web domain"), max_length=253, aliases=("website", "web")),
        ImportField("country", gettext_lazy("Country"), Kind.COUNTRY, aliases=("country code",)),
        ImportField("type", gettext_lazy("Type"), Kind.CHOICE, choices=tuple(Partner.Type.choices), aliases=("partner type",)),
        ImportField("motion", gettext_lazy("Motion"), Kind.CHOICE, choices=tuple(Motion.choices)),
        ImportField("region", gettext_lazy("Region"), max_length=80, aliases=("regional_office", "office", "territory")),
        ImportField("team", gettext_lazy("Team"), max_length=120, aliases=("manager", "team manager")),
        ImportField("website", gettext_lazy("Website"), max_length=253),
        ImportField("parent_id", gettext_lazy("Parent partner"), Kind.REFERENCE, references="partners", deferred=True, aliases=("parent", "distributor")),
    )

    def lookup(self, *, actor: Actor, texts: Sequence[str], source: str) -> Mapping[str, Reference]:
        """By id of the source, then by name as `match_text` reads it. Partners are few enough to be compared with all."""
        rows = list(policies.reach(actor).values_list("pk", "organization__name", "external_source", "external_id"))
        by_id = {external_id: Reference(pk, name, How.EXACT, 100) for pk, name, at_source, external_id in rows if external_id and at_source == source}
        names: dict[str, list[UUID]] = {}
        for pk, name, _source, _external_id in rows:
            names.setdefault(name, []).append(pk)
        return {text: by_id.get(text) or _reference(text, names) for text in texts}

    def find(self, *, actor: Actor, rows: Sequence[Values], source: str) -> Sequence[UUID | None]:
        """By id of the source; without one by name."""
        stored = list(policies.reach(actor).values_list("pk", "organization__name", "external_source", "external_id"))
        by_id = {external_id: pk for pk, _name, at_source, external_id in stored if external_id and at_source == source}
        by_name = {name.casefold(): pk for pk, name, _source, _external_id in stored}
        return [by_id.get(row["external_id"]) if row.get("external_id") else by_name.get((row.get("name") or "").casefold()) for row in rows]

    def current(self, *, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, Values]:
        columns = {field.name: PROFILE.get(field.name, field.name) for field in self.fields}
        rows = policies.reach(actor).filter(pk__in=list(ids)).values("pk", *columns.values())
        return {row["pk"]: {name: row[column] for name, column in columns.items()} for row in rows}

    def normal(self, values: Values) -> Values:
        return values

    def check(self, *, actor: Actor, rows: Sequence[Values], found: Sequence[UUID | None]) -> Sequence[Sequence[RowProblem]]:
        return [()] * len(rows)

    def create(self, *, actor: Actor, rows: Sequence[Values], source: str, at: datetime) -> Sequence[UUID]:
        return [services.create_partner(actor=actor, at=at, external_source=source if row.get("external_id") else "", **_given(row)) for row in rows]

    def update(self, *, actor: Actor, changes: Sequence[Change], at: datetime) -> None:
        for change in changes:
            services.update_partner(actor=actor, partner_id=change.id, changes=_whole(change.after), at=at)

    def remove(self, *, actor: Actor, ids: Sequence[UUID], at: datetime) -> None:
        for partner_id in ids:
            services.remove_imported(actor=actor, partner_id=partner_id, at=at)


class PartnerExporter:
    entity = "partners"
    label = gettext_lazy("Partners")
    permission = "partners.view"
    columns = tuple(
        ExportColumn(name, name)
        for name in ("openprm_id", "name", "type", "motion", "status", "country", "region", "team", "manager", "program", "tier", "since", "created_at")
    )

    def rows(self, *, actor: Actor, filters: Mapping[str, Any], at: datetime) -> Iterator[Sequence[Any]]:
        for row in queries.export_partners(actor, search=str(filters.get("q", "")), filters={k: v for k, v in filters.items() if k != "q"}):
            yield row.id, *(getattr(row, column.name) for column in self.columns[1:])


def _reference(text: str, names: Mapping[str, Sequence[UUID]]) -> Reference:
    match = match_text(text, names)
    if match.name and len(names[match.name]) > 1:
        return Reference(None, "", How.AMBIGUOUS)
    return Reference(names[match.name][0] if match.name else None, match.name or "", match.how, match.percent)


def _given(row: Values) -> Values:
    """What the file says; what it leaves out takes the service's defaults."""
    return {name: value for name, value in row.items() if value not in (None, "")}


def _whole(row: Values) -> Values:
    return {name: "" if value is None and name != "parent_id" else value for name, value in row.items()}
