"""The blind pre-check: free, protected or ask."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from openprm.deals import queries, services
from openprm.deals.pages.forms import PrecheckForm
from openprm.deals.rules.precheck import Answer
from openprm.deals.services import PrecheckAnswer
from openprm.deals.wording import ANSWER
from openprm.kernel.errors import Invalid, TooMany
from openprm.kernel.http import Request, page
from openprm.ui.fields import add_problems


def precheck(request: Request) -> HttpResponse:
    options = queries.form_options(request.actor, request.at)
    if request.method != "POST":
        return _show(request, PrecheckForm(options=options), first_visit=True)
    form = PrecheckForm(request.POST, options=options)
    if not form.is_valid():
        return _show(request, form, status=422)
    try:
        answer = _ask(request, form)
    except (Invalid, TooMany) as refusal:
        add_problems(form, refusal)
        return _show(request, form, status=refusal.status)
    return _show(request, form, answer=answer)


def _ask(request: Request, form: PrecheckForm) -> PrecheckAnswer:
    values = form.cleaned_data
    return services.pre_check(
        actor=request.actor, customer=values["customer"], product_line_id=values["product_line_id"], country=values["country"], at=request.at
    )


def _show(request: Request, form: PrecheckForm, *, answer: PrecheckAnswer | None = None, first_visit: bool = False, status: int = 200) -> HttpResponse:
    label, tone, sentence = ANSWER[Answer(answer.answer)] if answer else ("", "", "")
    return page(
        request,
        "deals/partner/precheck.html",
        status=status,
        form=form,
        answer=answer,
        label=label,
        tone=tone,
        sentence=sentence,
        first_visit=first_visit,
        asked=queries.prechecks(request.actor),
        may_register=request.actor.can("deals.register"),
        register_url=f"{reverse('deals:portal_register')}?{urlencode({'customer': answer.customer})}" if answer else "",
    )
