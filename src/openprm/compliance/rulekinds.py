"""The published rule that rates a partner's risk and says how deep it is looked into."""

from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from openprm.compliance import queries
from openprm.compliance.wording import PARTNER_TYPE
from openprm.partners import queries as partners
from openprm.rulebook.ports import Choice, Fact, Outcome, Row, RuleKind, Table

CURRENCY = getattr(settings, "OPENPRM_CURRENCY", "EUR")

_COUNTRY = Fact(
    "country_class",
    _("Country class"),
    "choice",
    choices=(
        Choice("low", _("Low"), _("corruption in the country is low")),
        Choice("medium", _("Medium"), _("corruption in the country is medium")),
        Choice("high", _("High"), _("corruption in the country is high")),
    ),
)
_GOVERNMENT = Fact(
    "government",
    _("Government"),
    "choice",
    choices=(
        Choice("none", _("No dealings"), _("the partner does not deal with government")),
        Choice("sells_to", _("Sells to government"), _("the partner sells to government bodies")),
        Choice("official", _("Public official"), _("an owner or manager is a public official")),
    ),
)
_OWNERSHIP = Fact(
    "ownership",
    _("Ownership"),
    "choice",
    choices=(
        Choice("unknown", _("Not known"), _("the owners are not known")),
        Choice("listed", _("Listed"), _("the partner is listed on an exchange")),
        Choice("private", _("Private"), _("the owners are known")),
        Choice("state", _("State"), _("a state owns the partner")),
    ),
)
_TYPE = Fact("partner_type", _("Partner type"), "choice", choices=tuple(Choice(code, label) for code, label in PARTNER_TYPE.items()))
_PAID = Fact(
    "compensation",
    _("How it is paid"),
    "choice",
    choices=(
        Choice("margin", _("Margin"), _("the partner earns a margin")),
        Choice("fee", _("Fixed fee"), _("the partner earns a fixed fee")),
        Choice("commission", _("Commission"), _("the partner earns a commission")),
        Choice("success_fee", _("Success fee"), _("the partner earns a success fee")),
        Choice("none", _("Not paid"), _("the partner is not paid")),
    ),
)
_SIZE = Fact("transaction", _("Largest transaction"), "money", unit=CURRENCY, phrase=_("the largest transaction"))

_RISK = Outcome(
    "risk",
    _("Risk"),
    "choice",
    choices=(
        Choice("low", _("Low"), _("the risk is low")),
        Choice("medium", _("Medium"), _("the risk is medium")),
        Choice("high", _("High"), _("the risk is high")),
    ),
)
_QUESTIONNAIRE = Outcome("questionnaire", _("Questionnaire"), "choice", choices=lambda: (("none", _("None")), *queries.questionnaire_choices("due_diligence")))
_SCREENING = Outcome(
    "screening",
    _("Screening"),
    "bool",
    choices=(Choice("true", _("Yes"), _("names are screened")), Choice("false", _("No"), _("names are not screened"))),
)
_REFERENCES = Outcome("references", _("References"), "number", decimals=0, phrase=_("references needed: %(value)s"))
_APPROVER = Outcome(
    "approver",
    _("Who approves"),
    "choice",
    choices=(
        Choice("nobody", _("By rule"), _("approved by rule when nothing is found")),
        Choice("partner_manager", _("Partner manager"), _("a partner manager approves")),
        Choice("vendor_admin", _("Administrator"), _("an administrator approves")),
    ),
)
_RENEWAL = Outcome("renewal_months", _("Renewed every"), "number", unit=_("months"), decimals=0, phrase=_("renewed every %(value)s"))


def _then(risk: str, questionnaire: str, references: int, approver: str, months: int) -> dict[str, str]:
    return {
        "risk": f'"{risk}"', "questionnaire": f'"{questionnaire}"', "screening": "true", "references": str(references), "approver": f'"{approver}"',
        "renewal_months": str(months),
    }  # fmt: skip


_HIGH = _then("high", "enhanced", 2, "vendor_admin", 12)
_MEDIUM = _then("medium", "standard", 1, "partner_manager", 24)
_LOW = _then("low", "basic", 0, "partner_manager", 36)
_SMALL_ROLE = '"referral", "affiliate", "isv"'


def programs() -> tuple[tuple[UUID, str], ...]:
    """The programs that may have a table of their own, by name."""
    return tuple((UUID(program_id), name) for program_id, name in partners.program_choices())


RISK = RuleKind(
    code="compliance.risk",
    title=_("Risk of a partner"),
    about=_("How the risk of a partner is rated, and how deep it is looked into before it is approved."),
    inputs=(_COUNTRY, _GOVERNMENT, _OWNERSHIP, _TYPE, _PAID, _SIZE),
    outcomes=(_RISK, _QUESTIONNAIRE, _SCREENING, _REFERENCES, _APPROVER, _RENEWAL),
    programs=programs,
    default_table=Table(
        inputs=("government", "country_class", "compensation", "ownership", "partner_type", "transaction"),
        outputs=("risk", "questionnaire", "screening", "references", "approver", "renewal_months"),
        rows=(
            Row("C1", {"government": '"official"'}, _HIGH, "A public official behind a partner is the strongest sign there is."),
            Row("C2", {"country_class": '"high"', "compensation": '"success_fee", "commission"'}, _HIGH, "Pay for success where corruption is high."),
            Row("C3", {"country_class": '"high"', "government": '"sells_to"'}, _HIGH, "Sales to government where corruption is high."),
            Row("C4", {"ownership": '"state"', "country_class": '"medium", "high"'}, _HIGH, "The state is the owner."),
            Row("C5", {"country_class": '"high"'}, _MEDIUM),
            Row("C6", {"government": '"sells_to"'}, _MEDIUM),
            Row("C7", {"compensation": '"success_fee"'}, _MEDIUM),
            Row("C8", {"transaction": ">= 500000"}, _MEDIUM, "Large transactions."),
            Row("C9", {"country_class": '"medium"', "ownership": '"unknown", "state"', "partner_type": f"not in [{_SMALL_ROLE}]"}, _MEDIUM),
            Row("C10", {}, _LOW, "Everything else."),
        ),
    ),
)
RULE_KINDS = (RISK,)
