"""What strangers see of leads: a form, its thanks, the confirmation of an address, the withdrawal of a consent, the door of a CRM."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from openprm.identity import queries as identity
from openprm.kernel.api.bodies import parse, refuse_unstorable
from openprm.kernel.api.problems import PROBLEM_JSON, problem_of
from openprm.kernel.errors import Invalid, Refusal, TooMany
from openprm.kernel.http import Request, page, redirect
from openprm.leads import queries, services
from openprm.leads.pages.webform import LeadForm, is_machine, opened_stamp, refuse_stampless
from openprm.leads.rules import webform as rules
from openprm.leads.services import ConsentMissing, Sender

LARGEST_EVENT = 100_000
SIGNATURE = "X-OpenPRM-Signature"


@csrf_exempt
def lead_form(request: Request, code: str) -> HttpResponse:
    """A form, and what is sent by it. Other web sites may post here when the vendor named them, as HTML or for JSON."""
    shown = queries.public_form(code)
    if request.method == "OPTIONS":
        return _with_origin(request, shown.code, HttpResponse(status=204))
    if request.method != "POST":
        return _form_page(request, shown, LeadForm(shown))
    form = LeadForm(shown, request.POST)
    try:
        waits = _submit(request, shown, form)
    except (Invalid, TooMany) as refusal:
        if isinstance(refusal, ConsentMissing):
            services.write_down_refusal(code=code, refusal=refusal, at=request.at)
        return _refused(request, shown, form, refusal)
    if _wants_json(request):
        return _with_origin(request, shown.code, JsonResponse({"status": "confirm" if waits else "received", "title": shown.thanks_title}, status=202))
    return redirect(request, reverse("leads:form_thanks", args=[shown.code]) + ("?confirm=1" if waits else ""))


def form_thanks(request: Request, code: str) -> HttpResponse:
    """What a person reads after sending."""
    return page(request, "leads/public/thanks.html", form=queries.public_form(code), waits=request.GET.get("confirm") == "1", brand=identity.branding())


def confirm_submission(request: Request, token: str) -> HttpResponse:
    """The page behind the mailed link: a button, so that a program that opens links confirms nothing."""
    if request.method != "POST":
        return page(request, "leads/public/confirm.html", awaiting=services.awaiting(token=token, at=request.at), brand=identity.branding())
    sent = services.confirm(token=token, at=request.at)
    return redirect(request, reverse("leads:form_thanks", args=[queries.code_of_submission(sent.pk)]))


def withdraw_consent(request: Request, token: str) -> HttpResponse:
    """What we keep of a person, and the button that erases it."""
    if request.method == "POST":
        services.withdraw(token=token, at=request.at)
        return redirect(request, request.path)
    return page(request, "leads/public/withdraw.html", held=services.held_by_link(token), brand=identity.branding())


@csrf_exempt
def receive_event(request: Request, code: str) -> HttpResponse:
    """A signed event of a CRM: 201 for a new lead, 200 for a known or repeated one, a problem for what is refused."""
    try:
        if int(request.headers.get("Content-Length") or 0) > LARGEST_EVENT:
            raise Invalid(_("The event is larger than %(limit)s bytes.") % {"limit": LARGEST_EVENT}, code="body_too_large")
        event = parse(request.body)
        refuse_unstorable(event)
        if not isinstance(event, dict):
            raise Invalid(_("Send one JSON object."), code="malformed_json")
        handled = services.receive_event(code=code, header=request.headers.get(SIGNATURE, ""), body=request.body, event=event, at=request.at)
    except Refusal as refusal:
        return _problem(refusal)
    if handled.outcome == "refused":
        return _problem(Invalid(handled.message, code="lead_refused", problems=handled.problems))
    body = {"event_id": handled.event_id, "outcome": handled.outcome, "lead_id": str(handled.lead_id or ""), "number": handled.number}
    return JsonResponse(body | {"repeated": handled.is_repeated}, status=201 if handled.outcome == "created" and not handled.is_repeated else 200)


def _submit(request: Request, shown: Any, form: LeadForm) -> bool:
    """Whether a mail waits to be answered. A machine is told the same as a person."""
    if is_machine(request.POST):
        return False
    origin, own = rules.origin(request.headers.get("Origin", "")), rules.origin(request.build_absolute_uri("/"))
    if origin in ("", own):
        refuse_stampless(request.POST, request.at)
    sender = Sender(
        network_address=request.META.get("REMOTE_ADDR") or None,
        origin=origin,
        own_origin=own,
        campaign=(request.POST.get("campaign") or request.GET.get("utm_campaign", ""))[:120],
    )
    return services.submit(code=shown.code, given=form.given, sender=sender, at=request.at).state == "pending"


def _refused(request: Request, shown: Any, form: LeadForm, refusal: Refusal) -> HttpResponse:
    if _wants_json(request):
        return _with_origin(request, shown.code, _problem(refusal))
    return _form_page(request, shown, form.refuse(refusal), status=refusal.status)


def _form_page(request: Request, shown: Any, form: LeadForm, *, status: int = 200) -> HttpResponse:
    return page(
        request,
        "leads/public/form.html",
        status=status,
        shown=shown,
        form=form,
        opened=opened_stamp(request.at),
        campaign=request.GET.get("utm_campaign", "")[:120] or request.POST.get("campaign", "")[:120],
        brand=identity.branding(),
    )


def _wants_json(request: Request) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _with_origin(request: Request, code: str, response: HttpResponse) -> HttpResponse:
    """Let the script of an allowed page read the answer."""
    origin = rules.origin(request.headers.get("Origin", ""))
    response["Vary"] = "Origin"
    if origin and queries.may_send_from(code, origin):
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Allow-Methods"] = "POST"
        response["Access-Control-Allow-Headers"] = "Accept, Content-Type"
        response["Access-Control-Max-Age"] = "600"
    return response


def _problem(refusal: Refusal) -> HttpResponse:
    response = JsonResponse(problem_of(refusal), status=refusal.status, content_type=PROBLEM_JSON)
    if retry := getattr(refusal, "retry_after", None):
        response["Retry-After"] = str(retry)
    return response
