"""Loads the demo ecosystem once, and knows whether it is there."""

import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.demo import before, script
from openprm.demo.founding import found
from openprm.demo.models import Load
from openprm.demo.play import commit_in_the_background, play
from openprm.demo.stage import stage_of
from openprm.demo.telling import tell_chapters
from openprm.identity import queries as identity
from openprm.kernel import jobs
from openprm.kernel.actor import SYSTEM
from openprm.kernel.clock import stopped
from openprm.kernel.errors import Conflict, NotFound
from openprm.kernel.scope import system_scope

SEED = 20_26
CUSTOMERS, REGISTRATIONS = 1_500, 2_500
SHOWN_PARTNER = 1  # Bluecrest Cloud: its sales person gets the second sign-in link


class NotEmpty(Conflict):
    """There is something in the database that is not a finished demo."""


def is_loaded() -> bool:
    """Whether the demo is there, whole. Raises NotEmpty for a database that holds something else, or a half of it."""
    with system_scope():
        if Load.objects.exists():
            return True
        try:
            identity.vendor_organization()
        except NotFound:
            return False
    raise NotEmpty(
        _(
            "This database already holds an organization, and no demo that was loaded to its end. "
            "Start the demo with an empty data folder: set OPENPRM_DATA to a new one, or remove the old one."
        )
    )


def load(*, at: datetime, say: Callable[[str], None], customers: int = CUSTOMERS, registrations: int = REGISTRATIONS) -> Counter[str]:
    """Load two years of history that end at `at`; gives what was played, counted by name.."""
    began = time.monotonic()
    chance = random.Random(SEED)  # noqa: S311  a believable world, not a secret
    start = (at - timedelta(days=script.HISTORY_DAYS + 7)).replace(hour=6, minute=0, second=0, microsecond=0)
    say("Setting up the vendor, its partners and their customers")
    commit_in_the_background()
    with stopped(start), system_scope(), jobs.only(lambda _name: False):
        ground = found(at=start, until=at, customers=customers, chance=chance)
    go_live = script.office_time(at - timedelta(days=script.LIVE_DAYS), chance, before=at)
    story = [script.held_over(deal, go_live) for deal in script.deals(registrations, customers=customers, today=at, chance=chance)]
    with stopped(go_live), system_scope():
        deals = before.bring(ground, story, at=go_live)
    say(f"Brought {len(story) - len(deals):,} registrations of the time before; playing the last months with {len(deals):,}")
    tally = play(ground, deals, start=go_live, until=at, say=say)
    tell_chapters(stage_of(ground, start=start, until=at, chance=chance), say=say)
    with stopped(at), system_scope():
        row = Load.objects.create(until=at, tally=dict(tally), vendor_user_id=ground.admin_id, partner_user_id=ground.teams[SHOWN_PARTNER].sellers[0])
        audit.record(SYSTEM, "demo.loaded", row, refs=(ground.vendor_id,), at=at)
        audit.seal_waiting(at=at)
    say(f"The demo stands after {time.monotonic() - began:.0f} s")
    return tally


def people_to_show() -> tuple[UUID, UUID]:
    """The vendor's administrator and the partner's sales person whom the demo signs in."""
    load_row = Load.objects.get()
    return load_row.vendor_user_id, load_row.partner_user_id
