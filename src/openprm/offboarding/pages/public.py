"""The page that still opens when nobody of a partner can sign in: thanks, the export, one question. Its address is the key."""

from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.kernel.errors import Invalid
from openprm.kernel.http import Request, done, page
from openprm.kernel.scope import system_scope
from openprm.offboarding import queries, services
from openprm.offboarding.pages.common import attachment
from openprm.offboarding.pages.forms import SurveyForm
from openprm.offboarding.wording import KEPT
from openprm.ui.fields import add_problems


def leaving(request: Request, token: str) -> HttpResponse:
    with system_scope():
        case = queries.leaving(services.find_by_link(token=token, at=request.at))
    form = SurveyForm(request.POST or None, initial={"score": case.survey_score, "text": case.survey_text})
    if form.is_bound and form.is_valid() and _answered(request, token, form):
        return done(request, reverse("offboarding:leaving", args=[token]), _("Thank you for your answer"))
    response = page(request, "offboarding/public/leaving.html", status=422 if form.is_bound else 200, case=case, form=form, token=token, kept=KEPT)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, no-store"
    return response


def download(request: Request, token: str) -> FileResponse:
    with system_scope():
        return attachment(services.open_export_by_link(token=token, at=request.at))


def _answered(request: Request, token: str, form: SurveyForm) -> bool:
    try:
        with system_scope():
            services.answer_survey(token=token, at=request.at, **form.cleaned_data)
    except Invalid as refusal:
        add_problems(form, refusal)
        return False
    return True
