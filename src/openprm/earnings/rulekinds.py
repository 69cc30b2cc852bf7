"""What is decided by published rule about earnings: which are suspicious, which need a person, when money is forfeited."""

from django.utils.translation import gettext_lazy as _

from openprm.earnings.wording import EVENT
from openprm.rulebook.ports import Choice, Fact, Outcome, Row, RuleKind, Table

ALERTS = (
    Choice("customer_is_partner", _("The customer's e-mail is the partner's")),
    Choice("same_company", _("Customer and partner are one company")),
    Choice("self_referral", _("The partner referred the customer to itself")),
    Choice("duplicate_account", _("The customer exists twice")),
    Choice("banned", _("Somebody who is banned takes part")),
    Choice("banned_elsewhere", _("A company that is banned is back as another partner")),
    Choice("paid_traffic", _("The customer came by bought traffic")),
    Choice("banned_source", _("The customer came from a source that is banned")),
    Choice("too_quick", _("Won too quickly")),
    Choice("unusual_amount", _("Unusually large")),
)
_YES_NO = (Choice("true", _("Yes")), Choice("false", _("No")))

FRAUD = RuleKind(
    code="earnings.fraud",
    title=_("What raises an alert on an earning"),
    about=_("Each clause that applies raises an alert. The line waits, with the clause as its reason, until a person has looked."),
    inputs=(
        Fact("event", _("What happened"), "choice", choices=tuple(Choice(code, label) for code, label in EVENT.items())),
        Fact("same_email", _("The customer's contact has an address of the partner's people"), "bool"),
        Fact("same_company", _("Customer and partner have one web domain or one name"), "bool"),
        Fact("self_referral", _("The partner referred the lead and sold to it"), "bool"),
        Fact("duplicate_account", _("Another customer record has the same web domain"), "bool"),
        Fact("banned", _("The partner or the customer's domain is banned"), "bool"),
        Fact("banned_elsewhere", _("The partner shares its web or mail domain with a partner that was banned, in whatever program"), "bool"),
        Fact("paid_traffic", _("The lead's campaign says that its visitors were bought"), "bool"),
        Fact("banned_source", _("The lead came from the web domain of a partner that was banned"), "bool"),
        Fact("source", _("Words of the lead's source: kind, form, campaign, system"), "text"),
        Fact("days_to_won", _("Days from registration to won"), "number", unit="days", decimals=0),
        Fact("amount", _("Amount of the line"), "money", unit="EUR"),
    ),
    outcomes=(Outcome("alert", _("Alert"), "choice", choices=ALERTS, phrase=_("the line is held: %(value)s")),),
    default_table=Table(
        inputs=(
            "same_email",
            "same_company",
            "self_referral",
            "duplicate_account",
            "banned",
            "days_to_won",
            "amount",
            "banned_elsewhere",
            "paid_traffic",
            "banned_source",
            "source",
        ),
        outputs=("alert",),
        rows=(
            Row("F1", {"same_email": "true"}, {"alert": '"customer_is_partner"'}),
            Row("F2", {"same_company": "true"}, {"alert": '"same_company"'}),
            Row("F3", {"self_referral": "true"}, {"alert": '"self_referral"'}),
            Row("F4", {"duplicate_account": "true"}, {"alert": '"duplicate_account"'}),
            Row("F5", {"banned": "true"}, {"alert": '"banned"'}),
            Row("F6", {"days_to_won": "<= 0"}, {"alert": '"too_quick"'}, "Registered and won on one day."),
            Row("F7", {"amount": "> 100000"}, {"alert": '"unusual_amount"'}),
            Row("F8", {"banned_elsewhere": "true"}, {"alert": '"banned_elsewhere"'}, "A ban holds in every program and for whoever comes back."),
            Row("F9", {"paid_traffic": "true"}, {"alert": '"paid_traffic"'}, "Bidding for our own customers is no referral."),
            Row("F10", {"banned_source": "true"}, {"alert": '"banned_source"'}),
        ),
        hit="collect",
    ),
    hit="collect",
)

REVIEW = RuleKind(
    code="earnings.review",
    title=_("Which earnings need a person"),
    about=_("A line whose hold is over is approved at once or waits in the review queue. A line with an alert always waits."),
    inputs=(
        Fact("event", _("What happened"), "choice", choices=tuple(Choice(code, label) for code, label in EVENT.items())),
        Fact("amount", _("Amount"), "money", unit="EUR"),
        Fact("tier", _("Tier"), "text"),
        Fact("paid_before", _("Lines paid to this partner before"), "number", decimals=0),
        Fact("is_correction", _("It takes money back"), "bool", choices=_YES_NO),
    ),
    outcomes=(
        Outcome(
            "decision", _("Decision"), "choice",
            choices=(Choice("approve", _("Approve"), _("the line is approved at once")), Choice("review", _("Review"), _("a person reviews the line"))),
        ),
    ),
    default_table=Table(
        inputs=("is_correction", "amount", "paid_before"),
        outputs=("decision",),
        rows=(
            Row("A1", {"is_correction": "true"}, {"decision": '"approve"'}, "What is taken back does not wait."),
            Row("A2", {"amount": "<= 1000", "paid_before": ">= 3"}, {"decision": '"approve"'}, "Small amounts of partners that were paid before."),
            Row("A3", {}, {"decision": '"review"'}),
        ),
    ),
)  # fmt: skip

FORFEITURE = RuleKind(
    code="earnings.forfeiture",
    title=_("When money is forfeited"),
    about=_(
        "Approved money that cannot be paid because the partner's papers are missing. Every warning is sent before, each with what to do;"
        " without them nothing is forfeited."
    ),
    inputs=(Fact("tier", _("Tier"), "text"), Fact("amount", _("Amount"), "money", unit="EUR")),
    outcomes=(
        Outcome("months", _("Forfeited after"), "number", unit="months", decimals=0, phrase=_("unpaid money is forfeited after %(value)s")),
        Outcome("first_warning", _("First warning before"), "number", unit="days", decimals=0, phrase=_("the first warning comes %(value)s before")),
        Outcome("second_warning", _("Second warning before"), "number", unit="days", decimals=0, phrase=_("the second %(value)s before")),
        Outcome("last_warning", _("Last warning before"), "number", unit="days", decimals=0, phrase=_("the last %(value)s before")),
    ),
    default_table=Table(
        inputs=("tier",),
        outputs=("months", "first_warning", "second_warning", "last_warning"),
        rows=(Row("L1", {}, {"months": "12", "first_warning": "90", "second_warning": "30", "last_warning": "7"}),),
    ),
)
RULE_KINDS = (FRAUD, REVIEW, FORFEITURE)
