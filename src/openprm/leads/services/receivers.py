"""What a partner takes: area, skills, places. The partner says where and what, the vendor how often."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.countries import country_codes
from openprm.kernel.errors import Invalid, Problem, Stale, refuse_if
from openprm.leads import policies
from openprm.leads.models import Receiver
from openprm.leads.rules.intake_draft import MAX_SKILLS
from openprm.leads.services.desk import ensure_receivers
from openprm.leads.services.unit import as_system
from openprm.partners import queries as partners

OWN = ("countries", "skills", "latitude", "longitude", "max_open", "is_paused")
MOST_COUNTRIES, MOST_OPEN, LONGEST_SKILL = 250, 1000, 40


def save_receiver(*, actor: Actor, partner_id: UUID, changes: Mapping[str, Any], version: int | None = None, at: datetime) -> int:
    """Change what a partner takes; gives the new version. `weight` is the vendor's alone. Raises NotFound, NotAllowed, Stale, Invalid."""
    refuse_if(policies.why_not_change_receiver(actor))
    partners.partner(actor, partner_id)
    values = _checked(changes, may_weigh=actor.sees_all_partners)
    with as_system(actor):
        ensure_receivers()
        receiver = Receiver.objects.filter(partner_id=partner_id).locked().get()
        if version is not None and version != receiver.version:
            raise Stale()
        before = receiver.snapshot()
        for name, value in values.items():
            setattr(receiver, name, value)
        _refuse_half_a_place(receiver)
        receiver.version += 1
        receiver.save()
        audit.record(actor, "lead.intake_changed", receiver, before=before, refs=[partner_id], visible_to=[partner_id], at=at)
        return receiver.version


def _refuse_half_a_place(receiver: Receiver) -> None:
    if (receiver.latitude is None) != (receiver.longitude is None):
        raise Invalid(_("Give both: a latitude and a longitude, or none."), field="latitude" if receiver.latitude is None else "longitude")


def _checked(changes: Mapping[str, Any], *, may_weigh: bool) -> dict[str, Any]:
    readers = {**_READERS, "weight": _weight} if may_weigh else _READERS
    values, problems = {}, []
    for name, value in changes.items():
        reader = readers.get(name)
        try:
            if reader is None:
                raise Invalid(_("This cannot be changed here."), field=name)
            values[name] = reader(value)
        except Invalid as invalid:
            problems += [Problem(name, str(invalid.message))]
    if problems:
        raise Invalid(problems=problems)
    return values


def _countries(value: Any) -> list[str]:
    codes = list(dict.fromkeys(str(one).strip().upper() for one in value))
    if unknown := [code for code in codes if code not in country_codes()]:
        raise Invalid(_("“%(code)s” is no country code. Use two letters, for example FI.") % {"code": unknown[0][:10]})
    return codes[:MOST_COUNTRIES]


def _skills(value: Any) -> list[str]:
    skills = list(dict.fromkeys(" ".join(str(one).lower().split()) for one in value if str(one).strip()))
    if len(skills) > MAX_SKILLS * 2 or any(len(skill) > LONGEST_SKILL or not skill.isprintable() for skill in skills):
        raise Invalid(_("At most %(most)d skills of up to %(longest)d letters each.") % {"most": MAX_SKILLS * 2, "longest": LONGEST_SKILL})
    return skills


def _degrees(most: float) -> Any:
    def read(value: Any) -> float | None:
        if value in (None, ""):
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not -most <= value <= most:
            raise Invalid(_("This is a number from -%(most)d to %(most)d.") % {"most": most})
        return float(value)

    return read


def _places(value: Any) -> int | None:
    if value in (None, ""):
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_OPEN:
        raise Invalid(_("This is a whole number from 0 to %(most)d; empty means what the rules say.") % {"most": MOST_OPEN})
    return value


def _weight(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100:
        raise Invalid(_("The weight is a whole number from 0 to 100."))
    return value


_READERS: dict[str, Any] = {
    "countries": _countries,
    "skills": _skills,
    "latitude": _degrees(90),
    "longitude": _degrees(180),
    "max_open": _places,
    "is_paused": bool,
}
