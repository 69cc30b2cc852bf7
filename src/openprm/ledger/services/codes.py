"""The numbers of the accountant's chart, and what stands at the head of export files."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, NotFound, Problem, Stale, refuse_if
from openprm.ledger import policies
from openprm.ledger.models import AccountCode, ExportSettings
from openprm.ledger.queries.codes import code_rows
from openprm.ledger.queries.kinds import kinds

FORMATS = ("", "datev", "xero", "quickbooks")
CODE = re.compile(r"[0-9A-Za-zÀ-ž][0-9A-Za-zÀ-ž .:_&/()-]{0,39}")
DATEV_CODE = re.compile(r"[0-9]{3,9}")
BOUNDS = {"datev_consultant": (1001, 9_999_999), "datev_client": (1, 99_999), "datev_account_length": (4, 8), "fiscal_year_start": (1, 12)}


@transaction.atomic
def save_codes(*, actor: Actor, kind: str, codes: Mapping[str, str], version: int | None = None, at: datetime) -> int:
    """Say which number a kind of account has in the accountant's chart; an empty one takes it back. Gives the new version.

    Raises NotFound, NotAllowed, Invalid, Stale.
    """
    refuse_if(policies.why_not_configure(actor))
    if kind not in kinds():
        raise NotFound()
    now = next(row for row in code_rows() if row.kind == kind)
    if version is not None and version != now.version:
        raise Stale()
    _check(codes)
    for format, code in codes.items():
        _save(actor, kind, format, code.strip(), at)
    return next(row for row in code_rows() if row.kind == kind).version


@transaction.atomic
def save_export_settings(*, actor: Actor, changes: Mapping[str, Any], version: int | None = None, at: datetime) -> int:
    """Change what the accountant's program reads at the head of a file; gives the new version. Raises NotAllowed, Invalid, Stale."""
    refuse_if(policies.why_not_configure(actor))
    row = ExportSettings.objects.all().locked().first() or ExportSettings(version=0)
    if version is not None and version != max(row.version, 1):
        raise Stale()
    before = row.snapshot() if row.version else {}
    for name, value in _settings(changes).items():
        setattr(row, name, value)
    row.version = max(row.version, 1) + 1
    row.save()
    audit.record(actor, "ledger.export_configured", row, before=before, at=at)
    return row.version


def _save(actor: Actor, kind: str, format: str, code: str, at: datetime) -> None:
    row = AccountCode.objects.filter(kind=kind, format=format).locked().first()
    if (row.code if row else "") == code:
        return
    before = row.snapshot() if row else {}
    row = row or AccountCode(kind=kind, format=format, version=0)
    row.code, row.version = code, row.version + 1
    row.save()
    audit.record(actor, "ledger.code_changed", row, before=before, at=at)


def _check(codes: Mapping[str, str]) -> None:
    wrong = [format for format, code in codes.items() if code.strip() and not _fits(format, code.strip())]
    unknown = [format for format in codes if format not in FORMATS]
    if unknown:
        raise Invalid(_("There is no format “%(format)s”.") % {"format": unknown[0][:20]}, field="format")
    if wrong:
        raise Invalid(problems=[Problem(format or "general", _code_sentence(format)) for format in wrong])


def _fits(format: str, code: str) -> bool:
    return bool((DATEV_CODE if format == "datev" else CODE).fullmatch(code))


def _code_sentence(format: str) -> str:
    if format == "datev":
        return _("A DATEV account has 3 to 9 digits.")
    return _("Up to 40 letters, digits and . : _ & / ( ) -, beginning with a letter or digit.")


def _settings(changes: Mapping[str, Any]) -> dict[str, Any]:
    problems, found = [], {}
    for name, value in changes.items():
        if name == "xero_tax_rate":
            found[name] = " ".join(str(value).split())
            if not CODE.fullmatch(found[name].replace("%", "")):
                problems.append(Problem(name, _("The name of a tax rate, as Xero shows it.")))
        elif name in BOUNDS and isinstance(value, int) and BOUNDS[name][0] <= value <= BOUNDS[name][1]:
            found[name] = value
        elif name in BOUNDS:
            low, high = BOUNDS[name]
            problems.append(Problem(name, _("Give a number from %(low)d to %(high)d.") % {"low": low, "high": high}))
        else:
            raise NotFound()
    if problems:
        raise Invalid(problems=problems)
    return found
