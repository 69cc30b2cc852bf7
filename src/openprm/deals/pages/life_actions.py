"""The dialogs of a deal's life that both sides have: asking for quiet, taking a lost deal up again."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.deals.pages import forms
from openprm.deals.pages.common import Action
from openprm.deals.queries.results import PartnerRegistration, VendorRegistration


def life_actions(deal: VendorRegistration | PartnerRegistration, held: Mapping[str, Any], *, portal: bool) -> list[Action]:
    actions = []
    if not deal.why_not_advance:
        actions.append(_snooze(deal, held, portal))
    if not deal.why_not_reopen:
        actions.append(_reopen(deal, held, portal))
    return actions


def _snooze(deal: VendorRegistration | PartnerRegistration, held: Mapping[str, Any], portal: bool) -> Action:
    return Action(
        name="snooze",
        label=_("Ask for quiet"),
        title=_("No alert for a while?"),
        text=_("Both sides read the reason. A move or logged work ends the quiet."),
        icon="hourglass",
        tone="info",
        url=reverse("deals:portal_snooze" if portal else "deals:registration_snooze", args=[deal.id]),
        form=held.get("snooze") or forms.SnoozeForm(auto_id="id_snooze_%s"),
    )


def _reopen(deal: VendorRegistration | PartnerRegistration, held: Mapping[str, Any], portal: bool) -> Action:
    return Action(
        name="reopen",
        label=_("Take it up again"),
        title=_("Take %(number)s up again?") % {"number": deal.number},
        text=_("The protection that was left comes back when nobody else holds the customer."),
        icon="rotate-cw",
        tone="ok",
        prominent=True,
        url=reverse("deals:portal_reopen" if portal else "deals:registration_reopen", args=[deal.id]),
        form=held.get("reopen") or forms.ReasonForm(auto_id="id_reopen_%s"),
    )
