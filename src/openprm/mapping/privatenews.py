"""Who is told what about private comparisons, by a job in the system's scope."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openprm.identity import queries as identity
from openprm.inbox import services as inbox
from openprm.inbox.ports import NotificationKind
from openprm.mapping.queries import private as facts

GROUP = _("Account mapping")
ASKED, FINISHED, ENDED = "mapping.private_asked", "mapping.private_finished", "mapping.private_ended"
KINDS = (
    NotificationKind(code=ASKED, label=_("a peer asks to compare lists privately"), group=GROUP, icon="inbox", tone="warn"),
    NotificationKind(code=FINISHED, label=_("a private comparison has a result"), group=GROUP, icon="blend", tone="ok"),
    NotificationKind(code=ENDED, label=_("a private comparison ended without a result"), group=GROUP, icon="circle-x", tone="warn"),
)
_TITLES: dict[str, tuple[str, Any]] = {
    "asked": (ASKED, _("%(peer)s asks to compare lists privately")),
    "finished": (FINISHED, _("The private comparison with %(peer)s has a result")),
    "refused": (ENDED, _("The private comparison with %(peer)s was refused")),
    "expired": (ENDED, _("The private comparison with %(peer)s ran out")),
}


def tell(run_id: UUID, what: str, at: datetime) -> None:
    told = facts.to_tell(run_id)
    kind, title = _TITLES[what]
    people = [person.id for person in identity.holders_of("mapping.compare_private") if person.id]
    url = reverse("mapping:private_run", args=[run_id])
    inbox.notify(to=people, kind=kind, title=str(title) % {"peer": told.peer}, body=told.text, url=url, refs=[run_id], at=at, key=f"{run_id}{what}")
