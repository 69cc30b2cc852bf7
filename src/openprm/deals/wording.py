"""The words people read for the codes that rules speak. The partner's sentences name nobody."""

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from openprm.deals.rules.amendments import State as AmendmentState
from openprm.deals.rules.conflict import FindingKind, Verdict
from openprm.deals.rules.lifecycle import DealType, Stage, Status
from openprm.deals.rules.precheck import Answer
from openprm.deals.rules.renewals import State as RenewalState
from openprm.deals.rules.stages import Criterion, Needs
from openprm.kernel.money import Money, format_money

STATUS = {
    Status.DRAFT: (_("Draft"), "neutral"),
    Status.SUBMITTED: (_("Submitted"), "info"),
    Status.UNDER_REVIEW: (_("Under review"), "info"),
    Status.PENDING_APPROVAL: (_("Pending approval"), "info"),
    Status.APPROVED: (_("Approved"), "ok"),
    Status.RETURNED: (_("Returned"), "warn"),
    Status.REJECTED: (_("Rejected"), "bad"),
    Status.WITHDRAWN: (_("Withdrawn"), "neutral"),
    Status.EXPIRED: (_("Expired"), "neutral"),
    Status.CLOSED_WON: (_("Won"), "ok"),
    Status.CLOSED_LOST: (_("Lost"), "neutral"),
    Status.CANCELED: (_("Canceled"), "neutral"),
}
STAGE = {
    Stage.PROSPECT: _("Prospect"),
    Stage.QUALIFIED: _("Qualified"),
    Stage.TECHNICAL_VALIDATION: _("Technical validation"),
    Stage.BUSINESS_VALIDATION: _("Business validation"),
    Stage.COMMITTED: _("Committed"),
    Stage.LAUNCHED: _("Launched"),
    Stage.CLOSED_LOST: _("Closed lost"),
}
LOST_REASON = {
    "competitor": _("Lost to a competitor"),
    "price": _("Too expensive"),
    "no_budget": _("No budget"),
    "no_decision": _("No decision was taken"),
    "product_gap": _("The product lacks something"),
    "timing": _("Wrong time"),
    "other": _("Another reason"),
}
DEAL_TYPE = {DealType.NEW: _("New customer"), DealType.EXPANSION: _("Expansion"), DealType.RENEWAL: _("Renewal"), DealType.CROSS_SELL: _("Cross-sell")}
VERDICT = {
    Verdict.NONE: (_("No conflict"), "ok"),
    Verdict.POSSIBLE: (_("Possible conflict"), "warn"),
    Verdict.BLOCKING: (_("Conflict"), "bad"),
}
ANSWER = {
    Answer.FREE: (_("Free"), "ok", _("Nobody holds this customer for this product line. Register it to be first.")),
    Answer.PROTECTED: (_("Protected"), "bad", _("A protection covers this customer for this product line.")),
    Answer.ASK: (_("Ask"), "warn", _("A person has to look at this one. Register the deal or ask your partner manager.")),
}
ROLE = {
    "partner_manager": _("Partner manager"),
    "regional_reviewer": _("Regional reviewer"),
    "finance_manager": _("Finance"),
    "marketing_manager": _("Partner marketing"),
    "vendor_admin": _("Administrator"),
}
FIELD = {
    "title": _("Deal name"),
    "customer_name": _("Customer"),
    "customer_domain": _("Web domain"),
    "customer_country": _("Country"),
    "customer_city": _("City"),
    "contact_name": _("Contact"),
    "contact_email": _("Contact's e-mail"),
    "contact_phone": _("Contact's phone"),
    "contact_title": _("Contact's role"),
    "lines": _("Products and amounts"),
    "currency": _("Currency"),
    "expected_close_date": _("Expected close"),
    "deal_type": _("Kind of deal"),
    "description": _("Description"),
    "next_step": _("Next step"),
    "competitor": _("Competitor"),
    "engaged_since_date": _("Working with them since"),
    "program_id": _("Program"),
    "territory_id": _("Territory"),
    "follows_id": _("Follows the deal"),
}
RELATION = {"first": _("First deal"), "split": _("Split off")}
RENEWAL_STATE = {
    RenewalState.OPEN: (_("Open"), "info"),
    RenewalState.RENEWED: (_("Renewed"), "ok"),
    RenewalState.DECLINED: (_("Not renewed"), "neutral"),
    RenewalState.LAPSED: (_("Lapsed"), "neutral"),
}
AMENDMENT_STATE = {
    AmendmentState.PROPOSED: (_("Waits for a decision"), "info"),
    AmendmentState.APPLIED: (_("Applied"), "ok"),
    AmendmentState.REJECTED: (_("Rejected"), "bad"),
    AmendmentState.WITHDRAWN: (_("Taken back"), "neutral"),
}
ACTIVITY = {
    "call": _("A call"),
    "email": _("A mail"),
    "meeting": _("A meeting"),
    "demo": _("A demonstration"),
    "proposal": _("A proposal"),
    "visit": _("A visit"),
    "other": _("Other work"),
}
COMPARED = {"company": _("Company"), "domain": _("Web domain"), "product": _("Product"), "contact": _("Contact")}

_VENDOR = {
    FindingKind.OTHER_PROTECTION: _("%(partner)s holds a live protection (%(number)s) for this customer and product line until %(until)s."),
    FindingKind.NEARBY_PROTECTION: _("%(partner)s is protected (%(number)s) for this customer and product line in another territory until %(until)s."),
    FindingKind.ENDED_PROTECTION: _("%(partner)s had a protection (%(number)s) here. It ended on %(until)s."),
    FindingKind.OTHER_REGISTRATION: _("%(partner)s registered the same customer and product line first or meanwhile (%(number)s) and waits for a decision."),
    FindingKind.OWN_REGISTRATION: _("%(partner)s has another registration of its own for this customer and product line (%(number)s)."),
    FindingKind.DIRECT_OPPORTUNITY: _("Your own sales team works an open opportunity here: %(opportunity)s."),
    FindingKind.EXISTING_CUSTOMER: _("%(customer)s is your customer already, but the deal is registered as new business."),
    FindingKind.DIRECT_ACCOUNT: _("%(customer)s is a direct account: your rules keep it out of registration."),
    FindingKind.SHARED_ACCOUNT: _("%(customer)s is a shared account: its owner sells there together with partners."),
    FindingKind.PRIOR_ENGAGEMENT: _("Somebody else was active at this customer on %(until)s, within the last 60 days: %(opportunity)s."),
    FindingKind.UNRESOLVED_CUSTOMER: _("The customer resembles %(candidates)s known accounts. Choose one, or create it."),
}
_PARTNER = {
    FindingKind.OTHER_PROTECTION: _("A protection covers this customer and product line."),
    FindingKind.NEARBY_PROTECTION: _("A protection covers this customer and product line in another territory."),
    FindingKind.ENDED_PROTECTION: _("An earlier claim existed here and has ended."),
    FindingKind.OTHER_REGISTRATION: _("Another claim for this customer and product line waits for a decision."),
    FindingKind.OWN_REGISTRATION: _("Your company has another registration for this customer and product line."),
    FindingKind.DIRECT_OPPORTUNITY: _("We are in contact with this customer ourselves and have to compare notes."),
    FindingKind.EXISTING_CUSTOMER: _("This customer buys from us already. Expansion or renewal may fit better than new business."),
    FindingKind.DIRECT_ACCOUNT: _("This account is not open to registration under the rules of engagement."),
    FindingKind.SHARED_ACCOUNT: _("This is a shared account. A person on our side is asked first."),
    FindingKind.PRIOR_ENGAGEMENT: _("There was other activity at this customer in the last 60 days."),
    FindingKind.UNRESOLVED_CUSTOMER: _("We know companies with a similar name and check which one you mean."),
}


def status_label(status: str):
    return STATUS[Status(status)][0]


def status_tone(status: str) -> str:
    return STATUS[Status(status)][1]


def built_in_stage(code: str):
    """The name of a stage that no published process names; an unknown code is read as it is written."""
    return STAGE.get(code, code.replace("_", " ").capitalize())


def built_in_reason(code: str):
    return LOST_REASON.get(code, code.replace("_", " ").capitalize())


def criterion_label(criterion: Criterion, currency: str) -> str:
    """What a stage asks for, as a checklist reads it."""
    match criterion.needs:
        case Needs.FIELD:
            return gettext("%(field)s is known") % {"field": field_label(criterion.value)}
        case Needs.ACTIVITY:
            return gettext("%(kind)s with the customer is logged") % {"kind": ACTIVITY.get(criterion.value, gettext("Some work"))}
        case Needs.DOCUMENT:
            count = max(criterion.number, 1)
            return ngettext("%(count)d shared file", "%(count)d shared files", count) % {"count": count}
        case Needs.AMOUNT:
            return gettext("Worth at least %(amount)s") % {"amount": format_money(Money(criterion.number, currency))}
        case Needs.NEXT_STEP:
            return gettext("The next step is written down")
        case Needs.PLAN:
            return gettext("Both sides agreed to a mutual action plan")
        case _:
            return ngettext("%(count)d day in the stage before", "%(count)d days in the stage before", criterion.number) % {"count": criterion.number}


def criterion_remedy(criterion: Criterion, currency: str, days_in_stage: int) -> str:
    """The sentence of a criterion that is not met: what is missing, and what to do."""
    match criterion.needs:
        case Needs.FIELD:
            return gettext("%(field)s is missing. Add it under “Change the deal”.") % {"field": field_label(criterion.value)}
        case Needs.ACTIVITY:
            kind = ACTIVITY.get(criterion.value, gettext("Some work"))
            return gettext("%(kind)s with the customer is not logged on this deal. Log it, then move the deal.") % {"kind": kind}
        case Needs.DOCUMENT:
            count = max(criterion.number, 1)
            words = ngettext("This stage asks for %(count)d shared file. Add it to the deal.", "This stage asks for %(count)d shared files. Add them.", count)
            return words % {"count": count}
        case Needs.AMOUNT:
            least = format_money(Money(criterion.number, currency))
            return gettext("This stage is for deals of at least %(amount)s. Change the amount, or stay in the stage.") % {"amount": least}
        case Needs.NEXT_STEP:
            return gettext("Write down the next step.")
        case Needs.PLAN:
            return gettext("No mutual action plan is agreed yet. Begin one on the deal, and let both sides agree to it.")
        case _:
            left = {"count": criterion.number, "now": days_in_stage}
            return gettext("This stage asks for %(count)d days in the stage before; it is %(now)d. Try again later.") % left


def role_label(role: str):
    return ROLE.get(role, role)


def field_label(name: str):
    return FIELD.get(name, name)


def vendor_sentence(kind: str, values: dict[str, str]) -> str:
    """The finding with its names, for the vendor's eyes. Missing names read as a dash."""
    return str(_VENDOR[FindingKind(kind)]) % _Blanks(values)


def partner_sentence(kind: str) -> str:
    return str(_PARTNER[FindingKind(kind)])


class _Blanks(dict):
    def __missing__(self, key: str) -> str:
        return "–"
