"""The public copy of a profile: written when it may be seen, removed when it may not."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.directory import words
from openprm.directory.models import ListedOffice, Listing, Profile, Reference
from openprm.directory.queries.partnerfacts import PartnerFacts, partner_facts
from openprm.directory.rules.profile import key_of, shown
from openprm.directory.services.content import OFFICE_FIELDS, content_of, settings
from openprm.kernel.actor import SYSTEM
from openprm.kernel.countries import country_name
from openprm.kernel.scope import system_scope
from openprm.partners import queries as partners

PUBLIC_REFERENCE = ("customer", "country", "industry", "title", "story", "quote", "quoted")


def project(*, partner_id: UUID, at: datetime) -> str | None:
    """Bring the public copy of one partner up to date; gives its address part, or None when the public sees nothing."""
    with system_scope():
        profile = Profile.objects.filter(partner=partner_id).prefetch_related("offices").first()
        partner = partner_facts(SYSTEM, partner_id)
        if profile is None or not is_shown(profile, partner.status):
            Listing.objects.filter(partner=partner_id).delete()
            return None
        _write(profile, partner, at)
        return profile.slug


def project_stale(*, at: datetime) -> int:
    """Mend every listing whose partner left, or whose tiers are not those that it shows; gives how many."""
    with system_scope():
        held = _grades_held()
        active = set(partners.newest_partners(SYSTEM, filters={"status": "active"}).values_list("pk", flat=True))
        rows = Listing.objects.values_list("partner", "grades")
        stale = [partner_id for partner_id, grades in rows if partner_id not in active or set(grades) != held.get(partner_id, set())]
        for partner_id in stale:
            project(partner_id=partner_id, at=at)
    return len(stale)


def is_shown(profile: Profile, status: str) -> bool:
    is_public = profile.visibility == Profile.Visibility.PUBLIC
    return is_public and profile.approved is not None and profile.state != Profile.State.HIDDEN and status == "active"


def _write(profile: Profile, partner: PartnerFacts, at: datetime) -> None:
    content = shown(content_of(profile), profile.approved or {}, settings().reviewed)
    offices = content.pop("offices") or []
    references = _references(profile.partner_id)
    grades = _grades(profile.partner_id)
    values = content | {
        "slug": profile.slug,
        "name": partner.name,
        "countries": sorted({office["country"] for office in offices} | {partner.country} - {""}),
        "programs": sorted({grade["program"] for grade in grades}),
        "grades": [f"{grade['program']}/{grade['tier']}" for grade in grades],
        "grade_names": grades,
        "rank": max((grade["rank"] for grade in grades), default=0),
        "references": references,
        "reference_count": len(references),
        "takes_messages": profile.takes_messages,
        "name_key": key_of(partner.name),
        "words": _words(content, offices, references),
    }
    listing, _new = Listing.objects.update_or_create(
        partner_id=profile.partner_id, defaults=values, create_defaults=values | {"since": profile.published_at or at}
    )
    listing.offices.all().delete()
    rows = [
        ListedOffice(listing=listing, place=place, **{name: office[name] for name in OFFICE_FIELDS if name != "is_main"})
        for place, office in enumerate(offices)
    ]
    ListedOffice.objects.bulk_create(rows)


def _grades(partner_id: UUID) -> list[dict[str, Any]]:
    """The tiers in force, the highest first; `rank` is how far up its program a tier stands, in per cent."""
    programs = {program.id: program for program in partners.programs(SYSTEM)}
    found = []
    for enrollment in partners.enrollments_of(SYSTEM, partner_id):
        if enrollment.status != "approved" or enrollment.tier_id is None:
            continue
        tiers = sorted(programs[enrollment.program_id].tiers, key=lambda tier: tier.rank)
        rung = 1 + next(place for place, tier in enumerate(tiers) if tier.id == enrollment.tier_id)
        found.append(
            {
                "program": enrollment.program_code,
                "program_name": enrollment.program_name,
                "tier": enrollment.tier_code,
                "tier_name": enrollment.tier_name,
                "rank": 100 * rung // len(tiers),
            }
        )
    return sorted(found, key=lambda grade: -grade["rank"])


def _grades_held() -> dict[UUID, set[str]]:
    rows = partners.newest_enrollments(SYSTEM).filter(status="approved", tier__isnull=False, partner__organization__status="active")
    held: dict[UUID, set[str]] = {}
    for partner_id, program, tier in rows.values_list("partner_id", "program__code", "tier__code"):
        held.setdefault(partner_id, set()).add(f"{program}/{tier}")
    return held


def _references(partner_id: UUID) -> list[dict[str, Any]]:
    rows = Reference.objects.filter(partner=partner_id, state=Reference.State.PUBLISHED).order_by("-decided_at")
    return [{name: getattr(row, name) for name in PUBLIC_REFERENCE} | {"id": str(row.pk)} for row in rows]


def _words(content: dict[str, Any], offices: Iterable[dict[str, Any]], references: list[dict[str, Any]]) -> str:
    """What the full-text search reads beside the name."""
    parts = [content["summary"], content["description"], *content["products"], *content["certifications"]]
    parts += [
        *words.names(words.SERVICES, content["services"]),
        *words.names(words.INDUSTRIES, content["industries"]),
        *words.names(words.REGIONS, content["regions"]),
    ]
    parts += [f"{office['city']} {country_name(office['country'])}" for office in offices]
    parts += [f"{reference['customer']} {reference['title']}" for reference in references]
    return "\n".join(map(str, filter(None, parts)))
