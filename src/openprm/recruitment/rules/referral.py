"""A partner refers a company: who may be referred, and how long it pays. Pure."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O 1 I L: codes are read out on the telephone
CODE_LENGTH = 8


class ReferralState(StrEnum):
    INTRODUCED = "introduced"
    APPLIED = "applied"
    JOINED = "joined"
    EARNING = "earning"
    ENDED = "ended"
    DECLINED = "declined"


MOVES: Mapping[str, tuple[ReferralState, ...]] = {
    ReferralState.INTRODUCED: (ReferralState.APPLIED, ReferralState.JOINED, ReferralState.DECLINED),
    ReferralState.APPLIED: (ReferralState.JOINED, ReferralState.DECLINED),
    ReferralState.JOINED: (ReferralState.EARNING,),
    ReferralState.EARNING: (ReferralState.ENDED,),
    ReferralState.ENDED: (),
    ReferralState.DECLINED: (ReferralState.APPLIED,),
}


def can_move(before: str, after: str) -> bool:
    return after in MOVES.get(before, ())


def is_self_referral(*, referrer_domains: Collection[str], company_domains: Collection[str], referrer_family: Collection[UUID] = (), referred_id=None) -> bool:
    """Whether a partner refers itself: by a domain of its own company or people, or as part of its own group."""
    ours = {domain for domain in referrer_domains if domain}
    return bool(ours & {domain for domain in company_domains if domain}) or (referred_id is not None and referred_id in referrer_family)


def window(first_commission_at: datetime, days: int) -> tuple[datetime, datetime]:
    """The time that pays: from the referred partner's first commission, for so many days."""
    return first_commission_at, first_commission_at + timedelta(days=days)


def pays(starts_at: datetime | None, ends_at: datetime | None, at: datetime) -> bool:
    """Whether a commission of this moment earns the referrer its reward. The first one does, the end does not."""
    return starts_at is not None and ends_at is not None and starts_at <= at < ends_at
