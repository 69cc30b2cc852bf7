"""How sure a match must be."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from openprm.kernel.errors import Conflict, Invalid
from openprm.kernel.http import Request, done
from openprm.mapping import queries, services
from openprm.mapping.engine.calibration import FEWEST
from openprm.mapping.pages import forms
from openprm.mapping.pages.common import draw, to
from openprm.ui.fields import add_problems


def rule(request: Request) -> HttpResponse:
    """The rule as both sides read it; administrators of the vendor see what their own words say."""
    return _page(request)


def _page(request: Request, form: forms.RuleForm | None = None, status: int = 200) -> HttpResponse:
    found = queries.rule(request.actor)
    may_rule = request.actor.is_vendor and request.actor.can("mapping.rule")
    learned = queries.learned(request.actor) if may_rule else None
    judged = queries.judged(request.actor) if may_rule else []
    told = {"confirmed": sum(is_same for _score, is_same in judged), "split": sum(not is_same for _score, is_same in judged), "fewest": FEWEST}
    return draw(
        request,
        "mapping/rule.html",
        status=status,
        rule=found,
        learned=learned,
        learned_percent=round(learned.threshold * 100, 1) if learned else None,
        measured={"precision": round(learned.precision * 100, 1), "recall": round(learned.recall * 100, 1)} if learned else None,
        judged=told,
        form=form or forms.RuleForm(initial={"percent": found.percent, "one_only": found.one_only}),
        may_rule=may_rule,
        urls={name: to(request, name) for name in ("set_rule", "learn_rule")} if request.actor.is_vendor else {},
        tab="rule",
    )


def set_rule(request: Request) -> HttpResponse:
    form = forms.RuleForm(request.POST)
    if form.is_valid():
        try:
            services.set_rule(actor=request.actor, permille=form.permille, one_only=form.cleaned_data["one_only"], at=request.at)
        except (Invalid, Conflict) as refusal:
            add_problems(form, refusal)
        else:
            return done(request, to(request, "rule"), _("Saved"), _("All lists are compared anew."))
    return _page(request, form, 422)


def learn_rule(request: Request) -> HttpResponse:
    found = services.take_learned(actor=request.actor, at=request.at)
    said = _("A match must be %(percent)s %% sure from now on. All lists are compared anew.") % {"percent": round(found.threshold * 100, 1)}
    return done(request, to(request, "rule"), _("The line is drawn from your words"), said)
