"""What can be done about a deal from a mail."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.correspondence.ports import About, ActionKind, first_ref
from openprm.deals import policies, services
from openprm.deals.models import Registration
from openprm.deals.rules.conflict import Verdict
from openprm.deals.threads import title_of, url_of
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.errors import refuse_if
from openprm.kernel.money import Money, format_money


def about_approval(*, actor: Actor, subject_id: UUID, at: datetime) -> About:
    """What this person's approval means. Raises NotFound, NotAllowed; also where a conflict wants a look at the page first."""
    registration = policies.reach(actor).select_related("partner").one(subject_id)
    steps = list(registration.steps.all())
    refuse_if(policies.why_not_approve(actor, registration, steps))
    refuse_if(_why_look_first(registration))
    partner = identity.organization_names([registration.partner_id]).get(registration.partner_id, "")
    amount = format_money(Money(registration.amount_minor, registration.currency), actor.locale)
    return About(
        title=title_of(registration),
        url=url_of(actor, registration),
        what=_("You approve this registration of %(partner)s. The last approval protects the customer for the partner.") % {"partner": partner},
        facts=((_("Partner"), partner), (_("Customer"), registration.customer_name), (_("Value"), amount), (_("Conflict check"), _("No conflict"))),
    )


def _why_look_first(registration: Registration) -> str | None:
    if Verdict(registration.verdict) is Verdict.NONE:
        return None
    return _("The conflict check of %(number)s found something. Sign in and look at it before you decide.") % {"number": registration.number}


def approve(*, actor: Actor, subject_id: UUID, at: datetime) -> str:
    approved = services.approve(actor=actor, registration_id=subject_id, at=at)
    said = (
        _("You approved %(number)s. The partner hears of it now.")
        if approved.final
        else _("Your step of %(number)s is approved. The next person hears of it now.")
    )
    return said % {"number": approved.number}


ACTIONS = (
    ActionKind(
        code="deals.approve",
        label=gettext_lazy("Approve the registration"),
        subject_of=first_ref("deals.", only=("deals.submitted", "deals.resubmitted")),
        describe=about_approval,
        run=approve,
    ),
)
