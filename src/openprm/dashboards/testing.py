"""Builders that tests of all rooms may use."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from openprm.dashboards import services
from openprm.kernel.actor import Actor
from openprm.kernel.scope import scope


def make_saved(
    actor: Actor, *, at: datetime, dashboard: str = "executive", name: str = "Monday numbers", recipients: Sequence[Actor] = (), **more: Any
) -> UUID:
    """A saved dashboard; with recipients it is mailed on Mondays at eight, in UTC."""
    words, is_shared = more.pop("words", {}), more.pop("is_shared", False)
    with scope(actor):
        saved_id = services.save(actor=actor, name=name, dashboard=dashboard, words=words, is_shared=is_shared, at=at)
        if recipients:
            plan = {"every": "weekly", "day": 0, "hour": 8, "time_zone": "UTC"} | more
            people = tuple(one.user_id for one in recipients if one.user_id)
            mailing = services.Rhythm(**plan, recipients=people)
            services.change(actor=actor, saved_id=saved_id, name=name, is_shared=is_shared, mailing=mailing, version=1, at=at)
    return saved_id
