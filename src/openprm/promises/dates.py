"""Promises that a person's own side owes, for its calendar."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.correspondence.ports import DateSource, DueDate
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.registry import registry
from openprm.promises import catalog, policies
from openprm.promises.models import PromiseClock
from openprm.promises.queries.clocks import subject_url

MOST = 300


def owed(*, actor: Actor, since: datetime, until: datetime, at: datetime) -> list[DueDate]:
    """The running promises of the person's side, the soonest first. One that rests has no moment yet and is left out."""
    side = "partner" if actor.is_partner else "vendor"
    codes = [kind.code for kind in registry.all("promises") if kind.owed_by == side]
    rows = policies.reach(actor).filter(state=PromiseClock.State.RUNNING, code__in=codes, due_at__gte=since, due_at__lt=until)
    return list(_dates(list(rows.select_related("target").order_by("due_at", "pk")[:MOST]), side))


def _dates(rows: list[PromiseClock], side: str) -> Iterator[DueDate]:
    names = identity.organization_names({row.partner_id for row in rows}) if side == "vendor" else {}
    for row in rows:
        promise = catalog.name_of(row.code, side, row.target.target)
        yield DueDate(
            uid=f"promises.clock:{row.pk}",
            title=_("%(subject)s: %(promise)s") % {"subject": row.subject_label, "promise": promise},
            starts_at=row.due_at,
            url=subject_url(row, side),
            note=names.get(row.partner_id, ""),
        )


DATES = DateSource(code="promises.owed", label=gettext_lazy("Promises that your side owes"), list=owed)
