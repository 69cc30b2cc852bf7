"""Rate limits: one bucket per caller, one statement per request, shared by all web processes.

The bucket is GCRA (a leaky bucket that stores one moment): a caller may send `amount` requests
at once, and regains one every `seconds / amount`.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from openprm.kernel.db import rows
from openprm.kernel.errors import TooMany

_CHARGE = """
with asked as (select %(at)s::timestamptz as at, %(step)s::interval as step, %(span)s::interval as span)
insert into kernel_api_bucket as bucket (key, arrives_at) select %(key)s, at + step from asked
on conflict (key) do update
   set arrives_at = greatest(bucket.arrives_at, (select at from asked)) + (select step from asked)
 where greatest(bucket.arrives_at, (select at from asked)) + (select step from asked) <= (select at + span from asked)
returning arrives_at
"""


@dataclass(frozen=True, slots=True)
class Policy:
    """`amount` requests in `seconds`."""

    name: str
    amount: int
    seconds: int = 60

    @property
    def step(self) -> timedelta:
        return timedelta(seconds=self.seconds) / self.amount

    @property
    def header(self) -> str:
        return f'"{self.name}";q={self.amount};w={self.seconds}'


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a caller has left after one request."""

    policy: Policy
    remaining: int
    full_in: int

    @property
    def headers(self) -> dict[str, str]:
        return {"RateLimit-Policy": self.policy.header, "RateLimit": f'"{self.policy.name}";r={self.remaining};t={self.full_in}'}


def callers() -> Policy:
    """The limit of a signed-in person or a token."""
    return Policy("default", getattr(settings, "OPENPRM_API_REQUESTS_PER_MINUTE", 600))


def strangers() -> Policy:
    """The limit of an address that shows no valid credential: it also slows the guessing of tokens."""
    return Policy("anonymous", getattr(settings, "OPENPRM_API_ANONYMOUS_PER_MINUTE", 60))


def charge(*, key: str, policy: Policy, at: datetime) -> Allowance:
    """Take one request from a bucket. Raises TooMany with the seconds to wait.

    Called outside the request's transaction, so that two requests of one caller never queue for the bucket.
    """
    values = {"key": f"{policy.name}:{key}"[:80], "at": at, "step": policy.step, "span": timedelta(seconds=policy.seconds)}
    charged = rows(_CHARGE, values)
    if not charged:
        raise _too_many(policy)
    return allowance(policy=policy, arrives_at=charged[0]["arrives_at"], at=at)


def allowance(*, policy: Policy, arrives_at: datetime, at: datetime) -> Allowance:
    """What is left of a bucket whose next request would arrive at `arrives_at`."""
    used = max(arrives_at - at, timedelta())
    remaining = math.floor((timedelta(seconds=policy.seconds) - used) / policy.step + 1e-9)
    return Allowance(policy=policy, remaining=max(remaining, 0), full_in=math.ceil(used.total_seconds()))


def _too_many(policy: Policy) -> TooMany:
    message = _("More than %(amount)s requests in %(seconds)s seconds. Wait for the seconds in Retry-After, then go on.")
    refusal = TooMany(
        message % {"amount": policy.amount, "seconds": policy.seconds},
        retry_after=max(1, math.ceil(policy.step.total_seconds())),
        code="rate_limited",
    )
    refusal.policy = policy  # type: ignore[attr-defined]
    return refusal
