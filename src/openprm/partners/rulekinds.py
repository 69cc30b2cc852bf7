"""The published rule that partners ask: which memberships are renewed by themselves."""

from uuid import UUID

from django.utils.translation import gettext_lazy

from openprm.partners.models import Program
from openprm.rulebook.ports import Choice, Fact, Outcome, Row, RuleKind, Table


def programs() -> tuple[tuple[UUID, str], ...]:
    return tuple(Program.objects.order_by("name").values_list("pk", "name"))


RENEWAL = RuleKind(
    code="partners.renewal",
    title=gettext_lazy("Renewal of memberships"),
    about=gettext_lazy("Which memberships are renewed by themselves on their last day, for how long, and where a person decides."),
    inputs=(
        Fact("tier_rank", gettext_lazy("Tier rank"), "number", decimals=0, phrase=gettext_lazy("the partner's tier rank")),
        Fact("tier", gettext_lazy("Tier"), "text", phrase=gettext_lazy("the partner's tier")),
        Fact(
            "closed_gates",
            gettext_lazy("Closed by agreement or compliance"),
            "number",
            decimals=0,
            phrase=gettext_lazy("the number of things that agreements or compliance have closed"),
        ),
        Fact("renewals", gettext_lazy("Renewals so far"), "number", decimals=0, phrase=gettext_lazy("the number of renewals so far")),
        Fact("years_in_program", gettext_lazy("Years in the program"), "number", decimals=0, phrase=gettext_lazy("the years in the program")),
    ),
    outcomes=(
        Outcome(
            "decision",
            gettext_lazy("Renewal"),
            "choice",
            choices=(
                Choice("renew", gettext_lazy("By itself"), gettext_lazy("the membership is renewed by itself")),
                Choice("ask", gettext_lazy("A person renews"), gettext_lazy("a person renews it")),
                Choice("end", gettext_lazy("It ends"), gettext_lazy("the membership ends")),
            ),
        ),
        Outcome("months", gettext_lazy("Next term"), "number", unit="months", decimals=0, phrase=gettext_lazy("for %(value)s")),
    ),
    programs=programs,
    default_table=Table(
        inputs=("closed_gates", "tier_rank"),
        outputs=("decision", "months"),
        rows=(
            Row("M1", {"closed_gates": ">= 1"}, {"decision": '"ask"', "months": "12"}, "First what is open with agreements and compliance."),
            Row("M2", {"tier_rank": ">= 2"}, {"decision": '"renew"', "months": "12"}, "Partners in a higher tier should not have to ask."),
            Row("M3", {}, {"decision": '"ask"', "months": "12"}, "Everybody else says once a year that they go on."),
        ),
    ),
)
