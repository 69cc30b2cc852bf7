"""How certificates are read from files and written to them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.compliance import policies, queries, services
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict
from openprm.kernel.transfer import Change, ExportColumn, How, ImportField, Kind, Reference, RowProblem, Values

COLUMNS = {
    "external_id": "external_id", "partner_id": "partner_id", "kind": "kind__code", "number": "number", "issuer": "issuer", "level": "level",
    "issued_on": "issued_on", "expires_on": "expires_on",
}  # fmt: skip


class CertificateImporter:
    """Certificates of partners from another register. They wait for a check like all others; a file can be added to each."""

    entity = "certificates"
    label = gettext_lazy("Certificates")
    permission = "compliance.import"
    after = ("partners",)
    fields = (
        ImportField("external_id", gettext_lazy("Id in the source"), required=True, aliases=("id", "certificate_id"), max_length=120),
        ImportField("partner_id", gettext_lazy("Partner"), Kind.REFERENCE, required=True, references="partners", aliases=("partner", "company")),
        ImportField(
            "kind", gettext_lazy("Kind"), required=True, max_length=40, aliases=("type", "standard"), help=gettext_lazy("Its code, for example iso-27001.")
        ),
        ImportField("number", gettext_lazy("Number"), max_length=120, aliases=("certificate number",)),
        ImportField("issuer", gettext_lazy("Issuer"), required=True, aliases=("issued by", "body")),
        ImportField("level", gettext_lazy("Level"), max_length=60),
        ImportField("issued_on", gettext_lazy("Issued"), Kind.DATE, required=True, aliases=("issue date", "valid from")),
        ImportField("expires_on", gettext_lazy("Expires"), Kind.DATE, required=True, aliases=("expiry", "expiry date", "valid to")),
    )

    def lookup(self, *, actor: Actor, texts: Sequence[str], source: str) -> Mapping[str, Reference]:
        rows = policies.reach_certificates(actor).filter(external_source=source, external_id__in=list(texts)).values_list("external_id", "pk")
        known = dict(rows)
        return {text: Reference(known[text], text, How.EXACT, 100) if text in known else Reference(None, "", How.UNKNOWN) for text in texts}

    def find(self, *, actor: Actor, rows: Sequence[Values], source: str) -> Sequence[UUID | None]:
        """By id of the source."""
        ids = [row.get("external_id") for row in rows]
        known = dict(
            policies.reach_certificates(actor).filter(external_source=source, external_id__in=[one for one in ids if one]).values_list("external_id", "pk")
        )
        return [known.get(one) for one in ids]

    def current(self, *, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, Values]:
        rows = policies.reach_certificates(actor).filter(pk__in=list(ids)).values("pk", *COLUMNS.values())
        return {row["pk"]: {name: row[column] for name, column in COLUMNS.items()} for row in rows}

    def normal(self, values: Values) -> Values:
        return {**values, "kind": str(values["kind"]).strip().lower()} if values.get("kind") else values

    def check(self, *, actor: Actor, rows: Sequence[Values], found: Sequence[UUID | None]) -> Sequence[Sequence[RowProblem]]:
        kinds = dict(queries.kind_choices())
        return [_problems(row, kinds, is_known=known is not None) for row, known in zip(rows, found, strict=True)]

    def create(self, *, actor: Actor, rows: Sequence[Values], source: str, at: datetime) -> Sequence[UUID]:
        return [_add(actor, row, source, at) for row in rows]

    def update(self, *, actor: Actor, changes: Sequence[Change], at: datetime) -> None:
        raise Conflict(_("A certificate is not changed by an import. Add the one that follows it under an id of its own."))

    def remove(self, *, actor: Actor, ids: Sequence[UUID], at: datetime) -> None:
        for certificate_id in ids:
            services.withdraw_certificate(actor=actor, certificate_id=certificate_id, at=at)


def _problems(row: Values, kinds: Mapping[str, str], *, is_known: bool) -> list[RowProblem]:
    if is_known or not row.get("kind") or row["kind"] in kinds:
        return []
    return [RowProblem("kind", _("There is no kind of certificate “%(code)s”. Known are: %(known)s.") % {"code": row["kind"], "known": ", ".join(kinds)})]


def _add(actor: Actor, row: Values, source: str, at: datetime) -> UUID:
    given = {name: row.get(name) or "" for name in ("number", "level")}
    return services.add_certificate(
        actor=actor, partner_id=row["partner_id"], kind=row["kind"], issuer=row["issuer"], issued_on=row["issued_on"], expires_on=row["expires_on"],
        external=(source or "import", row["external_id"]), at=at, **given,
    )  # fmt: skip


class CertificateExporter:
    entity = "certificates"
    label = gettext_lazy("Certificates")
    permission = "compliance.view"
    columns = tuple(
        ExportColumn(name, name) for name in ("openprm_id", "partner", "kind", "number", "issuer", "level", "issued_on", "expires_on", "state", "verified_at")
    )

    def rows(self, *, actor: Actor, filters: Mapping[str, Any], at: datetime) -> Iterator[Sequence[Any]]:
        wanted = {name: value for name, value in filters.items() if name != "q"}
        for row in queries.export_certificates(actor, search=str(filters.get("q", "")), filters=wanted, at=at):
            yield row.id, row.partner, row.kind_code, row.number, row.issuer, row.level, row.issued_on, row.expires_on, row.state, row.verified_at


class CaseExporter:
    entity = "risk_cases"
    label = gettext_lazy("Risk cases")
    permission = "compliance.view"
    columns = tuple(
        ExportColumn(name, name) for name in ("openprm_id", "partner", "country", "risk", "clause", "state", "open_flags", "approved_until", "opened_at")
    )

    def rows(self, *, actor: Actor, filters: Mapping[str, Any], at: datetime) -> Iterator[Sequence[Any]]:
        if not actor.sees_all_partners:
            return
        for row in queries.export_cases(actor, search=str(filters.get("q", "")), filters={name: value for name, value in filters.items() if name != "q"}):
            yield row.id, row.partner, row.country, row.risk, row.clause, row.state, row.open_flags, row.approved_until, row.opened_at


IMPORTERS = (CertificateImporter(),)
EXPORTERS = (CertificateExporter(), CaseExporter())
