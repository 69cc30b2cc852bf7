"""The badge of a tier follows the tier: given when it is reached, taken back when it is lost, renewed while it is held."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.directory.models import Badge
from openprm.directory.services.badges import issue_badge, revoke_quietly, sign_list
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM
from openprm.kernel.scope import system_scope
from openprm.partners import queries as partners
from openprm.partners.queries import ProgramView, TierView

LASTS = timedelta(days=365)
RENEWED_BEFORE = timedelta(days=30)
AT_ONCE = 500


def code_of(program_code: str, tier_code: str) -> str:
    return f"tier:{program_code}/{tier_code}"


def sync_tier_badges(*, partner_id: UUID, at: datetime, earned_at: datetime | None = None) -> None:
    """Make the partner's live tier badges those of the tiers it holds now. Idempotent.

    A badge that somebody took back by hand stays away until the tier is earned anew, at `earned_at`.
    """
    with system_scope():
        barred = {code for (_partner, code), since in _barred([partner_id]).items() if earned_at is None or since >= earned_at}
        _sync(partner_id, _held([partner_id]).get(partner_id, {}), barred, _Ladders(), at)


def sync_all(*, at: datetime) -> int:
    """Mend every partner whose badges are not those of its tiers, and renew what ends soon; gives how many partners."""
    with system_scope():
        held, barred, ladders = _held(None), _barred(None), _Ladders()
        wrong = _wrong(held, barred, at)
        for partner_id in wrong[:AT_ONCE]:
            _sync(partner_id, held.get(partner_id, {}), {code for owner, code in barred if owner == partner_id}, ladders, at)
    return len(wrong)


def _sync(partner_id: UUID, held: Mapping[str, tuple[UUID, UUID]], barred: set[str], ladders: "_Ladders", at: datetime) -> None:
    live = list(_live().filter(partner=partner_id).select_related("achievement", "status_list").locked())
    lost = [badge for badge in live if badge.achievement.code not in held]
    for badge in lost:
        revoke_quietly(SYSTEM, badge, _why(badge, held), "", at)
    for status_list in {badge.status_list_id: badge.status_list for badge in lost}.values():
        sign_list(status_list, at)
    kept = {badge.achievement.code: badge for badge in live if badge not in lost}
    for code in held:
        if code not in barred and (code not in kept or _ends_soon(kept[code], at)):
            _issue(partner_id, *ladders.rung(*held[code]), at)


class _Ladders:
    """The programs with their tiers, each asked for once."""

    def __init__(self) -> None:
        self.programs: dict[UUID, ProgramView] = {}

    def rung(self, program_id: UUID, tier_id: UUID) -> tuple[ProgramView, TierView]:
        program = self.programs.get(program_id) or self.programs.setdefault(program_id, partners.program(SYSTEM, program_id))
        return program, next(tier for tier in program.tiers if tier.id == tier_id)


def _wrong(held: Mapping[UUID, Mapping[str, object]], barred: Mapping[tuple[UUID, str], datetime], at: datetime) -> list[UUID]:
    earned = {(partner_id, code) for partner_id, codes in held.items() for code in codes} - barred.keys()
    live = set(_live().values_list("partner", "achievement__code"))
    ending = _live().filter(valid_until__lte=at + RENEWED_BEFORE).values_list("partner", flat=True)
    return sorted({partner_id for partner_id, _code in earned ^ live} | set(ending))


def _live():
    return Badge.objects.filter(revoked_at=None, replaced_by=None, achievement__kind="tier")


def _barred(partner_ids: Iterable[UUID] | None) -> dict[tuple[UUID, str], datetime]:
    """Partner and code of the badges whose newest issue was taken back by hand, with when."""
    rows = Badge.objects.filter(achievement__kind="tier") if partner_ids is None else Badge.objects.filter(achievement__kind="tier", partner__in=partner_ids)
    newest = rows.order_by("partner", "achievement", "-issued_at", "-id").distinct("partner", "achievement")
    found = newest.values_list("partner", "achievement__code", "revoked_because", "revoked_at")
    return {(partner_id, code): since for partner_id, code, because, since in found if because == Badge.Reason.BY_HAND}


def _held(partner_ids: Iterable[UUID] | None) -> dict[UUID, dict[str, tuple[UUID, UUID]]]:
    """The badge codes each active partner has earned, with program and tier."""
    rows = partners.newest_enrollments(SYSTEM).filter(status="approved", tier__isnull=False, partner__organization__status="active")
    if partner_ids is not None:
        rows = rows.filter(partner__in=partner_ids)
    found: dict[UUID, dict[str, tuple[UUID, UUID]]] = {}
    for partner_id, program_code, tier_code, program_id, tier_id in rows.values_list("partner_id", "program__code", "tier__code", "program_id", "tier_id"):
        found.setdefault(partner_id, {})[code_of(program_code, tier_code)] = (program_id, tier_id)
    return found


def _issue(partner_id: UUID, program: ProgramView, tier: TierView, at: datetime) -> None:
    vendor = identity.branding().name
    words = {"tier": tier.name, "program": program.name, "vendor": vendor}
    issue_badge(
        actor=SYSTEM,
        partner_id=partner_id,
        badge_code=code_of(program.code, tier.code),
        kind="tier",
        name=_("%(tier)s partner") % words,
        subtitle=program.name,
        description=_("The holder is a partner of %(vendor)s in the program %(program)s and holds its tier %(tier)s.") % words,
        criteria=_(
            "%(vendor)s gives the tier %(tier)s by the published rules of the program %(program)s and takes this badge back on the day the tier is lost."
        )
        % words,
        rank=1 + sum(1 for other in program.tiers if other.rank < tier.rank),
        rungs=len(program.tiers),
        valid_until=at + LASTS,
        at=at,
    )


def _ends_soon(badge: Badge, at: datetime) -> bool:
    return badge.valid_until is not None and badge.valid_until <= at + RENEWED_BEFORE


def _why(badge: Badge, held: Mapping[str, tuple[UUID, UUID]]) -> str:
    program = badge.achievement.code.partition("/")[0]
    is_still_in = any(code.partition("/")[0] == program for code in held)
    return Badge.Reason.TIER_CHANGED if is_still_in else Badge.Reason.PARTNER_LEFT
