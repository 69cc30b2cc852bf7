"""The dialogs of the partner's detail page."""

from collections.abc import Mapping
from typing import Any

from django import forms as django_forms
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.deals.pages import forms
from openprm.deals.pages.common import Action
from openprm.deals.pages.life_actions import life_actions
from openprm.deals.queries.results import PartnerRegistration


def more_actions(deal: PartnerRegistration, held: Mapping[str, Any]) -> list[Action]:
    """What the partner may do beside moving the deal: ask for days, withdraw, discard a draft."""
    actions = []
    if not deal.why_not_ask_extension:
        actions.append(_extension(deal, held))
    actions += life_actions(deal, held, portal=True)
    if not deal.why_not_withdraw:
        actions.append(_withdraw(deal, held))
    if not deal.why_not_cancel:
        actions.append(_cancel(deal, held))
    return actions


def _form(name: str, held: Mapping[str, Any]) -> django_forms.Form:
    return held.get(name) or forms.ReasonForm(auto_id=f"id_{name}_%s")


def _extension(deal: PartnerRegistration, held: Mapping[str, Any]) -> Action:
    return Action(
        name="extension",
        label=_("Ask for %(days)d more days") % {"days": deal.extension_days},
        title=_("Ask for %(days)d more days?") % {"days": deal.extension_days},
        text=_("Say what happened lately and what comes next. A protection is extended once."),
        icon="calendar-plus",
        tone="ok",
        prominent=True,
        url=reverse("deals:portal_extension", args=[deal.id]),
        form=_form("extension", held),
    )


def _withdraw(deal: PartnerRegistration, held: Mapping[str, Any]) -> Action:
    return Action(
        name="withdraw",
        label=_("Withdraw registration"),
        title=_("Withdraw %(number)s?") % {"number": deal.number},
        text=_("It is final. You may register the customer again later."),
        icon="undo-2",
        danger=True,
        url=reverse("deals:portal_withdraw", args=[deal.id]),
        form=_form("withdraw", held),
    )


def _cancel(deal: PartnerRegistration, held: Mapping[str, Any]) -> Action:
    is_draft = deal.status == "draft"
    return Action(
        name="cancel",
        label=_("Discard draft") if is_draft else _("Cancel deal"),
        title=_("Discard this draft?") if is_draft else _("Cancel %(number)s?") % {"number": deal.number},
        text=_("Nothing was sent yet.") if is_draft else _("Use it when the customer stopped the project. The customer is free again."),
        icon="trash-2" if is_draft else "circle-x",
        tone="bad",
        danger=True,
        url=reverse("deals:portal_cancel", args=[deal.id]),
        form=_form("cancel", held),
    )
