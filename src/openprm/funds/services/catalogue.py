"""The catalogue of pre-approved kinds of activity: what is paid for, how much, and against which proofs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.funds import proof_policies as policies
from openprm.funds.models import ActivityType, ProofRule
from openprm.funds.rules.catalogue import FORMATS, MOST_PROOFS
from openprm.funds.services.unit import load, text
from openprm.kernel.actor import Actor
from openprm.kernel.countries import country_name
from openprm.kernel.errors import Conflict, Invalid, Problem, refuse_if, refused_by
from openprm.kernel.money import LARGEST_MINOR, Money, minor_units
from openprm.partners import queries as partners
from openprm.partners.rules import TYPES

MOST_KINDS = 200


@transaction.atomic
def save_kind(*, actor: Actor, values: Mapping[str, Any], kind_id: UUID | None = None, version: int | None = None, at: datetime) -> UUID:
    """Add or change a kind of activity with its proofs. Requests that were sent keep the version they were sent with.

    Raises NotFound, NotAllowed, Invalid (every problem at once), Conflict, Stale.
    """
    refuse_if(policies.why_not_configure(actor))
    kind = load(ActivityType.objects, kind_id, version) if kind_id else ActivityType()
    before = _told(kind) if kind_id else None
    clean, proofs = _clean(actor, values)
    for name, value in clean.items():
        setattr(kind, name, value)
    if kind_id:
        kind.version += 1
        kind.save()
        kind.proofs.all().delete()
    else:
        _insert(kind)
    ProofRule.objects.bulk_create(ProofRule(activity_type=kind, position=position, **proof) for position, proof in enumerate(proofs))
    audit.record(actor, "fund_kind.saved", kind, before=before, after=_told(kind), at=at)
    return kind.pk


def _insert(kind: ActivityType) -> None:
    if ActivityType.objects.count() >= MOST_KINDS:
        raise Conflict(_("There are at most %(most)d kinds of activity. Change one of them.") % {"most": MOST_KINDS})
    kind.code = slugify(kind.name)[:60].strip("-") or "activity"
    taken = Conflict(_("There is a kind of activity with this name. Give it another one."), field="name")
    with refused_by("funds_activitytype_code_key", taken):
        kind.save(force_insert=True)


@transaction.atomic
def switch_kind(*, actor: Actor, kind_id: UUID, is_active: bool, at: datetime) -> None:
    """Take a kind out of the catalogue or back in; what was requested goes on. Raises NotFound, NotAllowed."""
    refuse_if(policies.why_not_configure(actor))
    kind = load(ActivityType.objects, kind_id)
    if kind.is_active == is_active:
        return
    before = kind.snapshot()
    kind.is_active = is_active
    kind.version += 1
    kind.save(update_fields=["is_active", "version", "updated_at"])
    audit.record(actor, "fund_kind.switched", kind, before=before, at=at)


def _told(kind: ActivityType) -> dict[str, Any]:
    proofs = [rule.terms().as_json() for rule in ProofRule.objects.filter(activity_type=kind)]
    return kind.snapshot() | {"proofs": proofs}


def _clean(actor: Actor, values: Mapping[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    problems: list[Problem] = []
    checks = {
        "name": lambda: text("name", values.get("name"), longest=120),
        "about": lambda: text("about", values.get("about"), longest=2000, required=False, lines=True),
        "max_percent": lambda: percent("max_percent", values.get("max_percent")),
        "claim_within_days": lambda: _days("claim_within_days", values.get("claim_within_days"), most=730),
        "countries": lambda: _countries(values.get("countries")),
        "programs": lambda: _known("programs", values.get("programs"), {one.code for one in partners.programs(actor)}),
        "tiers": lambda: _known("tiers", values.get("tiers"), {code for code, _name in partners.tier_codes()}),
        "partner_types": lambda: _known("partner_types", values.get("partner_types"), set(TYPES)),
    }
    clean = {name: _tried(check, problems) for name, check in checks.items()}
    clean |= _tried(lambda: _cap(values.get("cap")), problems) or {}
    proofs = _proofs(values.get("proofs"), problems)
    if problems:
        raise Invalid(problems=problems)
    return clean | {"is_active": bool(values.get("is_active", True))}, proofs


def _tried(check: Any, problems: list[Problem]) -> Any:
    try:
        return check()
    except Invalid as refusal:
        problems.extend(refusal.problems or [Problem(refusal.field or "", str(refusal), refusal.code)])
        return None


def percent(field: str, value: Any, *, least: Decimal = Decimal("0.01")) -> Decimal:
    """A share of at most 100 with two decimals. Raises Invalid: a negative or a finer one is none."""
    try:
        share = Decimal(str(value))
    except InvalidOperation:
        share = Decimal("NaN")
    if not share.is_finite() or not least <= share <= 100 or share != share.quantize(Decimal("0.01")):
        raise Invalid(_("A share is a number from %(least)s to 100 with at most two decimals.") % {"least": least}, field=field)
    return share


def _days(field: str, value: Any, *, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise Invalid(_("This is a whole number of days, 1 to %(most)d.") % {"most": most}, field=field)
    return value


def _cap(value: Any) -> dict[str, Any]:
    if value is None:
        return {"cap_minor": None, "currency": ""}
    if not isinstance(value, Money) or not 0 < value.minor <= LARGEST_MINOR:
        raise Invalid(_("The most that is paid is an amount above zero. Leave it empty for no limit."), field="cap")
    minor_units(value.currency)
    return {"cap_minor": value.minor, "currency": value.currency}


def _countries(values: Any) -> list[str]:
    codes = sorted({str(one).strip().upper() for one in values or ()})
    if unknown := [code for code in codes if len(code) != 2 or country_name(code) == code]:
        raise Invalid(_("“%(code)s” is not the code of a country. Use two letters, for example FI.") % {"code": unknown[0][:8]}, field="countries")
    return codes


def _known(field: str, values: Any, known: set[str]) -> list[str]:
    codes = sorted({str(one) for one in values or ()})
    if unknown := [code for code in codes if code not in known]:
        raise Invalid(_("There is no “%(code)s” to choose here.") % {"code": unknown[0][:40]}, field=field)
    return codes


def _proofs(values: Any, problems: list[Problem]) -> list[dict[str, Any]]:
    rows: Sequence[Mapping[str, Any]] = values or ()
    if len(rows) > MOST_PROOFS:
        problems.append(Problem("proofs", _("At most %(most)d proofs can be asked for.") % {"most": MOST_PROOFS}, "too_many"))
        return []
    clean = [_proof(f"proofs[{index}]", row, problems) for index, row in enumerate(rows)]
    codes = [row["code"] for row in clean]
    for index, code in enumerate(codes):
        if code and codes.index(code) != index:
            problems.append(Problem(f"proofs[{index}].name", _("There is a proof with this name already."), "duplicate"))
    return clean


def _proof(at: str, row: Mapping[str, Any], problems: list[Problem]) -> dict[str, Any]:
    name = _tried(lambda: text(f"{at}.name", row.get("name"), longest=120), problems) or ""
    formats = [one for one in FORMATS if one in (row.get("formats") or ())]
    if not formats or set(row.get("formats") or ()) - set(FORMATS):
        known = ", ".join(FORMATS)
        problems.append(Problem(f"{at}.formats", _("Choose at least one format that is accepted: %(formats)s.") % {"formats": known}, "invalid"))
    age = row.get("max_age_days")
    return {
        "code": (slugify(name)[:60].strip("-") or "proof") if name else "",
        "name": name,
        "about": _tried(lambda: text(f"{at}.about", row.get("about"), longest=500, required=False), problems) or "",
        "formats": formats,
        "minimum": _tried(lambda: _days(f"{at}.minimum", row.get("minimum", 1), most=MOST_PROOFS), problems),
        "dated_within": bool(row.get("dated_within")),
        "max_age_days": None if age is None else _tried(lambda: _days(f"{at}.max_age_days", age, most=730), problems),
    }
