"""The published rule of routing: which method for which lead, who is good enough, how many at a time, how fast."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from openprm.leads.rules.routing import Method
from openprm.leads.wording import METHOD, SOURCE
from openprm.rulebook.ports import Choice, Fact, Outcome, Row, RuleKind, Table

CURRENCY = getattr(settings, "OPENPRM_CURRENCY", "EUR")
ROUTING = "leads.routing"

_PHRASES = {
    Method.ROUND_ROBIN: _("the lead goes to whoever waits longest"),
    Method.CLAIM: _("the first to claim the lead has it"),
    Method.GEOGRAPHY: _("the lead goes to somebody near the customer, by weight"),
    Method.FIT: _("the lead goes to the best fit of skill and tier"),
    Method.CAPACITY: _("the lead goes to whoever has most room"),
    Method.MANUAL: _("a person decides"),
}

ROUTING_KIND = RuleKind(
    code=ROUTING,
    title=_("Lead routing"),
    about=_("Which partner is offered which lead, who is good enough for it, how many leads a partner holds at a time, and how fast it answers."),
    inputs=(
        Fact("source", _("Where it came from"), "choice", choices=tuple(Choice(code, label) for code, label in SOURCE.items())),
        Fact("country", _("Country"), "text", phrase=_("the customer's country")),
        Fact("region", _("Region"), "text", phrase=_("the customer's region")),
        Fact("industry", _("Industry"), "text", phrase=_("the customer's industry")),
        Fact("employees", _("Employees"), "number", decimals=0, phrase=_("the customer's number of employees")),
        Fact("grade", _("Grade"), "text", phrase=_("the grade of the lead")),
        Fact("amount", _("Expected value"), "money", unit=CURRENCY, phrase=_("the expected value")),
        Fact("product_line", _("Product line"), "text", phrase=_("the product line asked for")),
        Fact("program", _("Program of the form"), "text", phrase=_("the code of the program of its form")),
        Fact("wish", _("Wish"), "text", phrase=_("the first answer chosen in its form")),
        Fact(
            "asks_skills",
            _("Asks for skills"),
            "bool",
            choices=(Choice("true", _("Yes"), _("the lead asks for skills")), Choice("false", _("No"), _("the lead asks for no skill"))),
        ),
        Fact(
            "known_customer",
            _("Known customer"),
            "bool",
            choices=(Choice("true", _("Yes"), _("the customer is known")), Choice("false", _("No"), _("the customer is new"))),
        ),
    ),
    outcomes=(
        Outcome("method", _("Method"), "choice", choices=tuple(Choice(method.value, METHOD[method], phrase) for method, phrase in _PHRASES.items())),
        Outcome("min_tier", _("Lowest tier rank"), "number", decimals=0, phrase=_("its partner has tier rank %(value)s at least")),
        Outcome(
            "skills",
            _("Skills"),
            "choice",
            choices=(
                Choice("all", _("All"), _("it has all skills that are asked for")),
                Choice("any", _("At least one"), _("it has one of the skills that are asked for")),
                Choice("none", _("Not needed"), _("skills do not matter")),
            ),
        ),
        Outcome(
            "reach",
            _("Where from"),
            "choice",
            choices=(
                Choice("country", _("Serves the country"), _("it serves the customer's country")),
                Choice("anywhere", _("Anywhere"), _("it may be anywhere")),
            ),
        ),
        Outcome("max_open", _("Open leads at most"), "number", decimals=0, phrase=_("the number of open leads it holds is %(value)s at most")),
        Outcome("width", _("Asked at once"), "number", decimals=0, phrase=_("at most %(value)s asked at once when the first to claim wins")),
        Outcome("open_days", _("Time to open"), "number", unit="working days", decimals=0, phrase=_("an unopened lead goes on after %(value)s")),
        Outcome(
            "pace",
            _("Pace"),
            "choice",
            choices=(
                Choice("standard", _("Standard"), _("answer and conversion take the promised time")),
                Choice("priority", _("Priority"), _("answer and conversion take half of the promised time")),
                Choice("express", _("Express"), _("answer and conversion take a quarter of the promised time")),
            ),
        ),
    ),
    default_table=Table(
        inputs=("grade", "amount", "asks_skills", "source"),
        outputs=("method", "min_tier", "skills", "reach", "max_open", "width", "open_days", "pace"),
        rows=(
            Row("L1", {"amount": ">= 250000"}, {"method": '"fit"', "min_tier": "2", "skills": '"any"', "reach": '"country"', "max_open": "10",
                "open_days": "1", "pace": '"priority"'}, "Large leads go to those who can carry them, and fast."),
            Row("L2", {"asks_skills": "true"}, {"method": '"fit"', "min_tier": "0", "skills": '"any"', "reach": '"country"', "max_open": "10",
                "open_days": "2", "pace": '"standard"'}, "Whoever asks for a skill gets it."),
            Row("L3", {"grade": '"C", "D"'}, {"method": '"claim"', "min_tier": "0", "skills": '"none"', "reach": '"country"', "max_open": "20", "width": "10",
                "open_days": "2", "pace": '"standard"'}, "Small leads go to whoever wants them most."),
            Row("L4", {}, {"method": '"geography"', "min_tier": "0", "skills": '"any"', "reach": '"country"', "max_open": "10", "open_days": "2",
                "pace": '"standard"'}, "Near the customer, by weight."),
        ),
    ),
)  # fmt: skip

RULE_KINDS = (ROUTING_KIND,)
