"""The published rules of intake: which ground the law of a country asks for, and how many points a lead has."""

from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from openprm.partners import queries as partners
from openprm.rulebook.ports import Choice, Fact, Outcome, Row, RuleKind, Table

CONSENT = "leads.consent"
SCORE = "leads.score"
CURRENCY = getattr(settings, "OPENPRM_CURRENCY", "EUR")

CONFIRMED_OPT_IN = ("DE",)
OPT_IN = (
    "AT", "BE", "CY", "DK", "ES", "GR", "IT", "LT", "NL", "NO", "PL", "RO", "SK", "CH",
    "CA", "AU", "NZ", "JP", "KR", "CN", "IN", "IL", "TR", "ZA",
)  # fmt: skip
INTEREST = ("BG", "BR", "CZ", "EE", "FI", "FR", "GB", "HR", "HU", "IE", "IS", "LI", "LU", "LV", "MT", "PT", "SE", "SI")


def _one_of(codes: tuple[str, ...]) -> str:
    return ", ".join(f'"{code}"' for code in codes)


def _yes_no(name: str, label, yes, no) -> Fact:
    return Fact(name, label, "bool", choices=(Choice("true", _("Yes"), yes), Choice("false", _("No"), no)))


def _need(value: str) -> Mapping[str, str]:
    return {"needs": f'"{value}"'}


_SOURCE = Fact(
    "source",
    _("Where the lead comes from"),
    "choice",
    choices=(
        Choice("web_form", _("Web form"), _("the lead comes from a form")),
        Choice("api", _("API"), _("the lead comes over the API")),
        Choice("csv", _("File"), _("the lead comes from a file")),
        Choice("crm", _("CRM"), _("the lead comes from the CRM")),
        Choice("referral", _("Referral"), _("somebody refers the lead")),
        Choice("manual", _("Entered by hand"), _("a person entered the lead")),
    ),
)

CONSENT_KIND = RuleKind(
    code=CONSENT,
    title=_("Consent of the people behind leads"),
    about=_("What a person must have allowed before its lead is taken in, by the law where it lives. Have your counsel check the table."),
    notice_days=0,
    inputs=(
        Fact("country", _("Country of the person"), "text", phrase=_("the country")),
        _yes_no("person", _("Names a person"), _("a person is named"), _("only a company is named")),
        _SOURCE,
    ),
    outcomes=(
        Outcome(
            "needs",
            _("Least ground"),
            "choice",
            choices=(
                Choice("double_opt_in", _("Confirmed opt-in"), _("the person must have confirmed its consent by mail")),
                Choice("opt_in", _("Opt-in"), _("the person must have given its consent")),
                Choice("interest", _("Legitimate interest"), _("a legitimate interest is enough")),
                Choice("nothing", _("Nothing"), _("no consent is asked for")),
            ),
        ),
    ),
    default_table=Table(
        inputs=("person", "country"),
        outputs=("needs",),
        rows=(
            Row("C1", {"person": "false"}, _need("nothing"), "A company's name alone is nobody's personal data."),
            Row("C2", {"country": "null"}, _need("opt_in"), "Where we do not know the country we take the stricter law."),
            Row("C3", {"country": _one_of(CONFIRMED_OPT_IN)}, _need("double_opt_in"), "Germany: section 7 UWG; courts take a confirmed opt-in as proof."),
            Row(
                "C4", {"country": _one_of(OPT_IN)}, _need("opt_in"), "Opt-in also between companies: national law under Directive 2002/58/EC, CASL and others."
            ),
            Row("C5", {"country": _one_of(INTEREST)}, _need("interest"), "A legitimate interest is enough between companies: Art. 6(1)(f) GDPR and its like."),
            Row("C6", {}, _need("nothing"), "Elsewhere a person may object, and need not have agreed before."),
        ),
    ),
)


def _points(points: int) -> Mapping[str, str]:
    return {"points": str(points)}


def programs() -> tuple[tuple[UUID, str], ...]:
    """The programs that may have a table of their own, by name."""
    return tuple((UUID(program_id), name) for program_id, name in partners.program_choices())


SCORE_KIND = RuleKind(
    code=SCORE,
    title=_("Points of leads"),
    about=_("Every lead begins with 20 points; each clause that applies adds or takes some. Who sends a score with the lead keeps it."),
    notice_days=0,
    hit="collect",
    inputs=(
        Fact("employees", _("Employees"), "number", decimals=0, phrase=_("the number of employees")),
        Fact("amount", _("Expected value"), "money", unit=CURRENCY, phrase=_("the expected value")),
        Fact("need_length", _("Letters in what the person wrote"), "number", decimals=0, phrase=_("the length of what the person wrote")),
        Fact("country", _("Country"), "text", phrase=_("the country")),
        _yes_no("free_mail", _("Free mail address"), _("the address is of a free mail provider"), _("the address is the company's own")),
        _yes_no("phone", _("Telephone number"), _("a telephone number is given"), _("no telephone number is given")),
        _yes_no("product", _("Product named"), _("a product is named"), _("no product is named")),
        _SOURCE,
    ),
    outcomes=(Outcome("points", _("Points"), "number", decimals=0, phrase=_("the lead gets %(value)s points")),),
    default_table=Table(
        inputs=("source", "free_mail", "phone", "product", "amount", "employees", "need_length"),
        outputs=("points",),
        rows=(
            Row("S1", {"source": '"referral"'}, _points(25), "Somebody stands for it."),
            Row("S2", {"amount": ">= 100000"}, _points(20)),
            Row("S3", {"amount": "[25000..100000)"}, _points(10)),
            Row("S4", {"employees": ">= 250"}, _points(10)),
            Row("S5", {"product": "true"}, _points(10), "It knows what it wants."),
            Row("S6", {"phone": "true"}, _points(5)),
            Row("S7", {"need_length": ">= 80"}, _points(10), "It took the time to explain."),
            Row("S8", {"free_mail": "true"}, _points(-15), "The address says nothing about the company."),
        ),
        hit="collect",
    ),
    programs=programs,
)

RULE_KINDS = (CONSENT_KIND, SCORE_KIND)
