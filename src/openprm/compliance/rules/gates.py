"""Which lapse closes which actions, and from which moment. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

LAPSES = ("due_diligence", "declined", "red_flag", "certificate", "esg", "verification")
WITH_SUBJECT = ("certificate", "verification")
ACTIONS = ("deals", "leads", "funds", "payouts", "portal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One line of the gate policy. `subject` is a certificate kind or a verification kind where the lapse needs one."""

    id: Any
    lapse: str
    subject: str = ""
    actions: tuple[str, ...] = ()
    includes_missing: bool = False
    grace_days: int = 0
    partner_types: tuple[str, ...] = ()
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cover:
    """How long something holds. `until` None: it was never given. `broken_at`: it ended before its time."""

    until: datetime | None = None
    broken_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a partner stands. `known_since` is when its case was opened: missing papers count from there."""

    partner_type: str
    known_since: datetime
    due_diligence: Cover = Cover()
    declined_at: datetime | None = None
    red_flag_at: datetime | None = None
    esg: Cover = Cover()
    certificates: Mapping[str, Cover] = field(default_factory=dict)
    verifications: Mapping[str, Cover] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A gate that must stand: closed from `since` on, which may lie ahead."""

    policy: Policy
    since: datetime
    missing: bool

    @property
    def key(self) -> str:
        return f"policy:{self.policy.id}"


def wanted(policies: Iterable[Policy], standing: Standing) -> tuple[Wanted, ...]:
    """The gates that the policies ask for. Each policy gives at most one: the moment its lapse takes effect."""
    return tuple(gate for policy in policies if policy.actions and _is_about(policy, standing) and (gate := _gate(policy, standing)))


def _is_about(policy: Policy, standing: Standing) -> bool:
    return not policy.partner_types or standing.partner_type in policy.partner_types


def _gate(policy: Policy, standing: Standing) -> Wanted | None:
    if policy.lapse in ("declined", "red_flag"):
        moment, is_missing = getattr(standing, f"{policy.lapse}_at"), False
    else:
        moment, is_missing = _end(_cover(policy, standing), policy, standing)
    if moment is None:
        return None
    return Wanted(policy=policy, since=moment + timedelta(days=policy.grace_days), missing=is_missing)


def _cover(policy: Policy, standing: Standing) -> Cover:
    if policy.lapse == "certificate":
        return standing.certificates.get(policy.subject, Cover())
    if policy.lapse == "verification":
        return standing.verifications.get(policy.subject, Cover())
    return getattr(standing, policy.lapse)


def _end(cover: Cover, policy: Policy, standing: Standing) -> tuple[datetime | None, bool]:
    if cover.broken_at:
        return cover.broken_at, False
    if cover.until:
        return cover.until, False
    since = max(standing.known_since, policy.since or standing.known_since)
    return (since, True) if policy.includes_missing else (None, True)
