"""The published rule that says which partner may hold which role in an engagement (L2)."""

from django.utils.translation import gettext_lazy as _

from openprm.cosell.wording import PARTNER_TYPE, ROLE
from openprm.rulebook.ports import Choice, Fact, Outcome, Row, RuleKind, Table

_ROLE = Fact("role", _("Role"), "choice", choices=tuple(Choice(str(code), label) for code, label in ROLE.items()))
_TYPE = Fact("partner_type", _("Partner type"), "choice", choices=tuple(Choice(code, label) for code, label in PARTNER_TYPE.items()))
_ALLOWED = Outcome(
    "allowed",
    _("May hold it"),
    "bool",
    choices=(Choice("true", _("Yes"), _("the company may hold the role")), Choice("false", _("No"), _("the company may not hold the role"))),
)
_YES, _NO = {"allowed": "true"}, {"allowed": "false"}

ROLES = RuleKind(
    code="cosell.roles",
    title=_("Roles in co-selling"),
    about=_("Which partner may hold which role in an engagement. An invitation to a role that its receiver cannot hold is refused with the clause."),
    inputs=(_ROLE, _TYPE),
    outcomes=(_ALLOWED,),
    default_table=Table(
        inputs=("role", "partner_type"),
        outputs=("allowed",),
        rows=(
            Row("R1", {"role": '"facilitator"'}, _YES, "Introducing people is open to everybody."),
            Row("R2", {"role": '"reseller"', "partner_type": '"reseller", "var", "distributor", "msp", "si"'}, _YES),
            Row("R3", {"role": '"distributor"', "partner_type": '"distributor"'}, _YES),
            Row("R4", {"role": '"services"', "partner_type": '"si", "var", "msp", "consultant", "reseller", "vendor"'}, _YES),
            Row("R5", {"role": '"software"', "partner_type": '"isv", "vendor"'}, _YES, "Whoever sells software in a deal makes it."),
            Row("R6", {"role": '"msp"', "partner_type": '"msp", "si"'}, _YES),
            Row("R7", {"role": '"hardware"', "partner_type": '"distributor", "reseller", "var"'}, _YES),
            Row("R8", {"role": '"training"', "partner_type": '"si", "consultant", "msp", "var", "vendor"'}, _YES),
            Row("R9", {}, _NO, "Everything else needs another type of partner."),
        ),
    ),
)
RULE_KINDS = (ROLES,)
