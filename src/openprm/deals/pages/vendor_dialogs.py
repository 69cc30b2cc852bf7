"""The dialogs of the vendor's detail page: their forms, and the actions behind the menu."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.deals import queries
from openprm.deals.pages import forms
from openprm.deals.pages.common import Action
from openprm.deals.pages.forms import amount_text
from openprm.deals.pages.life_actions import life_actions
from openprm.deals.queries.results import VendorRegistration
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound
from openprm.rulebook import queries as rulebook

CLAUSES_AT_MOST = 12


def dialogs_of(deal: VendorRegistration, actor: Actor, at: datetime, held: Mapping[str, Any], *, data: Any = None) -> dict[str, django_forms.Form]:
    """The form of each dialog; `held` ones come back with what was typed and what was wrong."""
    fresh = {
        "approve": forms.OptionalReasonForm(auto_id="id_approve_%s"),
        "return": forms.ReturnForm(auto_id="id_return_%s", choices=deal.returnable_fields),
        "reject": forms.RejectForm(
            data,
            auto_id="id_reject_%s",
            clauses=clauses(deal, actor, at),
            initial={"clause": deal.suggestion.clause if deal.suggestion and deal.suggestion.action == "reject" else ""},
        ),
        "stage": forms.StageForm(),
        "won": forms.WonForm(initial={"amount": amount_text(deal.amount, actor.locale)}),
        "lost": forms.LostForm(reasons=queries.reasons_of(deal.program_id), auto_id="id_lost_%s"),
    }
    found = {**fresh, **held}
    return {**found, "return_": found["return"]}


def clauses(deal: VendorRegistration, actor: Actor, at: datetime) -> list[tuple[str, str]]:
    """The clauses of the decision rules in force, as choices in words."""
    words = _in_words(actor, deal.program_id, at) or _in_words(actor, None, at)
    return [(clause.clause, f"{clause.clause}: {clause.text}") for clause in (words.clauses if words else ())[:CLAUSES_AT_MOST]]


def _in_words(actor: Actor, program_id: UUID | None, at: datetime) -> Any:
    """The program's own rules in words, or None when it has none and the general ones hold."""
    try:
        return rulebook.rules_in_words(actor=actor, kind="deals.decision", program_id=program_id, at=at)
    except NotFound:
        return None


def more_actions(deal: VendorRegistration, held: Mapping[str, Any]) -> list[Action]:
    """What stands behind the menu: extending, releasing, canceling."""
    actions = []
    if not deal.why_not_protect:
        if deal.extension_days and not deal.extended:
            actions.append(_extend(deal, held))
        actions.append(_release(deal, held))
    actions += life_actions(deal, held, portal=False)
    if not deal.why_not_cancel:
        actions.append(_cancel(deal, held))
    return actions


def _form(name: str, held: Mapping[str, Any]) -> django_forms.Form:
    return held.get(name) or forms.ReasonForm(auto_id=f"id_{name}_%s")


def _extend(deal: VendorRegistration, held: Mapping[str, Any]) -> Action:
    return Action(
        name="extend",
        label=_("Extend protection"),
        title=_("Extend by %(days)d days?") % {"days": deal.extension_days},
        text=_("A protection is extended once. The partner reads your reason."),
        icon="calendar-plus",
        tone="ok",
        url=reverse("deals:registration_extend", args=[deal.id]),
        form=_form("extend", held),
    )


def _release(deal: VendorRegistration, held: Mapping[str, Any]) -> Action:
    return Action(
        name="release",
        label=_("Release protection"),
        title=_("Release the protection?"),
        text=_("The customer is free for others at once. The deal itself stays."),
        icon="shield-off",
        danger=True,
        url=reverse("deals:registration_release", args=[deal.id]),
        form=_form("release", held),
    )


def _cancel(deal: VendorRegistration, held: Mapping[str, Any]) -> Action:
    return Action(
        name="cancel",
        label=_("Cancel registration"),
        title=_("Cancel %(number)s?") % {"number": deal.number},
        text=_("Use it when the customer stopped the project. It cannot be taken back."),
        icon="circle-x",
        tone="bad",
        danger=True,
        url=reverse("deals:registration_cancel", args=[deal.id]),
        form=_form("cancel", held),
    )
