"""The published rules of protection that reflects work (X11) and of the customer's choice (X34)."""

from django.utils.translation import gettext_lazy as _

from openprm.deals.rulekinds import PROTECTION, programs
from openprm.rulebook.ports import Choice, Fact, Outcome, Row, RuleKind, Table


def _days(name: str, label, phrase) -> Outcome:
    return Outcome(name, label, "number", unit="days", decimals=0, phrase=phrase)


_STAGE = Fact("stage", _("Stage"), "text", phrase=_("the deal's stage"))

EVIDENCE = RuleKind(
    code="deals.evidence",
    title=_("Protection that reflects work"),
    about=_("Whether a protection lasts a fixed time, or grows with logged work and shrinks in quiet weeks; and by how much."),
    inputs=(*PROTECTION.inputs, _STAGE),
    programs=programs,
    notice_days=30,
    outcomes=(
        Outcome(
            "window",
            _("Window"),
            "choice",
            choices=(
                Choice("fixed", _("Fixed"), _("the window is fixed")),
                Choice("work", _("Reflects work"), _("the window grows with logged work and shrinks in quiet weeks")),
            ),
        ),
        _days("days_call", _("A call"), _("a call adds %(value)s")),
        _days("days_email", _("An e-mail"), _("an e-mail adds %(value)s")),
        _days("days_meeting", _("A meeting"), _("a meeting adds %(value)s")),
        _days("days_demo", _("A demo"), _("a demo adds %(value)s")),
        _days("days_proposal", _("A proposal"), _("a proposal adds %(value)s")),
        _days("days_visit", _("A visit"), _("a visit adds %(value)s")),
        _days("days_stage", _("A new stage"), _("a new stage adds %(value)s")),
        _days("days_document", _("A file"), _("a file on the deal adds %(value)s")),
        Outcome("self_percent", _("Self-reported counts"), "number", unit="%", decimals=0, phrase=_("self-reported work counts %(value)s of that")),
        _days("self_most", _("Self-reported adds at most"), _("self-reported work adds at most %(value)s in all")),
        _days("logged_within", _("Logged within"), _("self-reported work counts when it is logged within %(value)s")),
        _days("most_added", _("Work adds at most"), _("all work adds at most %(value)s")),
        _days("most_days", _("Never longer than"), _("the window is never longer than %(value)s")),
        _days("quiet_days", _("Quiet time allowed"), _("%(value)s without work cost nothing")),
        _days("week_days", _("A quiet week takes"), _("every further full week without work takes %(value)s")),
        _days("floor_days", _("Never shorter than"), _("the window is never shorter than %(value)s")),
        _days("notice_days", _("Notice of a shortening"), _("a shortening is announced %(value)s ahead")),
    ),
    default_table=Table(
        inputs=(), outputs=("window",), rows=(Row("E1", then={"window": '"fixed"'}, note="Windows are fixed until other terms are published for a program."),)
    ),
)

CUSTOMER_CHOICE = RuleKind(
    code="deals.customer_choice",
    title=_("When the customer chooses somebody else"),
    about=_("How much notice a partner gets before its protection is released because the customer wants to work with somebody else, and what stays."),
    inputs=(*PROTECTION.inputs, _STAGE),
    programs=programs,
    outcomes=(
        _days("notice_days", _("Notice"), _("the partner gets %(value)s of notice")),
        Outcome(
            "work_done",
            _("Work already done"),
            "choice",
            choices=(
                Choice("none", _("Not compensated"), _("work already done is not compensated")),
                Choice("credit", _("Credited"), _("work already done is credited to the partner")),
                Choice("paid", _("Compensated"), _("work already done is compensated by agreement")),
            ),
        ),
    ),
    default_table=Table(
        inputs=(),
        outputs=("notice_days", "work_done"),
        rows=(Row("C1", then={"notice_days": "14", "work_done": '"credit"'}, note="The customer decides whom it works with; nobody is surprised."),),
    ),
)

WORK_RULE_KINDS = (EVIDENCE, CUSTOMER_CHOICE)
