"""Making the facts of a program public, and taking them back."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.errors import Invalid, Stale, refuse_if
from openprm.kernel.scope import system_scope
from openprm.kpis import policies
from openprm.kpis.models import LabelSetting, PublicLabel
from openprm.kpis.queries.labels import digest, label_body, last_month_end
from openprm.partners import queries as partners

FEWEST, MOST = 10, 1000


@transaction.atomic
def publish_label(*, actor: Actor, program_id: UUID, least_cases: int = 20, version: int | None = None, at: datetime) -> int:
    """Let everybody read the facts of a program as of the last month's end. Gives the setting's version.

    Raises NotAllowed, NotFound, Invalid, Stale.
    """
    refuse_if(policies.why_not_publish(actor))
    if not FEWEST <= least_cases <= MOST:
        raise Invalid(_("A number is told from %(least)d to %(most)d cases on.") % {"least": FEWEST, "most": MOST}, field="least_cases")
    row = _changed(actor, program_id, version, is_published=True, least_cases=least_cases)
    audit.record(actor, "kpis.label_published", row, at=at)
    with system_scope():
        _make(row, last_month_end(at.date()), at)
    return row.version


@transaction.atomic
def withdraw_label(*, actor: Actor, program_id: UUID, version: int | None = None, at: datetime) -> int:
    """Nobody outside reads them from now on. Raises NotAllowed, NotFound, Stale."""
    refuse_if(policies.why_not_publish(actor))
    row = _changed(actor, program_id, version, is_published=False)
    audit.record(actor, "kpis.label_withdrawn", row, at=at)
    PublicLabel.objects.filter(program_id=program_id).delete()
    return row.version


def _changed(actor: Actor, program_id: UUID, version: int | None, **values: int | bool) -> LabelSetting:
    partners.program(actor, program_id)
    row = policies.reach_labels(actor).locked().filter(program_id=program_id).first() or LabelSetting(program_id=program_id, version=0)
    if version is not None and version != row.version:
        raise Stale()
    for name, value in values.items():
        setattr(row, name, value)
    row.version, row.changed_by_name = row.version + 1, actor.name
    row.save()
    return row


def refresh_labels(*, at: datetime) -> int:
    """Every published label as of the last month's end. Gives how many changed."""
    as_of = last_month_end(at.date())
    return sum(_make(row, as_of, at) for row in policies.reach_labels(SYSTEM).filter(is_published=True).order_by("pk"))


def _make(row: LabelSetting, as_of: date, at: datetime) -> bool:
    program = partners.program(SYSTEM, row.program_id)
    body = label_body(row.program_id, as_of=as_of, least_cases=row.least_cases, at=at)
    made = digest(body)
    if PublicLabel.objects.filter(program_id=row.program_id, code=program.code, sha256=made).exists():
        return False
    values = {"code": program.code, "as_of": as_of, "body": body, "sha256": made, "made_at": at}
    PublicLabel.objects.update_or_create(program_id=row.program_id, defaults=values)
    return True
