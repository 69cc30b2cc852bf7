"""What the pages of recruitment share: the tabs, and cells of a score."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.http import Request
from openprm.recruitment import queries, services
from openprm.recruitment.wording import FIT
from openprm.ui.cells import Badge, Share

TABS = (
    ("board", "recruitment:board", lambda: _("Pipeline")),
    ("discovered", "recruitment:discovered", lambda: _("Discovered")),
    ("signals", "recruitment:signals", lambda: _("Signals")),
    ("whitespace", "recruitment:whitespace", lambda: _("White space")),
    ("profile", "recruitment:profiles", lambda: _("Ideal partner")),
    ("referrals", "recruitment:referrals", lambda: _("Referrals")),
)


def tabs(actor: Actor, current: str) -> list[dict[str, Any]]:
    waiting = queries.waiting_signals(actor)
    return [
        {"url": reverse(url), "label": label(), "current": key == current, "count": waiting if key == "signals" and waiting else None}
        for key, url, label in TABS
    ]


def frame(request: Request, current: str) -> dict[str, Any]:
    """What every page of recruitment needs beside its own values."""
    return {"tabs": tabs(request.actor, current), "may_manage": queries.may_manage(request.actor), "may_configure": queries.may_configure(request.actor)}


def score_cell(row: Any) -> Share | None:
    """Points with their dial; what is unknown is said beside them."""
    if row.points is None:
        return None
    label = str(row.points) if row.could_reach == row.points else _("%(points)d, up to %(most)d") % {"points": row.points, "most": row.could_reach}
    return Share(row.points, label, FIT[row.fit][1])


def fit_cell(row: Any) -> Badge | None:
    return Badge(*FIT[row.fit]) if row.fit else None


def known_of(form: object) -> str:
    """The address of the company or partner that a refusal names."""
    refusal = getattr(form, "refusal", None)
    if not isinstance(refusal, services.CompanyIsKnown):
        return ""
    if refusal.partner_id:
        return reverse("partners:partner", args=[refusal.partner_id])
    return reverse("recruitment:company", args=[refusal.company_id]) if refusal.company_id else ""


class Linked:
    """A row with the address it opens."""

    __slots__ = ("_row", "url")

    def __init__(self, row: Any, url: str):
        self._row, self.url = row, url

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)
