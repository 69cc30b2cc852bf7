"""How activities are read from files of a CRM, and written to files."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.activities import queries, services
from openprm.activities.rules.kinds import EARLIEST
from openprm.activities.wording import DIRECTION, KIND, PURPOSE, SIDE
from openprm.kernel.actor import Actor
from openprm.kernel.clock import now
from openprm.kernel.errors import Conflict
from openprm.kernel.transfer import Change, ExportColumn, How, ImportField, Kind, Reference, RowProblem, Values

_STORED = ("account_id", "partner_id", "kind", "side", "direction", "purpose", "person", "person_email", "summary", "outcome", "external_id", "occurred_at")


class ActivityImporter:
    """Accounts are found by the importer of accounts: by id of the source, web domain or name; what it cannot place is reported."""

    entity = "activities"
    label = gettext_lazy("Activities")
    permission = "activities.import"
    after = ("partners", "accounts")
    fields = (
        ImportField("external_id", gettext_lazy("Id in the source"), aliases=("id", "activity_id", "activity id", "task id", "event id"), max_length=120),
        ImportField(
            "account", gettext_lazy("Account"), Kind.REFERENCE, references="accounts", required=True,
            aliases=("account name", "account_id", "company", "customer", "domain", "website", "related to"),
        ),
        ImportField("kind", gettext_lazy("Kind"), Kind.CHOICE, required=True, choices=tuple(KIND.items()), aliases=("type", "activity type", "task subtype")),
        ImportField("occurred_date", gettext_lazy("Date"), Kind.DATE, required=True, aliases=("date", "activity date", "activitydate", "when", "completed")),
        ImportField("summary", gettext_lazy("What happened"), required=True, aliases=("subject", "summary", "description", "notes"), max_length=2000),
        ImportField("outcome", gettext_lazy("What came of it"), aliases=("outcome", "result", "disposition"), max_length=1000),
        ImportField("person", gettext_lazy("With whom"), aliases=("contact", "contact name", "who", "person"), max_length=120),
        ImportField("person_email", gettext_lazy("Their e-mail"), Kind.EMAIL, aliases=("contact email", "email", "e-mail"), max_length=254),
        ImportField("side", gettext_lazy("Whose side"), Kind.CHOICE, choices=tuple(SIDE.items()), aliases=("side",)),
        ImportField("direction", gettext_lazy("Direction"), Kind.CHOICE, choices=tuple(DIRECTION.items()), aliases=("direction", "inbound or outbound")),
        ImportField("purpose", gettext_lazy("Purpose"), Kind.CHOICE, choices=tuple(PURPOSE.items()), aliases=("purpose", "reason", "why")),
        ImportField("partner", gettext_lazy("Partner"), Kind.REFERENCE, references="partners", aliases=("partner name", "reseller")),
    )  # fmt: skip

    def lookup(self, *, actor: Actor, texts: Sequence[str], source: str) -> Mapping[str, Reference]:
        known = queries.by_external_ids(actor, source, texts)
        return {text: Reference(known[text], text, How.EXACT, 100) if text in known else Reference(None, "", How.UNKNOWN) for text in texts}

    def find(self, *, actor: Actor, rows: Sequence[Values], source: str) -> Sequence[UUID | None]:
        known = queries.by_external_ids(actor, source, [row["external_id"] for row in rows if row.get("external_id")])
        return [known.get(row.get("external_id") or "") for row in rows]

    def current(self, *, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, Values]:
        return {pk: _as_field(row) for pk, row in queries.plain_values(actor, ids, _STORED).items()}

    def normal(self, values: Values) -> Values:
        """A side that is not told is the vendor's, or the partner's where one is named; a direction that is not told is ours."""
        side = values.get("side") or ("partner" if values.get("partner") else "vendor")
        told = {"side": side} if "side" in values or values.get("partner") else {}
        return {**values, **told, **({"direction": values["direction"] or "out"} if "direction" in values else {})}

    def check(self, *, actor: Actor, rows: Sequence[Values], found: Sequence[UUID | None]) -> Sequence[Sequence[RowProblem]]:
        today = now().date()
        return [tuple(_problems(row, today)) for row in rows]

    def create(self, *, actor: Actor, rows: Sequence[Values], source: str, at: datetime) -> Sequence[UUID]:
        return services.record_rows(actor=actor, entries=[_entry(row, source, at) for row in rows], at=at)

    def update(self, *, actor: Actor, changes: Sequence[Change], at: datetime) -> None:
        """An entry is never changed. Raises Conflict for a row that says something else than what was told before."""
        if changes:
            raise Conflict(_("This activity was told before with other words. Strike the old entry first, then import it anew."))

    def remove(self, *, actor: Actor, ids: Sequence[UUID], at: datetime) -> None:
        services.take_back(actor=actor, ids=ids, at=at)


def _as_field(row: dict[str, Any]) -> Values:
    names = {"account_id": "account", "partner_id": "partner"}
    values = {names.get(name, name): value for name, value in row.items() if name != "occurred_at"}
    return values | {"occurred_date": row["occurred_at"].astimezone(UTC).date()}


def _problems(row: Values, today: date) -> Iterator[RowProblem]:
    day = row.get("occurred_date")
    if day and day > today:
        yield RowProblem("occurred_date", _("%(day)s lies in the future. Only what has happened is imported.") % {"day": day.isoformat()})
    if day and day < EARLIEST.date():
        yield RowProblem("occurred_date", _("%(day)s is before the year 2000. Check the order of day, month and year.") % {"day": day.isoformat()})
    if row.get("side") == "partner" and not row.get("partner"):
        yield RowProblem("partner", _("The row says that a partner did it, but not which. Map a column to the partner."))


def _entry(row: Values, source: str, at: datetime) -> services.Entry:
    """A file tells days: the entry stands at noon, or now when that is earlier."""
    noon = datetime.combine(row["occurred_date"], time(12), UTC)
    same = ("kind", "summary", "outcome", "person", "person_email", "side", "direction", "purpose", "external_id")
    texts = {name: row.get(name) or "" for name in same}
    texts["side"] = texts["side"] or ("partner" if row.get("partner") else "vendor")
    return services.Entry(
        **texts, account_id=row["account"], partner_id=row.get("partner"), occurred_at=min(noon, at), source=source if row.get("external_id") else ""
    )


COLUMNS = (
    *("openprm_id", "account", "kind", "side", "direction", "purpose", "occurred_at", "person", "person_email", "summary", "outcome", "partner", "author"),
    *("verified", "struck_reason", "source", "external_id", "created_at"),
)


class ActivityExporter:
    entity = "activities"
    label = gettext_lazy("Activities")
    permission = "activities.view"
    columns = tuple(ExportColumn(name, name) for name in COLUMNS)

    def rows(self, *, actor: Actor, filters: Mapping[str, Any], at: datetime) -> Iterator[Sequence[Any]]:
        for row in queries.export(actor, queries.Filters(text=str(filters.get("q", "")))):
            yield (
                row.id, row.account, row.kind, getattr(row, "side", "partner"), row.direction, row.purpose, row.occurred_at, row.person, row.person_email,
                row.summary, row.outcome, getattr(row, "partner", ""), row.author, row.is_verified, row.struck_reason, getattr(row, "source", ""),
                getattr(row, "external_id", ""), row.created_at,
            )  # fmt: skip
