"""What a chapter of the demo stands on: the vendor's people, the partners with theirs, and the calendar."""

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from openprm.demo import world
from openprm.demo.founding import Ground
from openprm.demo.script import office_time
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.clock import stopped
from openprm.kernel.scope import scope, system_scope


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerOnStage:
    """One partner; `people` holds the user ids of each role."""

    partner_id: UUID
    name: str
    country: str
    type: str
    motion: str
    program_id: UUID
    program_code: str
    tier_code: str
    people: Mapping[str, tuple[UUID, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """`start` and `until` bound the two years; `programs` gives ids by code."""

    vendor_id: UUID
    admin: Actor
    managers: tuple[Actor, ...]
    partners: tuple[PartnerOnStage, ...]
    programs: Mapping[str, UUID]
    start: datetime
    until: datetime
    chance: random.Random

    def at(self, *, days_ago: float, hour: int | None = None) -> datetime:
        """A moment in office hours on the working day that many days ago, never before the start or after the end."""
        moment = office_time(self.until - timedelta(days=days_ago), self.chance, before=self.until)
        return max(self.start, moment if hour is None else min(moment.replace(hour=hour), self.until - timedelta(minutes=5)))

    @contextmanager
    def acting(self, who: Actor | UUID, at: datetime) -> Iterator[Actor]:
        """The clock stands at `at`, and `who` (an actor or a user's id) acts in its own scope."""
        with stopped(at), scope(who if isinstance(who, Actor) else self.person(who)) as actor:
            yield actor

    def still_here(self) -> "Stage":
        """The same stage without the partners that have left: their people cannot act any more."""
        with system_scope():
            here = tuple(one for one in self.partners if identity.organization(SYSTEM, one.partner_id).status == "active")
        return replace(self, partners=here)

    def person(self, user_id: UUID) -> Actor:
        """The actor behind a user's id, as it stands now."""
        with system_scope():
            return identity.actor_of(user_id)


def stage_of(ground: Ground, *, start: datetime, until: datetime, chance: random.Random) -> Stage:
    """The stage that the first day's ground makes, with every actor as it stands now."""
    with system_scope():
        admin, *managers = (identity.actor_of(user_id) for user_id in (ground.admin_id, *ground.managers))
    motions = {code: motion for code, _name, motion, _tiers in world.PROGRAMS}
    partners = tuple(
        PartnerOnStage(
            partner_id=team.partner_id,
            name=name,
            country=country,
            type=kind,
            motion=motions[program],
            program_id=team.program_id,
            program_code=program,
            tier_code=world.slug(tier),
            people=team.people,
        )
        for team, (name, country, kind, program, tier) in zip(ground.teams, world.PARTNERS, strict=True)
    )
    return Stage(
        vendor_id=ground.vendor_id,
        admin=admin,
        managers=tuple(managers),
        partners=partners,
        programs=ground.programs,
        start=start,
        until=until,
        chance=chance,
    )
