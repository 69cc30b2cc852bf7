"""The partner's pages of its deals: the list, the board, one deal and everything that moves it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.audit import queries as audit
from openprm.deals import queries, services
from openprm.deals.pages import forms, lists
from openprm.deals.pages.common import address, attach, attempt, final_amount, next_url, problem_of, send, uuid_of, version_of
from openprm.deals.pages.forms import amount_text, initial_of
from openprm.deals.pages.partner_dialogs import more_actions
from openprm.deals.queries.results import PartnerRegistration
from openprm.kernel.errors import Invalid
from openprm.kernel.http import Request, done, page
from openprm.ui import exports
from openprm.ui import lists as ui_lists
from openprm.ui.listspec import Empty
from openprm.ui.panels import panels_of

ENTRIES = 50


def list_registrations(request: Request) -> HttpResponse:
    state = ui_lists.parse(request, lists.partner_spec(request.actor))
    if state.export:
        rows = lists.all_registrations(request.actor, state, url_name="deals:portal_registration", at=request.at)
        return exports.respond(request, state, rows, name="deals")
    found = lists.registrations(request.actor, state, url_name="deals:portal_registration", at=request.at)
    may_register = request.actor.can("deals.register")
    register = {"action": _("Register a deal"), "url": reverse("deals:portal_register")} if may_register else {}
    empty = Empty(title=_("No deals yet"), text=_("Register the first one in a minute. We answer by the promised time."), **register)
    return ui_lists.render(request, "deals/partner/registrations.html", state, found, empty=empty, title=_("Deals"), may_register=may_register)


def board(request: Request) -> HttpResponse:
    actor, at = request.actor, request.at
    return page(
        request,
        "deals/partner/board.html",
        board=queries.pipeline(actor, at),
        summary=queries.portal_summary(actor, at),
        may_register=actor.can("deals.register"),
    )


def registration(request: Request, registration_id: UUID) -> HttpResponse:
    return _detail(request, registration_id, opened=request.GET.get("do", ""))


def _detail(
    request: Request,
    registration_id: UUID,
    *,
    opened: str = "",
    held: dict[str, Any] | None = None,
    form: Any = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The detail page; `form` is the answer to a question when it comes back with problems."""
    actor, at = request.actor, request.at
    deal = queries.registration_for_partner(actor, registration_id, at)
    return page(
        request,
        "deals/partner/registration.html",
        status=status,
        deal=deal,
        form=form or _answer_form(request, deal),
        colleagues=queries.colleagues(actor, deal),
        may_share=actor.can("deals.register"),
        timeline=audit.timeline(actor, registration_id, limit=ENTRIES),
        panels=panels_of(actor, target="registration", workspace="partner", object_id=registration_id, at=at),
        dialogs=_dialogs(request, deal, held or {}),
        more=more_actions(deal, held or {}),
        opened=opened,
        errors=errors or {},
        lapses_at=services.lapses_at(registration_id=registration_id) if deal.status == "returned" else None,
        rules_url=address("rulebook:portal_rules"),
        version_url="rulebook:portal_version",
    )


def _dialogs(request: Request, deal: PartnerRegistration, held: dict[str, Any]) -> dict[str, Any]:
    fresh = {
        "stage": forms.StageForm(),
        "won": forms.WonForm(initial={"amount": amount_text(deal.amount, request.actor.locale)}),
        "lost": forms.LostForm(reasons=queries.reasons_of(deal.program_id), auto_id="id_lost_%s"),
    }
    return {**fresh, **held}


def _answer_form(request: Request, deal: PartnerRegistration, data: Any = None) -> forms.DealForm | None:
    """The opened fields of a returned deal, as they stand or as they were typed."""
    if deal.status != "returned" or deal.why_not_resubmit:
        return None
    return forms.DealForm(
        data,
        options=queries.form_options(request.actor, request.at),
        locale=request.actor.locale,
        open_fields=deal.editable_fields,
        initial=initial_of(queries.draft_of(request.actor, deal.id), locale=request.actor.locale),
    )


def answer(request: Request, registration_id: UUID) -> HttpResponse:
    """Send a returned deal back with what was asked for."""
    deal = queries.registration_for_partner(request.actor, registration_id, request.at)
    data = request.POST.copy()
    if request.POST.get("action") == "add_line":
        data["rows"] = str(min(int(data["rows"]) + 1, 20)) if data.get("rows", "").isdecimal() else "2"
        return _detail(request, registration_id, form=_answer_form(request, deal, data))
    form = _answer_form(request, deal, data)
    draft = form.draft(queries.draft_of(request.actor, registration_id)) if form else None
    if form and draft is None:
        return _detail(request, registration_id, form=form, status=422)
    try:
        draft = draft or queries.draft_of(request.actor, registration_id)
        services.resubmit(actor=request.actor, registration_id=registration_id, draft=draft, version=version_of(request), at=request.at)
    except Invalid as refusal:
        if form is None:
            raise
        form.refuse(refusal)
        return _detail(request, registration_id, form=form, status=422)
    return done(request, _to(registration_id), _("Sent back"), _("The clock of our promise runs again."))


def _to(registration_id: UUID, place: str = "") -> str:
    return reverse("deals:portal_registration", args=[registration_id]) + (f"#{place}" if place else "")


def _acted(request: Request, registration_id: UUID, dialog: str, form: Any, act: Any, title: str, text: str = "") -> HttpResponse:
    """Do what a dialog asks and say so, or show the dialog again with its problem."""
    _result, status = attempt(form, act)
    if status:
        return _detail(request, registration_id, opened=dialog, held={dialog: form}, status=status)
    return done(request, next_url(request, _to(registration_id)), title, text)


def withdraw(request: Request, registration_id: UUID) -> HttpResponse:
    def act(values: Any) -> Any:
        return services.withdraw(actor=request.actor, registration_id=registration_id, reason=values["reason"], version=version_of(request), at=request.at)

    return _acted(request, registration_id, "withdraw", forms.ReasonForm(request.POST, auto_id="id_withdraw_%s"), act, _("Registration withdrawn"))


def cancel(request: Request, registration_id: UUID) -> HttpResponse:
    def act(values: Any) -> Any:
        return services.cancel(actor=request.actor, registration_id=registration_id, reason=values["reason"], version=version_of(request), at=request.at)

    return _acted(request, registration_id, "cancel", forms.ReasonForm(request.POST, auto_id="id_cancel_%s"), act, _("Draft discarded"))


def extension(request: Request, registration_id: UUID) -> HttpResponse:
    def act(values: Any) -> Any:
        return services.request_extension(actor=request.actor, registration_id=registration_id, reason=values["reason"], at=request.at)

    form = forms.ReasonForm(request.POST, auto_id="id_extension_%s")
    return _acted(request, registration_id, "extension", form, act, _("Asked for more days"), _("Your partner manager was told."))


def stage(request: Request, registration_id: UUID) -> HttpResponse:
    def act(values: Any) -> Any:
        next_step = values["next_step"] if "next_step" in request.POST else None
        return services.move_stage(
            actor=request.actor, registration_id=registration_id, stage=values["stage"], next_step=next_step, version=values["version"], at=request.at
        )

    return _acted(request, registration_id, "stage", forms.StageForm(request.POST), act, _("Deal moved"))


def won(request: Request, registration_id: UUID) -> HttpResponse:
    deal = queries.registration_for_partner(request.actor, registration_id, request.at)

    def act(values: Any) -> Any:
        minor = final_amount(values["amount"], deal.amount, request.actor.locale)
        return services.mark_won(actor=request.actor, registration_id=registration_id, amount_minor=minor, version=version_of(request), at=request.at)

    return _acted(request, registration_id, "won", forms.WonForm(request.POST), act, _("%(number)s is won") % {"number": deal.number}, _("Well done."))


def lost(request: Request, registration_id: UUID) -> HttpResponse:
    deal = queries.registration_for_partner(request.actor, registration_id, request.at)
    form = forms.LostForm(request.POST, reasons=queries.reasons_of(deal.program_id), auto_id="id_lost_%s")

    def act(values: Any) -> Any:
        said = {name: values[name] for name in ("code", "competitor", "reason")}
        return services.mark_lost(actor=request.actor, registration_id=registration_id, version=version_of(request), at=request.at, **said)

    return _acted(request, registration_id, "lost", form, act, _("Deal marked as lost"))


def snooze(request: Request, registration_id: UUID) -> HttpResponse:
    """No alert for a while, with the reason."""

    def act(values: Any) -> Any:
        return services.snooze_stall(
            actor=request.actor, registration_id=registration_id, until=values["until"], reason=values["reason"], version=version_of(request), at=request.at
        )

    return _acted(request, registration_id, "snooze", forms.SnoozeForm(request.POST, auto_id="id_snooze_%s"), act, _("Quiet for a while"))


def reopen(request: Request, registration_id: UUID) -> HttpResponse:
    def act(values: Any) -> Any:
        return services.reopen(actor=request.actor, registration_id=registration_id, reason=values["reason"], version=version_of(request), at=request.at)

    return _acted(request, registration_id, "reopen", forms.ReasonForm(request.POST, auto_id="id_reopen_%s"), act, _("The deal is taken up again"))


def note(request: Request, registration_id: UUID) -> HttpResponse:
    form = forms.NoteForm(request.POST)

    def act(values: Any) -> Any:
        return services.add_note(actor=request.actor, registration_id=registration_id, body=values["body"], visibility="shared", at=request.at)

    _result, status = attempt(form, act)
    if status:
        return _detail(request, registration_id, errors={"body": problem_of(form)}, status=status)
    return done(request, _to(registration_id, "history"), _("Note sent"))


def add_document(request: Request, registration_id: UUID) -> HttpResponse:
    file = request.FILES.get("file")
    problem = attach(request, registration_id, file, "shared") if file else _("Choose a file first.")
    if problem:
        return _detail(request, registration_id, errors={"file": problem}, status=422)
    return done(request, _to(registration_id, "files"), _("File added"))


def remove_document(request: Request, registration_id: UUID, document_id: UUID) -> HttpResponse:
    services.remove_document(actor=request.actor, document_id=document_id, at=request.at)
    return done(request, _to(registration_id, "files"), _("File removed"))


def add_person(request: Request, registration_id: UUID) -> HttpResponse:
    user_id = uuid_of(request.POST.get("user_id"))
    if user_id is None:
        return _detail(request, registration_id, errors={"user_id": _("Choose a person first.")}, status=422)
    try:
        services.add_collaborator(actor=request.actor, registration_id=registration_id, user_id=user_id, at=request.at)
    except Invalid as refusal:
        return _detail(request, registration_id, errors={"user_id": str(refusal.message)}, status=refusal.status)
    return done(request, _to(registration_id, "people"), _("Person added"), _("This person works on the deal with you now."))


def remove_person(request: Request, registration_id: UUID, user_id: UUID) -> HttpResponse:
    services.remove_collaborator(actor=request.actor, registration_id=registration_id, user_id=user_id, at=request.at)
    return done(request, _to(registration_id, "people"), _("Person taken off the deal"))


def document(request: Request, document_id: UUID) -> HttpResponse:
    return send(queries.open_document(request.actor, document_id))
