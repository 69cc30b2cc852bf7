"""The published rules: which touch counts as what, and until when a deal can be claimed."""

from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from openprm.attribution.rules.words import Counts
from openprm.attribution.wording import DEAL, KIND
from openprm.partners import queries as partners
from openprm.rulebook.ports import Choice, Fact, Outcome, Row, RuleKind, Table

TOUCHES, CLAIM_WINDOW = "attribution.touches", "attribution.claim_window"
CURRENCY = getattr(settings, "OPENPRM_CURRENCY", "EUR")


def programs() -> tuple[tuple[UUID, str], ...]:
    """The programs that may have a table of their own, by name."""
    return tuple((UUID(program_id), name) for program_id, name in partners.program_choices())


_KINDS = tuple(Choice(kind.value, label) for kind, label in KIND.items())
_DEALS = tuple(Choice(kind.value, label) for kind, label in DEAL.items())
_COUNTS = (
    Choice(Counts.INTRODUCTION.value, _("Introduction"), _("it counts as the introduction: the deal is sourced")),
    Choice(Counts.INFLUENCE.value, _("Influence"), _("it counts as influence")),
    Choice(Counts.NOTHING.value, _("Nothing"), _("it does not count")),
)
TOUCHES_KIND = RuleKind(
    code=TOUCHES,
    title=_("What counts towards a deal"),
    about=_("Which touch of a partner makes a deal sourced or influenced, by what it was and when it was."),
    programs=programs,
    inputs=(
        Fact("kind", _("Touch"), "choice", choices=_KINDS),
        Fact("days_before_creation", _("Days before the deal began"), "number", decimals=0, phrase=_("the days from the touch to the beginning of the deal")),
        Fact("days_before_close", _("Days before the deal closed"), "number", decimals=0, phrase=_("the days from the touch to the close of the deal")),
        Fact(
            "verified", _("Verified"), "bool",
            choices=(Choice("true", _("Yes"), _("the touch is verified")), Choice("false", _("No"), _("nobody verified the touch"))),
        ),
        Fact("deal", _("Deal"), "choice", choices=_DEALS),
        Fact("deal_type", _("Type of deal"), "text", phrase=_("the type of the deal")),
    ),
    outcomes=(Outcome("counts", _("Counts as"), "choice", choices=_COUNTS),),
    default_table=Table(
        inputs=("kind", "deal_type", "days_before_creation", "days_before_close", "verified"),
        outputs=("counts",),
        rows=(
            Row(
                "T1",
                {
                    "kind": '"registration", "referral", "introduction"',
                    "deal_type": 'not in ["renewal"]',
                    "days_before_creation": "[0..30]",
                    "verified": "true",
                },
                {"counts": '"introduction"'},
                "An introduction brings a deal when it comes at most 30 days before it. A renewal was brought before.",
            ),
            Row("T2", {"days_before_close": "[0..365]", "verified": "true"}, {"counts": '"influence"'}, "One verified touch in the year before the close."),
            Row("T3", {}, {"counts": '"nothing"'}, "What nobody verified, or what is older."),
        ),
    ),
)  # fmt: skip
CLAIM_WINDOW_KIND = RuleKind(
    code=CLAIM_WINDOW,
    title=_("Time to claim"),
    about=_("How many days after a deal began a partner can still claim that it helped. A later claim is counted apart and gets no credit."),
    programs=programs,
    inputs=(
        Fact("amount", _("Amount"), "money", unit=CURRENCY, phrase=_("the amount of the deal")),
        Fact("deal", _("Deal"), "choice", choices=_DEALS),
        Fact("deal_type", _("Type of deal"), "text", phrase=_("the type of the deal")),
    ),
    outcomes=(Outcome("days", _("Days to claim"), "number", decimals=0, phrase=_("it can be claimed for %(value)s days")),),
    default_table=Table(
        inputs=("amount",),
        outputs=("days",),
        rows=(
            Row("C1", {"amount": ">= 100000"}, {"days": "30"}, "Large deals have more people in them."),
            Row("C2", {}, {"days": "14"}, ""),
        ),
    ),
)
RULE_KINDS = (TOUCHES_KIND, CLAIM_WINDOW_KIND)
