"""The published rules that deals ask: decision, protection, capacity, remedy and silence, with tables to begin with."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from openprm.partners import queries as partners
from openprm.rulebook.ports import Choice, Fact, Outcome, Row, RuleKind, Table

CURRENCY = getattr(settings, "OPENPRM_CURRENCY", "EUR")

TIER = Fact("tier_rank", _("Tier rank"), "number", decimals=0, phrase=_("the partner's tier rank"))
TIER_CODE = Fact("tier", _("Tier"), "text", phrase=_("the partner's tier"))
DEAL_TYPE = Fact(
    "deal_type",
    _("Kind of deal"),
    "choice",
    choices=(Choice("new", _("New customer")), Choice("expansion", _("Expansion")), Choice("renewal", _("Renewal")), Choice("cross_sell", _("Cross-sell"))),
)
AMOUNT = Fact("amount", _("Deal size"), "money", unit=CURRENCY, phrase=_("the amount"))
_CONFLICT = Fact(
    "conflict",
    _("Conflict check"),
    "choice",
    choices=(
        Choice("none", _("No conflict"), _("no conflict is found")),
        Choice("possible", _("Possible conflict"), _("a conflict is possible")),
        Choice("blocking", _("Conflict"), _("another claim stands")),
    ),
)
_MOTION = Fact(
    "account_motion",
    _("How the account is sold"),
    "choice",
    choices=(
        Choice("channel", _("Through partners"), _("the account is sold through partners")),
        Choice("shared", _("Together"), _("the account is sold together")),
        Choice("direct", _("Direct only"), _("the account is sold by us alone")),
    ),
)
_RESOLVED = Fact(
    "customer_known",
    _("Customer settled"),
    "bool",
    choices=(Choice("true", _("Yes"), _("the customer is settled")), Choice("false", _("No"), _("the customer is not settled"))),
)
_TERRITORY = Fact("territory", _("Territory"), "text", phrase=_("the customer's territory"))

_APPROVE = {"decision": '"approve"', "approvers": '"nobody"'}
_REJECT = {"decision": '"reject"', "approvers": '"nobody"'}
_MANAGER_DECIDES = {"decision": '"review"', "approvers": '"partner_manager"'}
_TWO_DECIDE = {"decision": '"review"', "approvers": '"partner_manager > vendor_admin"'}
_SMALL_AND_CLEAR = {"customer_known": "true", "amount": "<= 25000", "tier_rank": ">= 2"}
_CLEAR_CASE = {"conflict": '"none"', "customer_known": "true", "amount": "<= 50000"}


def programs() -> tuple[tuple[UUID, str], ...]:
    """The programs that may have tables of their own, by name."""
    return tuple((UUID(program_id), name) for program_id, name in partners.program_choices())


DECISION = RuleKind(
    code="deals.decision",
    title=_("Deal decisions"),
    about=_("Which registrations are approved or rejected at once, and who decides the others."),
    inputs=(AMOUNT, _CONFLICT, _MOTION, _RESOLVED, DEAL_TYPE, TIER, TIER_CODE, _TERRITORY),
    programs=programs,
    outcomes=(
        Outcome(
            "decision",
            _("Decision"),
            "choice",
            choices=(
                Choice("approve", _("Approve at once"), _("the registration is approved at once")),
                Choice("reject", _("Reject"), _("the registration is rejected")),
                Choice("review", _("A person decides"), _("a person decides")),
            ),
        ),
        Outcome(
            "approvers",
            _("Who decides"),
            "choice",
            choices=(
                Choice("nobody", _("Nobody"), _("nobody needs to be asked")),
                Choice("partner_manager", _("Partner manager"), _("the partner manager is asked")),
                Choice("regional_reviewer", _("Regional reviewer"), _("the regional reviewer is asked")),
                Choice("vendor_admin", _("Administrator"), _("an administrator is asked")),
                Choice("partner_manager > vendor_admin", _("Partner manager, then administrator"), _("the partner manager is asked, then an administrator")),
                Choice("partner_manager > finance_manager", _("Partner manager, then finance"), _("the partner manager is asked, then finance")),
                Choice(
                    "regional_reviewer > vendor_admin",
                    _("Regional reviewer, then administrator"),
                    _("the regional reviewer is asked, then an administrator"),
                ),
                Choice("partner_manager + finance_manager", _("Partner manager and finance"), _("the partner manager and finance are asked side by side")),
                Choice(
                    "partner_manager > finance_manager + vendor_admin",
                    _("Partner manager, then finance and administrator"),
                    _("the partner manager is asked, then finance and an administrator side by side"),
                ),
            ),
        ),
    ),
    default_table=Table(
        inputs=("account_motion", "conflict", "customer_known", "amount", "tier_rank"),
        outputs=("decision", "approvers"),
        rows=(
            Row("D1", {"account_motion": '"direct"'}, _REJECT, "Direct accounts stay out of registration."),
            Row("D2", {"amount": ">= 250000"}, _TWO_DECIDE, "Large deals need two people."),
            Row("D3", {"conflict": '"blocking"'}, _MANAGER_DECIDES, "A later claim waits until the earlier one ends."),
            Row("D4", {"conflict": '"possible"'}, _MANAGER_DECIDES, "A person compares the claims."),
            Row("D5", _SMALL_AND_CLEAR, _APPROVE, "Small deals of experienced partners need no waiting."),
            Row("D6", {}, _MANAGER_DECIDES, "Everything else is decided by the partner manager."),
        ),
    ),
)

PROTECTION = RuleKind(
    code="deals.protection",
    title=_("Protection window"),
    about=_("How long an approved deal is protected, from when, and how much longer once."),
    inputs=(TIER, TIER_CODE, DEAL_TYPE, AMOUNT, _TERRITORY),
    programs=programs,
    outcomes=(
        Outcome("days", _("Protection"), "number", unit="days", decimals=0, phrase=_("protection lasts %(value)s")),
        Outcome("extension_days", _("Extension"), "number", unit="days", decimals=0, phrase=_("it can be extended once by %(value)s")),
        Outcome(
            "starts",
            _("Starts"),
            "choice",
            choices=(Choice("approval", _("At approval"), _("it starts at approval")), Choice("submission", _("At submission"), _("it starts at submission"))),
        ),
    ),
    default_table=Table(
        inputs=("tier_rank", "deal_type"),
        outputs=("days", "extension_days", "starts"),
        rows=(
            Row("P1", when={"deal_type": '"renewal"'}, then={"days": "30", "extension_days": "0", "starts": '"approval"'}, note="Renewals are short."),
            Row("P2", when={"tier_rank": ">= 3"}, then={"days": "120", "extension_days": "30", "starts": '"approval"'}),
            Row("P3", when={"tier_rank": ">= 2"}, then={"days": "90", "extension_days": "30", "starts": '"approval"'}),
            Row("P4", then={"days": "60", "extension_days": "30", "starts": '"approval"'}),
        ),
    ),
)

CAPACITY = RuleKind(
    code="deals.capacity",
    title=_("Registration capacity"),
    about=_("How many active registrations a partner can hold at a time, so that nobody squats on customers."),
    inputs=(TIER, TIER_CODE),
    programs=programs,
    outcomes=(Outcome("max_active", _("Active registrations"), "number", decimals=0, phrase=_("up to %(value)s registrations may be active")),),
    default_table=Table(
        inputs=("tier_rank",),
        outputs=("max_active",),
        rows=(
            Row("C1", when={"tier_rank": ">= 3"}, then={"max_active": "200"}),
            Row("C2", when={"tier_rank": ">= 2"}, then={"max_active": "100"}),
            Row("C3", then={"max_active": "50"}),
        ),
    ),
)


def _unnamed_remedies(table: Table) -> Iterator[tuple[int, str, str]]:
    """A remedy that gives something says how much."""
    for place, row in enumerate(table.rows):
        for remedy, column, sentence in (
            ('"extend"', "days", _("Say by how many days the protection gets longer.")),
            ('"credit"', "credit", _("Say how much is credited.")),
        ):
            if row.then.get("remedy", "").strip() == remedy and not _is_above_zero(row.then.get(column, "")):
                yield place, column, str(sentence)


def _is_above_zero(cell: str) -> bool:
    try:
        return Decimal(cell.strip()) > 0
    except InvalidOperation:
        return False


REMEDY = RuleKind(
    code="deals.remedy",
    title=_("When we answer late"),
    about=_("What a partner gets when a registration is not decided within the promise."),
    inputs=(AMOUNT, _CONFLICT, _RESOLVED, TIER),
    programs=programs,
    outcomes=(
        Outcome(
            "remedy",
            _("Remedy"),
            "choice",
            choices=(
                Choice("none", _("None"), _("nothing follows")),
                Choice("extend", _("Longer protection"), _("the protection gets longer")),
                Choice("approve", _("Approve"), _("the registration is approved by itself")),
                Choice("credit", _("Credit"), _("the partner is credited an amount")),
            ),
        ),
        Outcome("days", _("Extra days"), "number", unit="days", decimals=0, phrase=_("%(value)s are added to the protection")),
        Outcome("credit", _("Credit"), "money", unit=CURRENCY, phrase=_("%(value)s are credited to the partner")),
    ),
    check=_unnamed_remedies,
    default_table=Table(
        inputs=("conflict", "customer_known", "amount"),
        outputs=("remedy", "days"),
        rows=(
            Row("R1", _CLEAR_CASE, then={"remedy": '"approve"', "days": "0"}, note="Clear cases should not wait for us."),
            Row("R2", then={"remedy": '"extend"', "days": "14"}, note="Our delay does not cost the partner its time."),
        ),
    ),
)

SILENCE = RuleKind(
    code="deals.silence",
    title=_("When a partner does not answer"),
    about=_("How long a returned registration stays open after the time to answer has passed. Then it is withdrawn, so that it blocks no capacity."),
    inputs=(TIER, TIER_CODE, DEAL_TYPE, AMOUNT, _TERRITORY),
    programs=programs,
    outcomes=(
        Outcome("days", _("Days after the missed answer"), "number", unit="days", decimals=0, phrase=_("it is withdrawn %(value)s after the missed answer")),
    ),
    default_table=Table(
        inputs=("tier_rank",),
        outputs=("days",),
        rows=(Row("S1", then={"days": "14"}, note="A question that nobody answers does not hold a place for ever."),),
    ),
)

RULE_KINDS = (DECISION, PROTECTION, CAPACITY, REMEDY, SILENCE)
