"""How programs move their partners, the vendor's own metrics, and the values that people enter."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, NotFound, Problem, Stale, refuse_if, refused_by
from openprm.partners import queries as partners
from openprm.tiering import policies
from openprm.tiering.models import ONE_METRIC, Metric, MetricValue, TierPolicy
from openprm.tiering.queries import metrics
from openprm.tiering.rules import formula
from openprm.tiering.services.texts import line

CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST = {"grace_days": 730, "warn_days": 365, "ask_again_days": 730}
FLAGS = ("promotes_at_once", "demotes_at_once", "is_forgiving")
LARGEST = Decimal(10) ** 15


class MetricExists(Conflict):
    """Codes are unique, because rules name metrics by them."""


class ValueExists(Conflict):
    """There is a value of that metric from that day on."""


@transaction.atomic
def save_policy(*, actor: Actor, program_id: UUID, changes: Mapping[str, Any], version: int | None = None, at: datetime) -> int:
    """Change how a program moves its partners; gives the new version. Raises NotFound, NotAllowed, Invalid, Stale."""
    refuse_if(policies.why_not_configure(actor))
    partners.program(actor, program_id)
    row = TierPolicy.objects.filter(program_id=program_id).locked().first() or TierPolicy(program_id=program_id, version=0)
    if version is not None and version != max(row.version, 1):
        raise Stale()
    before = row.snapshot() if row.version else {}
    for name, value in _policy_values(changes).items():
        setattr(row, name, value)
    row.version = max(row.version, 1) + 1
    row.save()
    audit.record(actor, "tiering.policy_saved", row, before=before, refs=(program_id,), at=at)
    return row.version


@transaction.atomic
def create_metric(
    *, actor: Actor, code: str, label: str, kind: str = "entered", unit: str = "number", formula: str = "", about: str = "", at: datetime
) -> UUID:
    """Add a fact of the vendor's own. Raises NotAllowed, Invalid (an unknown fact, a circle, a code that is taken by the house), MetricExists."""
    refuse_if(policies.why_not_configure(actor))
    if not CODE.fullmatch(code) or code in {*metrics.RESERVED, *metrics.all_facts()}:
        raise Invalid(_("A code is small letters, digits and _, begins with a letter and is not taken, for example attach_rate."), field="code")
    row = Metric(code=code, kind=kind if kind in Metric.Kind.values else Metric.Kind.ENTERED)
    _fill(row, {"label": label, "unit": unit, "formula": formula, "about": about})
    with refused_by(ONE_METRIC, MetricExists(_("There is a metric of that code already."), field="code")):
        row.save(force_insert=True)
    metrics.METRICS.forget()
    audit.record(actor, "tiering.metric_added", row, before={}, at=at)
    return row.pk


@transaction.atomic
def update_metric(*, actor: Actor, metric_id: UUID, changes: Mapping[str, Any], version: int | None = None, at: datetime) -> int:
    """Change a metric's words, its formula, or retire it; its code and kind stay. Raises NotFound, NotAllowed, Invalid, Stale."""
    refuse_if(policies.why_not_configure(actor))
    row = Metric.objects.all().locked().one(metric_id)
    if version is not None and version != row.version:
        raise Stale()
    before = row.snapshot()
    _fill(row, changes)
    row.is_retired = bool(changes.get("is_retired", row.is_retired))
    row.version += 1
    row.save()
    metrics.METRICS.forget()
    audit.record(actor, "tiering.metric_changed", row, before=before, at=at)
    return row.version


@transaction.atomic
def enter_value(
    *, actor: Actor, partner_id: UUID, metric: str, amount: Decimal | int | str, starts_on: date, ends_on: date | None = None, note: str = "", at: datetime
) -> UUID:
    """Enter what a metric of a partner is from a day on. Raises NotFound, NotAllowed, Invalid, ValueExists."""
    refuse_if(policies.why_not_enter(actor))
    partners.partner(actor, partner_id)
    if metric not in {fact.name for fact in metrics.by_hand()}:
        raise Invalid(_("“%(metric)s” is not a metric whose values are entered by hand.") % {"metric": metric[:40]}, field="metric")
    row = MetricValue(
        partner_id=partner_id, metric=metric, amount=_amount(amount), starts_on=starts_on, ends_on=_end(starts_on, ends_on, at),
        note=line("note", note, longest=300), entered_by_name=actor.name[:200],
    )  # fmt: skip
    with refused_by("tiering_one_value_per_day", ValueExists(_("There is a value from that day on. Take it back first."), field="starts_on")):
        row.save(force_insert=True)
    audit.record(actor, "tiering.value_entered", row, before={}, refs=(partner_id,), visible_to=(partner_id,), at=at)
    return row.pk


@transaction.atomic
def remove_value(*, actor: Actor, value_id: UUID, at: datetime) -> UUID:
    """Take a value back; gives the partner. Raises NotFound, NotAllowed."""
    row = policies.reach_values(actor).locked().one(value_id)
    refuse_if(policies.why_not_enter(actor))
    audit.record(actor, "tiering.value_removed", row, after={}, refs=(row.partner_id,), visible_to=(row.partner_id,), at=at)
    row.delete()
    return row.partner_id


def _policy_values(changes: Mapping[str, Any]) -> dict[str, Any]:
    problems, found = [], {}
    for name, value in changes.items():
        if name in FLAGS:
            found[name] = bool(value)
        elif name in MOST and isinstance(value, int) and 0 <= value <= MOST[name]:
            found[name] = value
        elif name in MOST:
            problems.append(Problem(name, _("Give a number of days from 0 to %(most)d.") % {"most": MOST[name]}))
        else:
            raise NotFound()
    if problems:
        raise Invalid(problems=problems)
    return found


def _fill(row: Metric, changes: Mapping[str, Any]) -> None:
    if "label" in changes:
        row.label = line("label", changes["label"], longest=80, is_required=True)
    if "about" in changes:
        row.about = line("about", changes["about"], longest=300)
    if "unit" in changes:
        row.unit = changes["unit"] if changes["unit"] in Metric.Unit.values else Metric.Unit.NUMBER
    if row.kind == Metric.Kind.COMPUTED and "formula" in changes:
        row.formula = line("formula", changes["formula"], longest=formula.LONGEST)
    if row.kind == Metric.Kind.COMPUTED:
        _check_formula(row)


def _check_formula(row: Metric) -> None:
    """The formula reads, names only facts that exist, and never comes back to itself."""
    others = {one.code: formula.read(one.formula) for one in metrics.all_metrics() if one.kind == Metric.Kind.COMPUTED and one.code != row.code}
    known = {*metrics.base_facts(), metrics.MONTHS.name}
    try:
        formula.in_order({row.code: formula.read(row.formula), **others}, known)
    except formula.Circle as found:
        raise Invalid(
            _("This metric would refer to itself: %(path)s. Take one of them out.") % {"path": " → ".join(found.path)}, field="formula", code="metric_circle"
        ) from None
    except formula.UnknownFact as found:
        names = ", ".join(sorted({*known, *others}))
        raise Invalid(
            _("There is no fact “%(name)s”. Use one of: %(known)s.") % {"name": found.name[:40], "known": names}, field="formula", code="unknown_fact"
        ) from None
    except formula.BadFormula:
        raise Invalid(
            _("This is no formula. Write arithmetic over facts, for example won_deals / registrations * 100."), field="formula", code="bad_formula"
        ) from None


def _amount(value: Decimal | int | str) -> Decimal:
    try:
        amount = Decimal(str(value).strip())
    except ArithmeticError:
        raise Invalid(_("Give a number."), field="amount") from None
    if not amount.is_finite() or abs(amount) >= LARGEST or round(amount, 4) != amount:
        raise Invalid(_("Give a number of sensible size with at most four decimals."), field="amount")
    return amount


def _end(starts_on: date, ends_on: date | None, at: datetime) -> date | None:
    if ends_on is not None and ends_on <= starts_on:
        raise Invalid(_("The end comes after the beginning."), field="ends_on")
    if not date(2000, 1, 1) <= starts_on <= date(at.year + 5, 12, 31):
        raise Invalid(_("The beginning is a day between the year 2000 and five years from now."), field="starts_on")
    return ends_on
