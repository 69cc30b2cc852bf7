"""Badges: for their holder, for the vendor, and for anybody who wants to check one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from openprm.directory import addresses, policies
from openprm.directory.models import Achievement, Badge, IssuerKey, StatusList
from openprm.directory.queries.listings import slug_of_partner
from openprm.directory.rules import artwork, baking, credential, tokens, verification
from openprm.directory.rules.verification import Verdict
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.ui.paging import PageRequest, Slice, slice_of

SORTS = {"name": "achievement__name", "partner": "partner_name", "issued": "issued_at", "until": "valid_until"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeRow:
    """A badge in a list. `state` is valid, expired, replaced or revoked."""

    id: UUID
    partner_id: UUID
    partner_name: str
    code: str
    kind: str
    name: str
    subtitle: str
    state: str
    issued_at: datetime
    valid_until: datetime | None
    revoked_at: datetime | None
    revoked_because: str
    revoked_note: str
    created_at: datetime
    version: int

    @property
    def is_live(self) -> bool:
        return self.state == "valid"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicBadge:
    """What anybody may know of a badge; the note behind a revocation is not in it."""

    id: UUID
    name: str
    subtitle: str
    description: str
    criteria: str
    partner_name: str
    partner_slug: str | None
    issuer_name: str
    state: str
    issued_at: datetime
    valid_until: datetime | None
    revoked_at: datetime | None
    revoked_because: str
    newer_id: UUID | None
    url: str
    picture_url: str
    token: str
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class AchievementView:
    id: UUID
    code: str
    name: str
    subtitle: str
    description: str
    criteria: str
    kind: str
    rank: int
    rungs: int


def badges(actor: Actor, *, search: str = "", filters: Mapping[str, Any], page: PageRequest, at: datetime) -> Slice[BadgeRow]:
    return slice_of(_narrowed(actor, search, filters, at), page, order_by=SORTS).map(lambda row: badge_row(row, at))


def export_badges(actor: Actor, *, search: str = "", filters: Mapping[str, Any], at: datetime):
    for row in _narrowed(actor, search, filters, at).order_by("-issued_at", "pk"):
        yield badge_row(row, at)


def newest_badges(actor: Actor, *, filters: Mapping[str, Any], at: datetime) -> QuerySet:
    return _narrowed(actor, "", filters, at)


def badges_of(actor: Actor, partner_id: UUID, at: datetime) -> tuple[BadgeRow, ...]:
    """A partner's badges, the valid ones first."""
    rows = [badge_row(row, at) for row in policies.reach_badges(actor).filter(partner=partner_id).order_by("-issued_at")[:200]]
    return tuple(sorted(rows, key=lambda row: not row.is_live))


def badge(actor: Actor, badge_id: UUID, at: datetime) -> BadgeRow:
    """Raises NotFound."""
    return badge_row(policies.reach_badges(actor).one(badge_id), at)


def valid_badges(partner_id: UUID, at: datetime) -> tuple[BadgeRow, ...]:
    """For the public page of a partner. One query."""
    rows = Badge.objects.select_related("achievement").filter(_IS["valid"](at), partner=partner_id).order_by("-achievement__rank", "-issued_at")
    return tuple(badge_row(row, at) for row in rows[:12])


def public_badge(badge_id: UUID, at: datetime) -> PublicBadge:
    """One badge, checked as anybody could. Raises NotFound."""
    row = Badge.objects.select_related("achievement", "status_list").one(badge_id)
    return PublicBadge(
        id=row.pk,
        name=row.achievement.name,
        subtitle=row.achievement.subtitle,
        description=row.achievement.description,
        criteria=row.achievement.criteria,
        partner_name=row.partner_name,
        partner_slug=slug_of_partner(row.partner_id),
        issuer_name=row.issuer_name,
        state=state_of(row, at),
        issued_at=row.issued_at,
        valid_until=row.valid_until,
        revoked_at=row.revoked_at,
        revoked_because=row.revoked_because,
        newer_id=row.replaced_by_id,
        url=addresses.badge(row.pk),
        picture_url=addresses.badge_picture(row.pk),
        token=row.token,
        verdict=verification.verify(row.token, keys=issuer_keys(), at=at, status_list=row.status_list.token),
    )


def picture(badge_id: UUID, at: datetime, *, void_word: str) -> str:
    """The badge's SVG with its credential in it; a revoked one is grey, says so, and carries no credential. Raises NotFound."""
    row = Badge.objects.select_related("achievement").one(badge_id)
    if state_of(row, at) in ("revoked", "expired"):
        return artwork.draw(_look(row, is_void=True, void_word=void_word))
    return baking.bake_svg(artwork.draw(_look(row)), row.token)


def achievement(achievement_id: UUID) -> AchievementView:
    """Raises NotFound."""
    row = Achievement.objects.one(achievement_id)
    return AchievementView(id=row.pk, **{name: getattr(row, name) for name in AchievementView.__dataclass_fields__ if name != "id"})


def achievement_picture(achievement_id: UUID, *, issuer: str, color: str) -> str:
    row = Achievement.objects.one(achievement_id)
    return artwork.draw(artwork.Look(title=row.name, subtitle=row.subtitle, issuer=issuer, color=color, rank=row.rank, rungs=row.rungs))


def status_list_token(number: int) -> str:
    """Raises NotFound."""
    token = StatusList.objects.filter(number=number).values_list("token", flat=True).first()
    if not token:
        raise NotFound()
    return token


def status_list_named(url: str) -> str | None:
    """The token of one of our own lists by its address."""
    rows = StatusList.objects.values_list("number", "token")
    return next((token for number, token in rows if addresses.status_list(number) == url), None)


def issuer_keys() -> tuple[tokens.PublicKey, ...]:
    """Every key that this issuer ever published, the present one first."""
    return tuple(tokens.from_x(x) for x in IssuerKey.objects.order_by("-since").values_list("x", flat=True))


def jwks() -> dict[str, Any]:
    return {"keys": [key.jwk(addresses.key(key.thumbprint)) for key in issuer_keys()]}


def issuer_jwk(thumbprint: str) -> dict[str, str]:
    """Raises NotFound."""
    key = next((key for key in issuer_keys() if key.thumbprint == thumbprint), None)
    if key is None:
        raise NotFound()
    return key.jwk(addresses.key(key.thumbprint))


def did_document() -> dict[str, Any]:
    return credential.did_document(addresses.issuer_id(), [(key.thumbprint, key.jwk(addresses.key(key.thumbprint))) for key in issuer_keys()])


def check(content: bytes, at: datetime) -> Verdict:
    """The verdict on what somebody brought: our keys, our status lists. Raises baking.NotABadge."""
    token = baking.token_in(content)
    return verification.verify(token, keys=issuer_keys(), at=at, status_list=_list_of(token))


def _list_of(token: str) -> str | None:
    try:
        entry = tokens.read(token).payload.get("credentialStatus")
    except tokens.NotAToken:
        return None
    return status_list_named(str(entry.get("statusListCredential", ""))) if isinstance(entry, dict) else None


def state_of(row: Badge, at: datetime) -> str:
    if row.revoked_at is not None:
        return "revoked"
    if row.replaced_by_id is not None:
        return "replaced"
    return "expired" if row.valid_until is not None and row.valid_until <= at else "valid"


def badge_row(row: Badge, at: datetime) -> BadgeRow:
    return BadgeRow(
        id=row.pk,
        partner_id=row.partner_id,
        partner_name=row.partner_name,
        code=row.achievement.code,
        kind=row.achievement.kind,
        name=row.achievement.name,
        subtitle=row.achievement.subtitle,
        state=state_of(row, at),
        issued_at=row.issued_at,
        valid_until=row.valid_until,
        revoked_at=row.revoked_at,
        revoked_because=row.revoked_because,
        revoked_note=row.revoked_note,
        created_at=row.created_at,
        version=row.version,
    )


def _unended(at: datetime) -> Q:
    return Q(valid_until=None) | Q(valid_until__gt=at)


_IS = {
    "valid": lambda at: Q(revoked_at=None, replaced_by=None) & _unended(at),
    "expired": lambda at: Q(revoked_at=None, replaced_by=None, valid_until__lte=at),
    "replaced": lambda at: Q(revoked_at=None, replaced_by__isnull=False),
    "revoked": lambda at: Q(revoked_at__isnull=False),
}


def _narrowed(actor: Actor, search: str, filters: Mapping[str, Any], at: datetime) -> QuerySet:
    rows = policies.reach_badges(actor)
    if states := filters.get("state"):
        wanted = Q()
        for state in states if isinstance(states, tuple) else (states,):
            wanted |= _IS[state](at)
        rows = rows.filter(wanted)
    if kind := filters.get("kind"):
        rows = rows.filter(achievement__kind__in=kind if isinstance(kind, tuple) else (kind,))
    if partner_id := filters.get("partner_id"):
        rows = rows.filter(partner=partner_id)
    return rows.filter(Q(partner_name__icontains=search) | Q(achievement__name__icontains=search)) if search else rows


def _look(row: Badge, *, is_void: bool = False, void_word: str = "") -> artwork.Look:
    achievement = row.achievement
    return artwork.Look(
        title=achievement.name,
        subtitle=achievement.subtitle,
        issuer=row.issuer_name,
        partner=row.partner_name,
        year=str(row.issued_at.year),
        color=row.color,
        rank=achievement.rank,
        rungs=achievement.rungs,
        is_void=is_void,
        void_word=void_word,
    )
