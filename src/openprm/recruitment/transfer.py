"""How prospects and signals are read from files, and prospects written to them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.kernel.actor import Actor
from openprm.kernel.domains import is_free_mail, normal_domain
from openprm.kernel.transfer import Change, ExportColumn, How, ImportField, Kind, Reference, RowProblem, Values
from openprm.recruitment import queries, services
from openprm.recruitment.rules import signals as rules
from openprm.recruitment.rules.facts import FACT, written_words
from openprm.recruitment.rules.facts import Kind as FactKind
from openprm.recruitment.wording import CHOICES, FACT_LABEL, SIGNAL, STAGE

FACT_COLUMNS = ("type", "employees", "revenue", "founded", "region", "ownership", "skills", "industries", "technologies", "certifications", "motions")
STEERED = ("source", "next_step", "next_step_date")


def _fact_field(name: str) -> ImportField:
    if name in CHOICES:
        return ImportField(name, FACT_LABEL[name], Kind.CHOICE, choices=tuple(CHOICES[name].items()))
    kind = Kind.NUMBER if FACT[name].kind.is_number else Kind.TEXT
    return ImportField(name, FACT_LABEL[name], kind, max_length=2000)


class ProspectImporter:
    """A company of the file is known by its web domain, without one by its name."""

    entity = "prospects"
    label = gettext_lazy("Prospects")
    permission = "recruitment.import"
    after: tuple[str, ...] = ()
    fields = (
        ImportField("name", gettext_lazy("Company"), required=True, aliases=("company", "company name", "account name", "organisation", "organization")),
        ImportField("domain", gettext_lazy("Web domain"), max_length=253, aliases=("website", "web", "url", "web site")),
        ImportField("country", gettext_lazy("Country"), Kind.COUNTRY, aliases=("country code",)),
        ImportField("source", gettext_lazy("Where it comes from"), max_length=80, aliases=("lead source", "origin")),
        ImportField("next_step", gettext_lazy("Next step"), max_length=200),
        ImportField("next_step_date", gettext_lazy("Next step on"), Kind.DATE, aliases=("next step date", "follow up")),
        ImportField("contact_name", gettext_lazy("Contact"), max_length=120, aliases=("contact", "contact name", "person")),
        ImportField("contact_email", gettext_lazy("Contact's e-mail"), Kind.EMAIL, max_length=254, aliases=("email", "e-mail", "contact email")),
        *(_fact_field(name) for name in FACT_COLUMNS),
    )

    def lookup(self, *, actor: Actor, texts: Sequence[str], source: str) -> Mapping[str, Reference]:
        found = queries.prospects_by(actor, domains=[normal_domain(text) for text in texts], names=texts)
        return {text: _reference(found.get(normal_domain(text)) or found.get(text.casefold()), text) for text in texts}

    def find(self, *, actor: Actor, rows: Sequence[Values], source: str) -> Sequence[UUID | None]:
        domains = [normal_domain(row.get("domain") or "") for row in rows]
        found = queries.prospects_by(actor, domains=domains, names=[row.get("name") or "" for row in rows])
        return [found.get(domain) if domain else found.get((row.get("name") or "").casefold()) for domain, row in zip(domains, rows, strict=True)]

    def current(self, *, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, Values]:
        return queries.prospect_values(actor, ids)

    def normal(self, values: Values) -> Values:
        """Domains as they are kept, lists of words in one order. What cannot be kept stays as written, for `check` to name."""
        words = {name: written_words(values[name]) for name in FACT_COLUMNS if values.get(name) and FACT[name].kind is FactKind.WORDS}
        return {**values, **words, **_kept_domain(values)}

    def check(self, *, actor: Actor, rows: Sequence[Values], found: Sequence[UUID | None]) -> Sequence[Sequence[RowProblem]]:
        return [_company_problems(row) for row in rows]

    def create(self, *, actor: Actor, rows: Sequence[Values], source: str, at: datetime) -> Sequence[UUID]:
        return [self._create(actor, row, at) for row in rows]

    def _create(self, actor: Actor, row: Values, at: datetime) -> UUID:
        given = {name: value for name, value in row.items() if value not in (None, "")}
        facts = {name: given.pop(name) for name in FACT_COLUMNS if name in given}
        return services.add_prospect(actor=actor, at=at, facts=facts, **{"source": "import", **given})

    def update(self, *, actor: Actor, changes: Sequence[Change], at: datetime) -> None:
        for change in changes:
            steered = {name: change.after[name] or ("" if name != "next_step_date" else None) for name in STEERED if name in change.after}
            if steered:
                services.update_prospect(actor=actor, prospect_id=change.id, changes=steered, at=at)
            self._update_company(actor, change, at)

    def _update_company(self, actor: Actor, change: Change, at: datetime) -> None:
        company_id = queries.company_of_prospect(actor, change.id)
        own = {name: change.after[name] or "" for name in ("name", "domain", "country") if name in change.after}
        if own:
            services.update_company(actor=actor, company_id=company_id, changes=own, at=at)
        facts = {name: change.after[name] for name in FACT_COLUMNS if name in change.after}
        if facts:
            services.set_facts(actor=actor, company_id=company_id, facts=facts, source="import", at=at)

    def remove(self, *, actor: Actor, ids: Sequence[UUID], at: datetime) -> None:
        for prospect_id in ids:
            services.remove_prospect(actor=actor, prospect_id=prospect_id, at=at)


class SignalImporter:
    """Each line is one observation; one that is there already is left as it is."""

    entity = "signals"
    label = gettext_lazy("Signals")
    permission = "recruitment.import"
    after = ("prospects",)
    fields = (
        ImportField("domain", gettext_lazy("Web domain"), max_length=253, aliases=("website", "company domain", "url")),
        ImportField("company", gettext_lazy("Company"), aliases=("name", "company name", "subject")),
        ImportField("kind", gettext_lazy("Kind"), Kind.CHOICE, required=True, choices=tuple(SIGNAL.items()), aliases=("type", "signal")),
        ImportField("value", gettext_lazy("Says"), required=True, max_length=300, aliases=("detail", "technology")),
        ImportField("source", gettext_lazy("Source"), required=True, max_length=80, aliases=("provider",)),
        ImportField("observed_at", gettext_lazy("Observed on"), Kind.DATE, required=True, aliases=("date", "observed", "seen", "observed_on")),
        ImportField("confidence", gettext_lazy("Confidence in per cent"), Kind.NUMBER, aliases=("score", "certainty"), help=gettext_lazy("70 when left out.")),
    )

    def lookup(self, *, actor: Actor, texts: Sequence[str], source: str) -> Mapping[str, Reference]:
        return {text: Reference(None, "", How.UNKNOWN) for text in texts}

    def find(self, *, actor: Actor, rows: Sequence[Values], source: str) -> Sequence[UUID | None]:
        return queries.signals_like(actor, [(_domain(row), row.get("company") or "", row["kind"], row["value"], row["source"], _noon(row)) for row in rows])

    def current(self, *, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, Values]:
        return queries.signal_values(actor, ids)

    def normal(self, values: Values) -> Values:
        return {**values, **_kept_domain(values)}

    def check(self, *, actor: Actor, rows: Sequence[Values], found: Sequence[UUID | None]) -> Sequence[Sequence[RowProblem]]:
        return [_signal_problems(row) for row in rows]

    def create(self, *, actor: Actor, rows: Sequence[Values], source: str, at: datetime) -> Sequence[UUID]:
        return [
            services.record_signal(
                actor=actor, domain=row.get("domain") or "", company=row.get("company") or "", kind=row["kind"], value=row["value"], source=row["source"],
                observed_at=min(_noon(row), at), confidence=_confidence(row), at=at,
            )
            for row in rows
        ]  # fmt: skip

    def update(self, *, actor: Actor, changes: Sequence[Change], at: datetime) -> None:
        """An observation is what it was: nothing of it changes."""

    def remove(self, *, actor: Actor, ids: Sequence[UUID], at: datetime) -> None:
        for signal_id in ids:
            services.remove_signal(actor=actor, signal_id=signal_id, at=at)


def _kept_domain(values: Values) -> Values:
    written = values.get("domain") or ""
    return {"domain": normal_domain(written) or written} if "domain" in values else {}


def _reference(found: UUID | None, text: str) -> Reference:
    return Reference(found, text, How.EXACT, 100) if found else Reference(None, "", How.UNKNOWN)


def _company_problems(row: Values) -> list[RowProblem]:
    domain = row.get("domain") or ""
    if domain and is_free_mail(domain):
        return [RowProblem("domain", _("This is a mail provider, not the company's own domain."))]
    if domain and not normal_domain(domain):
        return [RowProblem("domain", _("This is no web address. Add the ending, for example kallio.fi."))]
    if row.get("next_step_date") and not row.get("next_step"):
        return [RowProblem("next_step", _("Say what the next step is, then when."))]
    return []


def _signal_problems(row: Values) -> list[RowProblem]:
    found = _company_problems({"domain": row.get("domain")})
    if not row.get("domain") and not row.get("company"):
        found.append(RowProblem("domain", _("Say which company: its web domain, or its name as it is on the books.")))
    if row["kind"] in rules.FEEDS and rules.fed_value(row["kind"], row["value"]) is None:
        found.append(RowProblem("value", _("This value cannot be read as this kind of signal.")))
    if not 0 <= _confidence(row) <= 100:
        found.append(RowProblem("confidence", _("This is a whole number from 0 to 100.")))
    return found


def _confidence(row: Values) -> int:
    return 70 if row.get("confidence") is None else row["confidence"]


def _domain(row: Mapping[str, Any]) -> str:
    return normal_domain(row.get("domain") or "")


def _noon(row: Values) -> datetime:
    day: date = row["observed_at"]
    return datetime.combine(day, time(12), UTC)


class ProspectExporter:
    entity = "prospects"
    label = gettext_lazy("Prospects")
    permission = "recruitment.view"
    columns = tuple(
        ExportColumn(name, name)
        for name in (
            "openprm_id", "name", "domain", "country", "stage", "program", "owner", "source", "next_step", "next_step_date", "points", "could_reach",
            "missing_percent", "created_at",
        )
    )  # fmt: skip

    def rows(self, *, actor: Actor, filters: Mapping[str, Any], at: datetime) -> Iterator[Sequence[Any]]:
        narrowed = {name: value for name, value in filters.items() if name != "q"}
        for row in queries.export_prospects(actor, search=str(filters.get("q", "")), filters=narrowed, today=at.date()):
            values = [getattr(row, column.name) for column in self.columns[1:]]
            values[3] = str(STAGE[row.stage][0])
            yield row.id, *values


IMPORTERS = (ProspectImporter(), SignalImporter())
EXPORTERS = (ProspectExporter(),)
