"""What the vendor's administrators set: gate policies, country classes, kinds of certificates."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.compliance import policies
from openprm.compliance.events import GatePolicyChanged
from openprm.compliance.models import CertificateKind, CountryRisk, GatePolicy
from openprm.compliance.models.cases import LEVELS
from openprm.compliance.models.papers import PROOF_KINDS
from openprm.compliance.rules.gates import ACTIONS, LAPSES, WITH_SUBJECT
from openprm.compliance.services.unit import choice, country, load, save, text
from openprm.compliance.wording import PARTNER_TYPE
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if, refused_by
from openprm.kernel.events import publish

MOST_POLICIES = 40


@transaction.atomic
def save_policy(*, actor: Actor, values: Mapping[str, Any], policy_id: UUID | None = None, version: int | None = None, at: datetime) -> UUID:
    """Say which lapse closes which actions; gates follow in the background. Raises NotFound, NotAllowed, Invalid, Conflict, Stale."""
    refuse_if(policies.why_not_configure(actor))
    policy = load(GatePolicy.objects, policy_id, version) if policy_id else GatePolicy(in_force_since=at)
    if not policy_id and GatePolicy.objects.count() >= MOST_POLICIES:
        raise Conflict(_("There are at most %(most)d gate policies. Change one of them.") % {"most": MOST_POLICIES})
    before = policy.snapshot() if policy_id else None
    for name, value in _policy(values).items():
        setattr(policy, name, value)
    policy.version += 1 if policy_id else 0
    policy.save()
    audit.record(actor, "compliance.policy_saved", policy, before=before, at=at)
    publish(GatePolicyChanged(at=at))
    return policy.pk


def _policy(values: Mapping[str, Any]) -> dict[str, Any]:
    lapse = choice("lapse", values.get("lapse"), LAPSES)
    grace = values.get("grace_days") or 0
    if not isinstance(grace, int) or not 0 <= grace <= 365:
        raise Invalid(_("The grace is 0 to 365 days."), field="grace_days")
    actions = [choice("actions", one, ACTIONS) for one in dict.fromkeys(values.get("actions") or ())]
    if not actions:
        raise Invalid(_("Choose at least one action that is closed."), field="actions", code="required")
    return {
        "lapse": lapse,
        "subject": _subject(lapse, values.get("subject") or ""),
        "actions": actions,
        "includes_missing": bool(values.get("includes_missing")),
        "grace_days": grace,
        "partner_types": [choice("partner_types", one, PARTNER_TYPE) for one in values.get("partner_types") or ()],
        "is_active": bool(values.get("is_active", True)),
    }


def _subject(lapse: str, subject: str) -> str:
    if lapse not in WITH_SUBJECT:
        return ""
    known = set(PROOF_KINDS) if lapse == "verification" else set(CertificateKind.objects.values_list("code", flat=True))
    if subject not in known:
        raise Invalid(_("Say which certificate or which verification it is about."), field="subject", code="required")
    return subject


@transaction.atomic
def remove_policy(*, actor: Actor, policy_id: UUID, at: datetime) -> None:
    """Take a policy away; what it closed opens in the background. Raises NotFound, NotAllowed."""
    refuse_if(policies.why_not_configure(actor))
    policy = GatePolicy.objects.locked().one(policy_id)
    audit.record(actor, "compliance.policy_removed", policy, before=policy.snapshot(), after={}, at=at)
    policy.delete()
    publish(GatePolicyChanged(at=at))


@transaction.atomic
def set_country(*, actor: Actor, code: str, level: str, note: str = "", at: datetime) -> None:
    """Class a country; "medium" without a note takes it off the table. Counts from the next rating. Raises NotAllowed, Invalid."""
    refuse_if(policies.why_not_configure(actor))
    code = country("country", code)
    if not code:
        raise Invalid(_("Choose a country."), field="country", code="required")
    row = CountryRisk.objects.filter(country=code).locked().first() or CountryRisk(country=code)
    before = row.snapshot() if row.level else None
    row.level, row.note = choice("level", level, LEVELS), text("note", note, longest=200, required=False)
    row.save()
    audit.record(actor, "compliance.country_classed", row, before=before, note=f"{code}: {row.level}", at=at)


@transaction.atomic
def save_kind(
    *, actor: Actor, name: str, about: str = "", is_active: bool = True, kind_id: UUID | None = None, version: int | None = None, at: datetime
) -> UUID:
    """Add or change a kind of certificate. Its code stays. Raises NotFound, NotAllowed, Invalid, Conflict, Stale."""
    refuse_if(policies.why_not_configure(actor))
    kind = load(CertificateKind.objects, kind_id, version) if kind_id else CertificateKind()
    before = kind.snapshot() if kind_id else None
    kind.name, kind.about, kind.is_active = text("name", name, longest=120), text("about", about, longest=300, required=False), bool(is_active)
    if kind_id:
        save(kind, "name", "about", "is_active")
    else:
        kind.code = slugify(kind.name)[:40].strip("-") or "certificate"
        if CertificateKind.objects.filter(code=kind.code).exists():
            raise Conflict(_("There is a kind of certificate with this name."), field="name")
        with refused_by("compliance_certificatekind_code_key", Conflict(_("There is a kind of certificate with this name."), field="name")):
            kind.save(force_insert=True)
    audit.record(actor, "compliance.kind_saved", kind, before=before, at=at)
    return kind.pk
