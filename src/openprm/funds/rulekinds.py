"""The published rule of approval: who decides which amount, one level after the other."""

from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from openprm.funds.rules.lifecycle import Kind
from openprm.partners import queries as partners
from openprm.rulebook.ports import Choice, Fact, Outcome, Row, RuleKind, Table

APPROVAL = "funds.approval"
CURRENCY = getattr(settings, "OPENPRM_CURRENCY", "EUR")


def programs() -> tuple[tuple[UUID, str], ...]:
    """The programs that may have a table of their own, by name."""
    return tuple((UUID(program_id), name) for program_id, name in partners.program_choices())


_CHAINS = (
    Choice("nobody", _("Nobody"), _("it is approved at once")),
    Choice("partner_manager", _("Partner manager"), _("the partner manager decides")),
    Choice("marketing_manager", _("Marketing manager"), _("the marketing manager decides")),
    Choice("finance_manager", _("Finance"), _("finance decides")),
    Choice("vendor_admin", _("Administrator"), _("an administrator decides")),
    Choice(
        "partner_manager > finance_manager", _("Partner manager, then finance"), _("the partner manager decides, then finance")
    ),
    Choice(
        "partner_manager > marketing_manager", _("Partner manager, then marketing"), _("the partner manager decides, then the marketing manager")
    ),
    Choice("finance_manager > vendor_admin", _("Finance, then administrator"), _("finance decides, then an administrator")),
    Choice(
        "partner_manager > finance_manager > vendor_admin",
        _("Partner manager, finance, administrator"),
        _("the partner manager decides, then finance, then an administrator"),
    ),
    Choice(
        "partner_manager > marketing_manager > finance_manager > vendor_admin",
        _("All four"),
        _("the partner manager decides, then marketing, finance and an administrator"),
    ),
)  # fmt: skip
APPROVAL_KIND = RuleKind(
    code=APPROVAL,
    title=_("Approval of funds"),
    about=_("Who decides about requests for development funds and about claims, level by level, by what is asked for."),
    programs=programs,
    inputs=(
        Fact(
            "subject", _("What is decided"), "choice",
            choices=(Choice("request", _("Request"), _("funds are requested")), Choice("claim", _("Claim"), _("a claim is made"))),
        ),
        Fact("amount", _("Amount"), "money", unit=CURRENCY, phrase=_("the amount")),
        Fact(
            "fund", _("Kind of fund"), "choice",
            choices=(
                Choice(Kind.MDF.value, _("MDF"), _("the money is given at our discretion")),
                Choice(Kind.COOP.value, _("Co-op"), _("the money was earned by sales")),
            ),
        ),
        Fact("tier", _("Tier"), "text", phrase=_("the partner's tier")),
        Fact("activities", _("Activities"), "number", decimals=0, phrase=_("the number of activities")),
    ),
    outcomes=(Outcome("approvers", _("Who decides"), "choice", choices=_CHAINS),),
    default_table=Table(
        inputs=("subject", "amount", "fund"),
        outputs=("approvers",),
        rows=(
            Row("A1", {"subject": '"request"', "amount": "<= 5000"}, {"approvers": '"partner_manager"'}, "Small requests need one person."),
            Row("A2", {"subject": '"request"', "amount": "<= 25000"}, {"approvers": '"partner_manager > finance_manager"'}, "Larger ones need two."),
            Row("A3", {"subject": '"request"'}, {"approvers": '"partner_manager > finance_manager > vendor_admin"'}, "The largest need three."),
            Row("A4", {"subject": '"claim"', "amount": "<= 10000"}, {"approvers": '"finance_manager"'}, "Finance checks what was spent."),
            Row("A5", {}, {"approvers": '"finance_manager > vendor_admin"'}, "Large payments are seen by two people."),
        ),
    ),
)  # fmt: skip
RULE_KINDS = (APPROVAL_KIND,)
