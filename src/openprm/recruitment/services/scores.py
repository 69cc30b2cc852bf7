"""Keeping stored scores in step with facts and profiles."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from openprm.recruitment.models import Company, CompanyScore, IdealProfile
from openprm.recruitment.queries.facts import facts_of
from openprm.recruitment.queries.scores import criteria_of
from openprm.recruitment.rules.scoring import score

AT_ONCE = 500


def rescore(company_ids: Iterable[UUID], at: datetime, *, program_id: UUID | None = None) -> int:
    """Compute the scores of these companies anew, for every profile in force or one program's; gives how many."""
    profiles = IdealProfile.objects.filter(state=IdealProfile.State.PUBLISHED).order_by("pk")
    profiles = [(one, criteria_of(one)) for one in (profiles.filter(program=program_id) if program_id else profiles)]
    known = facts_of(company_ids) if profiles else {}
    rows = [_score(company_id, profile, criteria, facts, at) for company_id, facts in sorted(known.items()) for profile, criteria in profiles]
    CompanyScore.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["company", "program"],
        update_fields=["profile", "points", "could_reach", "missing_percent", "fit", "scored_at", "updated_at"],
    )
    return len(rows)


def rescore_program(*, program_id: UUID, at: datetime) -> int:
    """Every company anew for one program, in batches; gives how many."""
    ids, done = list(Company.objects.order_by("pk").values_list("pk", flat=True)), 0
    for start in range(0, len(ids), AT_ONCE):
        done += rescore(ids[start : start + AT_ONCE], at, program_id=program_id)
    return done


def _score(company_id: UUID, profile: IdealProfile, criteria, facts, at: datetime) -> CompanyScore:
    found = score(criteria, facts)
    return CompanyScore(
        company_id=company_id,
        program_id=profile.program_id,
        profile=profile,
        points=found.points,
        could_reach=found.could_reach,
        missing_percent=round(found.missing_share * 100),
        fit=found.fit,
        scored_at=at,
    )
