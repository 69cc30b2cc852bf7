"""The published rules of this room: which touch is an alarm, what a decision brings, what our delay brings, how long one may appeal."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from openprm.conflicts.rules.lifecycle import CaseType, Finding
from openprm.conflicts.wording import TYPE_SHORT
from openprm.partners import queries as partners
from openprm.rulebook.ports import Choice, Fact, Outcome, Row, RuleKind, Table

SENTINEL, REMEDY, LATE, APPEAL = "conflicts.sentinel", "conflicts.remedy", "conflicts.late", "conflicts.appeal"


def programs() -> tuple[tuple[UUID, str], ...]:
    """The programs that may have a table of their own, by name."""
    return tuple((UUID(program_id), name) for program_id, name in partners.program_choices())


_TYPE = Fact("type", _("Type of case"), "choice", choices=tuple(Choice(code, label, label) for code, label in TYPE_SHORT.items()))
_PURPOSE = Fact(
    "purpose",
    _("Why we were there"),
    "choice",
    choices=(
        Choice("unknown", _("Not said"), _("nobody says why we were there")),
        Choice("support", _("Support"), _("it was a support case")),
        Choice("partner_invited", _("Partner invited us"), _("the partner invited us")),
        Choice("customer_asked", _("Customer asked"), _("the customer asked for us")),
        Choice("joint", _("Joint work"), _("we worked together with the partner")),
    ),
)
_ACTIVITY = Fact(
    "activity",
    _("Kind of touch"),
    "choice",
    choices=(
        Choice("call", _("Call"), _("it was a call")),
        Choice("email", _("E-mail"), _("it was an e-mail")),
        Choice("meeting", _("Meeting"), _("it was a meeting")),
        Choice("demo", _("Demonstration"), _("it was a demonstration")),
        Choice("proposal", _("Proposal"), _("it was a proposal")),
        Choice("visit", _("Visit"), _("it was a visit")),
        Choice("other", _("Other"), _("it was another contact")),
    ),
)
_ALARM = Outcome(
    "alarm",
    _("Opens a case"),
    "bool",
    choices=(Choice("true", _("Yes"), _("a case is opened")), Choice("false", _("No"), _("no case is opened"))),
)
_WINDOW = Outcome("window_days", _("One case in"), "number", unit="days", decimals=0, phrase=_("further touches in %(value)s belong to the same case"))

SENTINEL_KIND = RuleKind(
    code=SENTINEL,
    title=_("Direct contact with protected customers"),
    about=_("When somebody of our own contacts a customer that a partner protects, the system opens a case by itself. These are the exceptions."),
    inputs=(_PURPOSE, _ACTIVITY),
    outcomes=(_ALARM, _WINDOW),
    programs=programs,
    default_table=Table(
        inputs=("purpose", "activity"),
        outputs=("alarm", "window_days"),
        rows=(
            Row("T1", {"purpose": '"support"'}, {"alarm": "false", "window_days": "0"}, "A customer with a problem is helped at once."),
            Row("T2", {"purpose": '"partner_invited"'}, {"alarm": "false", "window_days": "0"}),
            Row("T3", {"purpose": '"customer_asked"'}, {"alarm": "false", "window_days": "0"}, "The customer may speak to whom it likes; we tell the partner."),
            Row("T4", {"purpose": '"joint"'}, {"alarm": "false", "window_days": "0"}),
            Row("T5", {}, {"alarm": "true", "window_days": "30"}, "Everything else opens a case, and the person explains it."),
        ),
    ),
)

_FINDING = Fact(
    "finding",
    _("Finding"),
    "choice",
    choices=(
        Choice(Finding.FOUNDED, _("Claim stands"), _("the claim stands")),
        Choice(Finding.PARTLY, _("In part"), _("the claim stands in part")),
        Choice(Finding.UNFOUNDED, _("Does not stand"), _("the claim does not stand")),
    ),
)
_PROTECTION = Fact(
    "protection",
    _("Protection"),
    "choice",
    choices=(
        Choice("live", _("Runs"), _("the partner’s protection runs")),
        Choice("ended", _("Ended"), _("the partner’s protection has ended while its deal goes on")),
        Choice("lapsed", _("Lapsed"), _("the partner’s registration has ended with its protection")),
        Choice("none", _("Never given"), _("there was no protection")),
    ),
)
_REPEATS = Fact("repeats", _("Founded cases of the same person in 12 months"), "number", decimals=0, phrase=_("founded cases of the same person in 12 months"))
_REMEDY = Outcome(
    "remedy",
    _("Remedy"),
    "choice",
    choices=(
        Choice("none", _("None"), _("nothing follows")),
        Choice("extend", _("Longer protection"), _("the protection gets longer")),
        Choice("restore", _("Protection restored"), _("the protection is restored")),
        Choice("share", _("Share of the credit"), _("the partner gets a share of the credit")),
        Choice("apology", _("Apology"), _("we apologise in writing")),
        Choice("warning", _("Warning"), _("our person is warned")),
        Choice("withdraw_rep", _("We withdraw"), _("our direct sales withdraws from the customer")),
        Choice("assign", _("Deal to the partner"), _("the deal goes to the partner")),
        Choice("look_again", _("Looked at again"), _("the partner may register anew and a person who did not reject it looks")),
    ),
)
_DAYS = Outcome("days", _("Days"), "number", unit="days", decimals=0, phrase=_("by %(value)s"))
_PERCENT = Outcome("percent", _("Share"), "number", unit="%", decimals=0, phrase=_("a share of %(value)s"))


def _gives(remedy: str, days: int = 0, percent: int = 0) -> dict[str, str]:
    return {"remedy": f'"{remedy}"', "days": str(days), "percent": str(percent)}


def _if(type_: str, finding: str, **more: str) -> dict[str, str]:
    return {"type": f'"{type_}"', "finding": f'"{finding}"', **{name: cell if cell.startswith((">", "<")) else f'"{cell}"' for name, cell in more.items()}}


_FOUND, _PART = Finding.FOUNDED, Finding.PARTLY
REMEDY_KIND = RuleKind(
    code=REMEDY,
    title=_("What a conflict decision brings"),
    about=_("Which remedies follow which finding. The reviewer applies what the table names and nothing else."),
    inputs=(_TYPE, _FINDING, _PROTECTION, _REPEATS),
    outcomes=(_REMEDY, _DAYS, _PERCENT),
    hit="collect",
    programs=programs,
    default_table=Table(
        inputs=("type", "finding", "protection", "repeats"),
        outputs=("remedy", "days", "percent"),
        hit="collect",
        rows=(
            Row("M1", _if(CaseType.DIRECT, _FOUND), _gives("apology")),
            Row("M2", _if(CaseType.DIRECT, _FOUND), _gives("withdraw_rep")),
            Row("M3", _if(CaseType.DIRECT, _FOUND, protection="live"), _gives("extend", days=30), "The time we cost the partner is given back."),
            Row("M4", _if(CaseType.DIRECT, _FOUND, protection="ended"), _gives("restore", days=60)),
            Row("M4b", _if(CaseType.DIRECT, _FOUND, protection="lapsed"), _gives("look_again")),
            Row("M5", _if(CaseType.DIRECT, _FOUND, repeats=">= 1"), _gives("warning"), "Once is a mistake, twice is a habit."),
            Row("M6", _if(CaseType.DIRECT, _PART), _gives("apology")),
            Row("M7", _if(CaseType.DIRECT, _PART, protection="live"), _gives("extend", days=15)),
            Row("M8", _if(CaseType.PARTNERS, _FOUND, protection="ended"), _gives("restore", days=60)),
            Row("M9", _if(CaseType.PARTNERS, _FOUND, protection="live"), _gives("extend", days=15)),
            Row("M10", _if(CaseType.PARTNERS, _FOUND, protection="none"), _gives("assign"), "The customer is opened to the partner that has the claim."),
            Row("M11", _if(CaseType.PARTNERS, _PART), _gives("share", percent=30)),
            Row("M12", _if(CaseType.CREDIT, _FOUND), _gives("share", percent=50)),
            Row("M13", _if(CaseType.CREDIT, _PART), _gives("share", percent=25)),
            Row("M14", _if(CaseType.REJECTION, _FOUND), _gives("look_again")),
            Row("M15", _if(CaseType.REJECTION, _FOUND), _gives("apology")),
            Row("M16", _if(CaseType.REJECTION, _PART), _gives("look_again")),
            Row("M17", _if(CaseType.LEAD, _FOUND), _gives("assign")),
            Row("M18", _if(CaseType.LEAD, _FOUND), _gives("apology")),
            Row("M19", _if(CaseType.LEAD, _PART), _gives("apology")),
        ),
    ),
)

_PROMISE = Fact(
    "promise",
    _("Promise"),
    "choice",
    choices=(
        Choice("answer", _("Take up the case"), _("the case was not taken up in time")),
        Choice("explanation", _("Explain our side"), _("we did not explain our side in time")),
        Choice("decision", _("Decide"), _("the decision is late")),
        Choice("appeal", _("Answer the appeal"), _("the answer to the appeal is late")),
    ),
)
LATE_KIND = RuleKind(
    code=LATE,
    title=_("When we are late in a conflict case"),
    about=_("What the partner gets when we miss our own promise in its case."),
    inputs=(_PROMISE, _TYPE),
    outcomes=(_REMEDY, _DAYS, _PERCENT),
    programs=programs,
    default_table=Table(
        inputs=("promise", "type"),
        outputs=("remedy", "days", "percent"),
        rows=(
            Row("L1", {"promise": '"decision", "appeal"'}, _gives("extend", days=14), "Our delay does not cost the partner its time."),
            Row("L2", {"promise": '"answer", "explanation"'}, _gives("apology")),
            Row("L3", {}, _gives("none")),
        ),
    ),
)

APPEAL_KIND = RuleKind(
    code=APPEAL,
    title=_("Time to appeal"),
    about=_("How long a side may appeal a first decision. A second reviewer answers, never the first."),
    inputs=(_TYPE,),
    outcomes=(Outcome("days", _("Days"), "number", unit="days", decimals=0, phrase=_("an appeal is possible for %(value)s")),),
    programs=programs,
    default_table=Table(inputs=("type",), outputs=("days",), rows=(Row("A1", {}, {"days": "14"}),)),
)
RULE_KINDS = (SENTINEL_KIND, REMEDY_KIND, LATE_KIND, APPEAL_KIND)
