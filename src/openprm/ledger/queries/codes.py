"""The numbers of the accountant's chart, and what stands at the head of export files."""

from openprm.ledger.models import AccountCode, ExportSettings
from openprm.ledger.queries.kinds import kinds
from openprm.ledger.queries.results import CodeRow, ExportSettingsView


def code_rows() -> tuple[CodeRow, ...]:
    """Every kind of account with its numbers: the room's proposal, the general one, and one for each format."""
    kept: dict[str, dict[str, AccountCode]] = {}
    for row in AccountCode.objects.all():
        kept.setdefault(row.kind, {})[row.format] = row
    return tuple(_row(kind, kept.get(kind.code, {})) for kind in kinds().values())


def _row(kind, kept: dict[str, AccountCode]) -> CodeRow:
    return CodeRow(
        kind=kind.code, title=str(kind.title), group=kind.group, about=str(kind.about), default=kind.gl_code,
        codes={name: row.code for name, row in kept.items()}, version=1 + sum(row.version for row in kept.values()),
    )  # fmt: skip


def export_settings() -> ExportSettingsView:
    row = ExportSettings.objects.first() or ExportSettings(version=0)
    names = ("datev_consultant", "datev_client", "datev_account_length", "fiscal_year_start", "xero_tax_rate")
    return ExportSettingsView(**{name: getattr(row, name) for name in names}, version=max(row.version, 1))
