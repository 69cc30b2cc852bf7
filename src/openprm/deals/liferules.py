"""The published rules of a deal's life after its approval: when it stands still, what may change, who renews, what is taken up again."""

from django.utils.translation import gettext_lazy as _

from openprm.deals.queries.processes import every_reason, every_stage
from openprm.deals.rulekinds import AMOUNT, DEAL_TYPE, TIER, TIER_CODE, programs
from openprm.rulebook.ports import Choice, Fact, Outcome, Row, RuleKind, Table

STALLED = RuleKind(
    code="deals.stalled",
    title=_("When a deal stands still"),
    about=_("After how many days without a move or logged work both sides are told, and how long somebody may ask for quiet."),
    inputs=(Fact("stage", _("Stage"), "choice", choices=every_stage, phrase=_("the stage")), DEAL_TYPE),
    programs=programs,
    outcomes=(
        Outcome("days", _("Stands still after"), "number", unit="days", decimals=0, phrase=_("a deal stands still after %(value)s")),
        Outcome("snooze_days", _("Longest quiet"), "number", unit="days", decimals=0, phrase=_("it can be kept quiet for up to %(value)s")),
    ),
    default_table=Table(
        inputs=("stage",),
        outputs=("days", "snooze_days"),
        rows=(
            Row("T1", when={"stage": '"committed"'}, then={"days": "14", "snooze_days": "30"}, note="Close to the signature, silence is a warning."),
            Row("T2", then={"days": "21", "snooze_days": "60"}),
        ),
    ),
)

AMENDMENT = RuleKind(
    code="deals.amendment",
    title=_("Changes after the approval"),
    about=_("Which changes of an approved deal apply at once, and which the partner manager decides."),
    inputs=(
        Fact(
            "kind",
            _("What is asked"),
            "choice",
            choices=(Choice("change", _("Change the deal"), _("the deal is changed")), Choice("split", _("Split the deal"), _("the deal is split in two"))),
        ),
        Fact("amount_change_percent", _("Change of the amount"), "number", unit="%", phrase=_("the change of the amount")),
        AMOUNT,
        Fact("new_product_lines", _("New product lines"), "number", decimals=0, phrase=_("the number of new product lines")),
        Fact("close_shift_days", _("Close moves later by"), "number", unit="days", decimals=0, phrase=_("the delay of the close")),
        DEAL_TYPE,
        TIER,
        TIER_CODE,
    ),
    programs=programs,
    outcomes=(
        Outcome(
            "decision",
            _("Decision"),
            "choice",
            choices=(
                Choice("apply", _("Applies at once"), _("the change applies at once")),
                Choice("review", _("A person decides"), _("the partner manager decides")),
            ),
        ),
    ),
    default_table=Table(
        inputs=("kind", "new_product_lines", "amount_change_percent", "close_shift_days"),
        outputs=("decision",),
        rows=(
            Row("A1", when={"kind": '"split"'}, then={"decision": '"review"'}, note="A split opens a second protection."),
            Row("A2", when={"new_product_lines": ">= 1"}, then={"decision": '"review"'}, note="Another product line needs a protection of its own."),
            Row("A3", when={"amount_change_percent": "> 20"}, then={"decision": '"review"'}, note="Much more is a different deal."),
            Row("A4", when={"amount_change_percent": "< -50"}, then={"decision": '"review"'}),
            Row("A5", when={"close_shift_days": "> 60"}, then={"decision": '"review"'}, note="A late close holds the customer for long."),
            Row("A6", then={"decision": '"apply"'}, note="Small changes need no waiting."),
        ),
    ),
)

RENEWAL = RuleKind(
    code="deals.renewal",
    title=_("Renewals"),
    about=_("Who has the first right to renew a customer, from how long before the end of the term, and until when."),
    inputs=(AMOUNT, TIER, TIER_CODE),
    programs=programs,
    outcomes=(
        Outcome(
            "right",
            _("First right"),
            "choice",
            choices=(
                Choice("incumbent", _("The partner that sold it"), _("the partner that sold it has the first right")),
                Choice("nobody", _("Nobody"), _("the renewal is open to everybody")),
            ),
        ),
        Outcome("remind_days", _("Begins before the end"), "number", unit="days", decimals=0, phrase=_("it begins %(value)s before the term ends")),
        Outcome("days_after", _("Lasts beyond the end"), "number", unit="days", decimals=0, phrase=_("it lasts %(value)s beyond the end of the term")),
    ),
    default_table=Table(
        inputs=("tier_rank",),
        outputs=("right", "remind_days", "days_after"),
        rows=(
            Row("N1", when={"tier_rank": ">= 3"}, then={"right": '"incumbent"', "remind_days": "120", "days_after": "30"}),
            Row("N2", then={"right": '"incumbent"', "remind_days": "90", "days_after": "0"}, note="Who won the customer is asked first."),
        ),
    ),
)

REOPENING = RuleKind(
    code="deals.reopening",
    title=_("Taking up a lost deal"),
    about=_("For how many days a lost deal can be taken up again, with the protection that is left when nobody else holds the customer."),
    inputs=(Fact("lost_reason", _("Lost because"), "choice", choices=every_reason, phrase=_("it was lost because of")), DEAL_TYPE, AMOUNT),
    programs=programs,
    outcomes=(Outcome("days", _("Days"), "number", unit="days", decimals=0, phrase=_("it can be taken up again for %(value)s")),),
    default_table=Table(inputs=("lost_reason",), outputs=("days",), rows=(Row("O1", then={"days": "30"}, note="Customers change their minds."),)),
)

LIFE_RULE_KINDS = (STALLED, AMENDMENT, RENEWAL, REOPENING)
