"""A person's tasks on deals, and the ends of the protections it works on, for its calendar."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.correspondence.ports import DateSource, DueDate
from openprm.deals import policies
from openprm.deals.models import Registration, Task
from openprm.deals.rules.lifecycle import Status
from openprm.deals.threads import title_of, url_of
from openprm.kernel.actor import Actor
from openprm.partners import queries as partners

MOST = 300


def tasks(*, actor: Actor, since: datetime, until: datetime, at: datetime) -> list[DueDate]:
    """What was given to this person and is not done."""
    rows = policies.reach_work(actor, Task).filter(assignee=actor.user_id, done_at=None, archived_at=None)
    rows = rows.filter(due_date__gte=since.date(), due_date__lt=until.date()).select_related("registration").order_by("due_date", "pk")
    return [
        DueDate(uid=f"deals.task:{row.pk}", title=row.title, starts_at=row.due_date, url=url_of(actor, row.registration), note=title_of(row.registration))
        for row in rows[:MOST]
    ]


def protections(*, actor: Actor, since: datetime, until: datetime, at: datetime) -> list[DueDate]:
    """Ends of protections: of one's own team's deals, or of those a vendor's person reviews or whose partner it manages."""
    rows = policies.reach_in(actor, Status.APPROVED).filter(protected_until__gte=since, protected_until__lt=until)
    if actor.is_vendor:
        managed = partners.newest_partners(actor, filters={"manager": actor.user_id}).values("pk")
        rows = rows.filter(Q(reviewer_id=actor.user_id) | Q(partner_id__in=managed))
    return [_end(actor, row) for row in rows.order_by("protected_until", "pk")[:MOST]]


def _end(actor: Actor, row: Registration) -> DueDate:
    return DueDate(
        uid=f"deals.protection:{row.pk}",
        title=_("Protection ends: %(title)s") % {"title": row.title or row.customer_name},
        starts_at=row.protected_until,
        url=url_of(actor, row),
        note=_("%(number)s, %(customer)s. After this moment the customer is open to others.") % {"number": row.number, "customer": row.customer_name},
    )


DATES = (
    DateSource(code="deals.tasks", label=gettext_lazy("Tasks on deals that are yours"), list=tasks),
    DateSource(code="deals.protections", label=gettext_lazy("Ends of protections"), list=protections),
)
