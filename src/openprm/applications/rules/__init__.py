"""What applications decide with values: `from openprm.applications import rules`."""

from openprm.applications.rules.fields import CODE, KINDS, Choice, Field, NotAForm, field_of, fields_of, pages_of, problems_of_form, written
from openprm.applications.rules.funnel import STEPS, FunnelLine, funnel, source_of
from openprm.applications.rules.lifecycle import (
    DECIDABLE,
    EDITABLE,
    MOVES,
    OPEN,
    REAPPLY,
    REASONS,
    REJECTED_BY_RULE,
    State,
    can_move,
    may_reapply,
    reapply_from,
)
from openprm.applications.rules.limits import (
    ADDRESS_WINDOW,
    DRAFT_LASTS,
    EMAIL_WINDOW,
    LINKS_PER_DAY,
    OPENED_FOR,
    STARTS_PER_ADDRESS,
    STARTS_PER_EMAIL,
    typed_too_fast,
)
from openprm.applications.rules.matching import NO_SITE, Known, Likeness, Strength, compare, mail_domain, strongest
from openprm.applications.rules.texts import MARKUP, has_markup, one_line, plain_text

__all__ = [
    "ADDRESS_WINDOW", "CODE", "DECIDABLE", "DRAFT_LASTS", "EDITABLE", "EMAIL_WINDOW", "KINDS", "LINKS_PER_DAY", "MARKUP", "MOVES", "NO_SITE", "OPEN",
    "OPENED_FOR", "REAPPLY", "REASONS", "REJECTED_BY_RULE", "STARTS_PER_ADDRESS", "STARTS_PER_EMAIL", "STEPS", "Choice", "Field", "FunnelLine",
    "Known", "Likeness", "NotAForm", "State", "Strength", "can_move", "compare", "field_of", "fields_of", "funnel", "has_markup", "mail_domain",
    "may_reapply", "one_line", "pages_of", "plain_text", "problems_of_form", "reapply_from", "source_of", "strongest", "typed_too_fast", "written",
]  # fmt: skip
