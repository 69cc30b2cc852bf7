"""The published rules that an application is answered by, with a table to begin with."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from openprm.applications.words import TYPE
from openprm.partners import queries as partners
from openprm.rulebook.ports import Choice, Fact, Outcome, Row, RuleKind, Table

DECISION = "applications.decision"


def programs() -> tuple[tuple[UUID, str], ...]:
    """The programs that may have a table of their own, by name."""
    return tuple((UUID(program_id), name) for program_id, name in partners.program_choices())


def _yes_no(name: str, label, yes, no) -> Fact:
    return Fact(name, label, "bool", choices=(Choice("true", _("Yes"), yes), Choice("false", _("No"), no)))


_REVIEW = {"decision": '"review"', "decider": '"partner_manager"'}
_ADMIN = {"decision": '"review"', "decider": '"vendor_admin"'}
_APPROVE = {"decision": '"approve"', "decider": '"nobody"'}
_RECOMMENDED = {
    "referral": "true",
    "score": ">= 70",
    "missing_percent": "<= 30",
    "risk": '"low"',
    "duplicate": '"none"',
    "free_mail": "false",
}

KIND = RuleKind(
    code=DECISION,
    title=_("Applications"),
    about=_("Which applications are answered at once, and who answers the others."),
    notice_days=0,
    programs=programs,
    inputs=(
        Fact("score", _("Fit with the ideal partner"), "number", decimals=0, phrase=_("the fit")),
        Fact("missing_percent", _("Share of the fit that is not known"), "number", decimals=0, unit="%", phrase=_("the unknown share")),
        Fact("country", _("Country"), "text", phrase=_("the country")),
        Fact(
            "type",
            _("Type of partner"),
            "choice",
            choices=tuple(Choice(code, label) for code, label in TYPE.items()),
            phrase=_("the type of partner"),
        ),
        Fact("employees", _("Employees"), "number", decimals=0, phrase=_("the number of employees")),
        _yes_no("free_mail", _("Free mail address"), _("the address is of a free mail provider"), _("the address is the company's own")),
        Fact(
            "duplicate",
            _("Known company"),
            "choice",
            choices=(
                Choice("none", _("No"), _("the company is new to us")),
                Choice("possible", _("Possibly"), _("the company may be known")),
                Choice("certain", _("Yes"), _("the company is known")),
            ),
        ),
        _yes_no("referral", _("Recommended by a partner"), _("a partner recommends the company"), _("nobody recommends the company")),
        Fact(
            "risk",
            _("Compliance risk"),
            "choice",
            choices=(
                Choice("low", _("Low"), _("the compliance risk is low")),
                Choice("medium", _("Medium"), _("the compliance risk is medium")),
                Choice("high", _("High"), _("the compliance risk is high")),
            ),
        ),
    ),
    outcomes=(
        Outcome(
            "decision",
            _("Decision"),
            "choice",
            choices=(
                Choice("approve", _("Approve at once"), _("the application is approved at once")),
                Choice("reject", _("Reject: requirements not met"), _("the application is rejected at once, because the requirements are not met")),
                Choice("reject_fit", _("Reject: not the right fit"), _("the application is rejected at once, because it is not the right fit")),
                Choice("reject_detail", _("Reject: needs more detail"), _("the application is rejected at once, because it needs more detail")),
                Choice("review", _("A person decides"), _("a person decides")),
            ),
        ),
        Outcome(
            "decider",
            _("Who decides"),
            "choice",
            choices=(
                Choice("nobody", _("Nobody"), _("nobody needs to be asked")),
                Choice("partner_manager", _("Partner manager"), _("a partner manager is asked")),
                Choice("vendor_admin", _("Administrator"), _("an administrator is asked")),
            ),
        ),
    ),
    default_table=Table(
        inputs=("referral", "score", "missing_percent", "risk", "duplicate", "free_mail"),
        outputs=("decision", "decider"),
        rows=(
            Row("A1", {"risk": '"high"'}, _ADMIN, "Where the compliance risk is high, an administrator looks."),
            Row("A2", {"duplicate": '"certain"'}, _REVIEW, "A company we know already is not taken in twice."),
            Row("A3", _RECOMMENDED, _APPROVE, "Who fits and is recommended by a partner need not wait."),
            Row("A4", {}, _REVIEW, "Everything else is read by a person."),
        ),
    ),
)
