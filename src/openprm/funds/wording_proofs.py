"""The judgement of a claim, in words. One sentence for each problem: what is wrong, where, and what to do."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openprm.funds.rules.catalogue import ActivityTerms, ProofTerms
from openprm.funds.rules.judgement import Judgement, Problem, Step
from openprm.kernel.money import Money, format_money

FORMAT = {
    "pdf": "PDF", "png": "PNG", "jpg": "JPEG", "docx": "Word (DOCX)", "xlsx": "Excel (XLSX)", "pptx": "PowerPoint (PPTX)", "txt": gettext_lazy("plain text"),
}  # fmt: skip
NOT_USABLE = {
    "country": gettext_lazy("This kind of activity is not open to the country you chose."),
    "program": gettext_lazy("This kind of activity is not part of your program."),
    "tier": gettext_lazy("This kind of activity is not open to your tier."),
    "partner_type": gettext_lazy("This kind of activity is not open to your type of company."),
}
LINE_KIND = {"accrued": gettext_lazy("Accrued"), "corrected": gettext_lazy("Corrected"), "expired": gettext_lazy("Ran out")}


def formats_in_words(formats: Any) -> str:
    return ", ".join(str(FORMAT.get(one, one)) for one in formats)


def problem_in_words(problem: Problem, locale: str = "en") -> str:
    values = {name: _said(value, locale) for name, value in problem.values.items()}
    if "formats" in problem.values:
        values["formats"] = formats_in_words(problem.values["formats"])
    if "format" in problem.values:
        values["format"] = str(FORMAT.get(problem.values["format"], problem.values["format"] or _("unknown")))
    return str(_sentence(problem)) % values


def _sentence(problem: Problem) -> str:
    if problem.code == "missing":
        return ngettext(
            "“%(name)s”: %(count)s more file is needed (%(formats)s).", "“%(name)s”: %(count)s more files are needed (%(formats)s).", problem.values["count"]
        )
    return {
        "format": _("This is %(format)s. Accepted are: %(formats)s. Save it in one of these formats and upload it again."),
        "undated": _("This proof needs a date. Say which day the document bears."),
        "future": _("It bears a day that is still to come (%(day)s). Check the date."),
        "outside": _("It is dated %(day)s, outside of the activity (%(first)s to %(last)s). Hand in one from within."),
        "too_old": _("It is dated %(day)s; it may be at most %(days)s days old. Hand in a newer one."),
        "backwards": _("The activity ends before it begins. Check the dates %(first)s and %(last)s."),
        "too_early": _("The activity begins on %(day)s. It can be claimed from then on."),
        "too_late": _("The last day to claim was %(day)s. Ask for a later deadline first."),
        "nothing_spent": _("Nothing was spent. Enter what the activity cost."),
        "nothing_left": _("Everything that was approved for this activity is claimed already."),
        "too_small": _("The share that is paid of it is less than the smallest coin. Claim more at once."),
        "fund_empty": _("Nothing is left of this fund. Choose another one."),
        "nothing_asked": _("Nothing is asked for. Enter an amount above zero."),
        "above": _("You ask for %(asked)s; this claim gives %(most)s at most. Lower the amount."),
        "unknown_proof": _("No proof of the kind “%(rule)s” is asked for here. Take the file out."),
    }[problem.code]


def _said(value: Any, locale: str) -> Any:
    if isinstance(value, Money):
        return format_money(value, locale)
    return date_format(value, "j M Y") if isinstance(value, date) else value


def step_in_words(step: Step, locale: str = "en") -> str:
    values = {name: _said(value, locale) for name, value in step.values.items()}
    if "percent" in values:
        values["percent"] = plain_percent(step.values["percent"])
    return {
        "spent": _("What was spent"),
        "percent": _("of it %(percent)s %% are paid"),
        "cap": _("at most %(limit)s for this kind of activity"),
        "fund": _("at most %(limit)s: what is left of the fund"),
        "requested": _("at most %(limit)s: what the request asks for"),
        "left": _("at most %(limit)s: what is approved and not claimed yet"),
        "asked": _("you ask for %(limit)s"),
    }[step.code] % values


def step_in_short(code: str) -> str:
    """A line of a sum that was kept, without its limit."""
    return {
        "spent": _("Spent, in the fund's currency"),
        "percent": _("The share that is paid"),
        "cap": _("Under the cap of this kind"),
        "fund": _("Under what the fund had left"),
        "requested": _("Under what was requested"),
        "left": _("Under what was approved"),
        "asked": _("As claimed"),
    }[code]


def plain_percent(value: Any) -> str:
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def proof_in_words(proof: ProofTerms) -> str:
    """Everything one proof must be, in one sentence."""
    said = [ngettext("%(count)d file", "%(count)d files", proof.minimum) % {"count": proof.minimum}, formats_in_words(proof.formats)]
    if proof.dated_within:
        said.append(_("dated within the activity"))
    if proof.max_age_days is not None:
        said.append(_("at most %(days)d days old when you claim") % {"days": proof.max_age_days})
    return "; ".join(said)


def terms_in_words(terms: ActivityTerms, locale: str = "en") -> str:
    """What a kind of activity pays, in one sentence."""
    values = {"percent": plain_percent(terms.max_percent), "cap": format_money(terms.cap, locale) if terms.cap else "", "days": terms.claim_within_days}
    if terms.cap:
        return _("Up to %(percent)s %% of what you spend, at most %(cap)s; claim within %(days)d days after its end.") % values
    return _("Up to %(percent)s %% of what you spend; claim within %(days)d days after its end.") % values


def refusal(judgement: Judgement, locale: str = "en") -> str:
    """Every reason against a claim, as the sentence of its refusal; files that do not count are named."""
    wrong = [
        f"{answer.paper.name or one.proof.name}: {problem_in_words(answer.problem, locale)}"
        for one in judgement.proofs
        if not one.is_met
        for answer in one.papers
        if answer.problem
    ]
    return " ".join([*(problem_in_words(problem, locale) for problem in judgement.problems), *wrong])
