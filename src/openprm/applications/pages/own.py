"""An application in the hands of its writer: page by page, the check, the confirmation, and how far it is."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.applications import links, queries, services
from openprm.applications.pages.questions import Questions, opened_stamp
from openprm.applications.queries import OwnApplication
from openprm.identity import queries as identity
from openprm.kernel.errors import Invalid, NotFound, TooMany
from openprm.kernel.http import Request, done, page, redirect


def own_application(request: Request, token: str) -> HttpResponse:
    """Where the application stands; one that is not finished goes on where it stopped."""
    own = queries.own_application(token, request.at)
    if own.state == "draft":
        return redirect(request, _page_url(token, own.page))
    if own.state == "unconfirmed":
        return page(request, "applications/public/unconfirmed.html", own=own, brand=identity.branding())
    return _status(request, own)


def application_page(request: Request, token: str, number: int) -> HttpResponse:
    """One page of the form."""
    own = queries.own_application(token, request.at)
    if not own.is_open_for_writing:
        return redirect(request, reverse("applications:own_application", args=[token]))
    if not 1 <= number <= len(own.pages):
        raise NotFound()
    if request.method != "POST":
        return _page(request, own, number, Questions(own.pages[number - 1][1], values=own.values))
    form = Questions(own.pages[number - 1][1], request.POST)
    is_later = request.POST.get("then") == "later"
    try:
        application = services.save_page(token=token, number=number, given=form.given, later=is_later, at=request.at)
    except (Invalid, TooMany) as refusal:
        return _page(request, own, number, form.refuse(refusal), status=refusal.status)
    fresh = links.open_token(application)
    if is_later:
        return done(request, _page_url(fresh, number), _("Saved"), _("We mailed the link to go on to %(email)s.") % {"email": application.email})
    if number < len(own.pages):
        return redirect(request, _page_url(fresh, number + 1))
    return redirect(request, reverse("applications:check_application", args=[fresh]))


def check_application(request: Request, token: str) -> HttpResponse:
    """Everything once more before it is sent; sending mails the link that confirms the address."""
    own = queries.own_application(token, request.at)
    if not own.is_open_for_writing:
        return redirect(request, reverse("applications:own_application", args=[token]))
    problem, status = None, 200
    if request.method == "POST":
        try:
            services.finish(token=token, at=request.at)
            return redirect(request, reverse("applications:own_application", args=[token]))
        except (Invalid, TooMany) as refusal:
            problem, status = refusal, refusal.status
    numbers = {field.code: number for number, (_title, fields) in enumerate(own.pages, start=1) for field in fields}
    gaps = [(one.message, _page_url(token, numbers.get(one.field, 1))) for one in problem.problems] if problem else []
    return page(
        request, "applications/public/check.html", status=status, own=own, brand=identity.branding(), gaps=gaps, message=problem.message if problem else ""
    )


def confirm_application(request: Request, token: str) -> HttpResponse:
    """The page behind the mailed link: a button, so that a program that opens links sends nothing."""
    if request.method == "POST":
        application = services.confirm(token=token, at=request.at)
        return redirect(request, links.open_url(application))
    return page(request, "applications/public/confirm.html", own=queries.to_confirm(token, request.at), brand=identity.branding(), token=token)


def answer_application(request: Request, token: str) -> HttpResponse:
    """Answer what was asked."""
    own = queries.own_application(token, request.at)
    form = Questions(own.asked, request.POST)
    try:
        services.answer(token=token, given=form.given, at=request.at)
    except Invalid as refusal:
        return _status(request, own, form=form.refuse(refusal), status=422)
    return done(request, reverse("applications:own_application", args=[token]), _("Answer sent"), _("Our clock goes on."))


def withdraw_application(request: Request, token: str) -> HttpResponse:
    services.withdraw(token=token, at=request.at)
    return done(request, reverse("applications:own_application", args=[token]), _("Application withdrawn"))


def mail_application_link(request: Request, token: str) -> HttpResponse:
    application = services.mail_link(token=token, at=request.at)
    return done(request, reverse("applications:own_application", args=[token]), _("We mailed the link to %(email)s.") % {"email": application.email})


def _status(request: Request, own: OwnApplication, *, form: Questions | None = None, status: int = 200) -> HttpResponse:
    if own.asked and form is None:
        form = Questions(own.asked, values=own.values)
    return page(request, "applications/public/status.html", status=status, own=own, brand=identity.branding(), form=form)


def _page(request: Request, own: OwnApplication, number: int, form: Questions, *, status: int = 200) -> HttpResponse:
    back = _page_url(own.token, number - 1) if number > 1 else ""
    return page(
        request,
        "applications/public/page.html",
        status=status,
        own=own,
        form=form,
        brand=identity.branding(),
        titles=[title for title, _fields in own.pages],
        number=number,
        opened=opened_stamp(request.at),
        back_url=back,
        reached=own.page,
    )


def _page_url(token: str, number: int) -> str:
    return reverse("applications:application_page", args=[token, number])
