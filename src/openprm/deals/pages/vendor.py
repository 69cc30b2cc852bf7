"""The vendor's pages of registrations: the list, the pipeline, one registration and its decision."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.audit import queries as audit
from openprm.deals import queries, services
from openprm.deals.pages import forms, lists
from openprm.deals.pages.common import address, attach, attempt, final_amount, next_url, problem_of, send, uuid_of, version_of
from openprm.deals.pages.vendor_dialogs import dialogs_of, more_actions
from openprm.kernel.http import Request, done, page
from openprm.ui import exports
from openprm.ui import lists as ui_lists
from openprm.ui.listspec import BulkAction, Empty
from openprm.ui.panels import panels_of

ENTRIES = 50


def list_registrations(request: Request) -> HttpResponse:
    if request.method == "POST":
        return _bulk(request)
    state = ui_lists.parse(request, lists.vendor_spec(request.actor))
    if state.export:
        rows = lists.all_registrations(request.actor, state, url_name="deals:registration", at=request.at)
        return exports.respond(request, state, rows, name="registrations")
    found = lists.registrations(request.actor, state, url_name="deals:registration", at=request.at)
    bulk = (BulkAction(value="approve", label=_("Approve"), icon="check"),) if request.actor.can("deals.approve") else ()
    empty = Empty(title=_("No registrations yet"), text=_("What your partners register comes here with its conflict check."))
    return ui_lists.render(request, "deals/vendor/registrations.html", state, found, bulk=bulk, empty=empty, title=_("Deal registrations"))


def _bulk(request: Request) -> HttpResponse:
    """Approve the ticked registrations; those that cannot be are named with their reason."""
    ids = [found for text in request.POST.getlist("ids")[:100] if (found := uuid_of(text))]
    back = next_url(request, reverse("deals:registrations"))
    if request.POST.get("action") != "approve" or not ids:
        return done(request, back, _("Nothing was ticked"), _("Tick the registrations first, then choose what to do."))
    result = services.bulk_approve(actor=request.actor, registration_ids=ids, at=request.at)
    refused = " ".join(f"{one.number}: {one.reason}" for one in result.refused)
    return done(request, back, _("%(count)d approved") % {"count": len(result.approved)}, refused[:900])


def registration(request: Request, registration_id: UUID) -> HttpResponse:
    return _detail(request, registration_id, opened=request.GET.get("do", ""))


def _detail(
    request: Request, registration_id: UUID, *, opened: str = "", held: dict[str, Any] | None = None, errors: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    """The detail page; `opened` shows a dialog, `held` puts forms with their problems back into it."""
    actor, at = request.actor, request.at
    deal = queries.registration_for_vendor(actor, registration_id, at)
    return page(
        request,
        "deals/vendor/registration.html",
        status=status,
        deal=deal,
        near=queries.neighbours(actor, registration_id),
        similar=queries.similar(actor, registration_id),
        timeline=audit.timeline(actor, registration_id, limit=ENTRIES),
        panels=panels_of(actor, target="registration", workspace="vendor", object_id=registration_id, at=at),
        dialogs=dialogs_of(deal, actor, at, held or {}),
        more=more_actions(deal, held or {}),
        opened=opened,
        errors=errors or {},
        can_decide=not deal.why_not_review,
        can_advance=not deal.why_not_advance,
        partner_url=address("partners:partner", deal.partner_id),
        account_url=address("accounts:account", deal.account_id) if deal.account_id else "",
        rules_url=address("rulebook:rules"),
        version_url="rulebook:version",
    )


def _to(registration_id: UUID, place: str = "") -> str:
    return reverse("deals:registration", args=[registration_id]) + (f"#{place}" if place else "")


def _decided(request: Request, registration_id: UUID, dialog: str, form: Any, act: Any, title: Any, text: Any = "") -> HttpResponse:
    """Do what a dialog asks and say so, or show the dialog again with its problem."""
    result, status = attempt(form, act)
    if status:
        return _detail(request, registration_id, opened=dialog, held={dialog: form}, status=status)
    return done(request, _to(registration_id), title(result) if callable(title) else title, text(result) if callable(text) else text)


def approve(request: Request, registration_id: UUID) -> HttpResponse:
    def act(values: Any) -> Any:
        return services.approve(actor=request.actor, registration_id=registration_id, reason=values["reason"], version=version_of(request), at=request.at)

    def title(result: Any) -> str:
        return _("%(number)s approved") % {"number": result.number} if result.final else _("Your step of %(number)s is done") % {"number": result.number}

    return _decided(request, registration_id, "approve", forms.OptionalReasonForm(request.POST), act, title, _approved_text)


def _approved_text(result: Any) -> str:
    if not result.final:
        return _("The next approver was asked.")
    return _("Protected until %(day)s") % {"day": f"{result.protected_until:%d %B %Y}"} if result.protected_until else ""


def return_for_information(request: Request, registration_id: UUID) -> HttpResponse:
    deal = queries.registration_for_vendor(request.actor, registration_id, request.at)
    form = forms.ReturnForm(request.POST, choices=deal.returnable_fields)

    def act(values: Any) -> Any:
        return services.return_for_information(
            actor=request.actor,
            registration_id=registration_id,
            fields=values["fields_open"],
            message=values["message"],
            version=version_of(request),
            at=request.at,
        )

    return _decided(
        request,
        registration_id,
        "return",
        form,
        act,
        _("Returned to %(partner)s") % {"partner": deal.partner},
        _("The clock of your promise stands still meanwhile."),
    )


def reject(request: Request, registration_id: UUID) -> HttpResponse:
    deal = queries.registration_for_vendor(request.actor, registration_id, request.at)
    form = dialogs_of(deal, request.actor, request.at, {}, data=request.POST)["reject"]

    def act(values: Any) -> Any:
        return services.reject(
            actor=request.actor, registration_id=registration_id, reason=values["reason"], clause=values["clause"], version=version_of(request), at=request.at
        )

    return _decided(
        request, registration_id, "reject", form, act, _("%(number)s rejected") % {"number": deal.number}, _("The partner reads the reason and the clause.")
    )


def start_review(request: Request, registration_id: UUID) -> HttpResponse:
    result = services.start_review(actor=request.actor, registration_id=registration_id, version=version_of(request), at=request.at)
    return done(request, _to(registration_id), _("You review %(number)s") % {"number": result.number})


def recheck(request: Request, registration_id: UUID) -> HttpResponse:
    services.recheck(actor=request.actor, registration_id=registration_id, at=request.at)
    return done(request, _to(registration_id), _("Checked again"))


def resolve(request: Request, registration_id: UUID) -> HttpResponse:
    chosen = request.POST.get("account", "")
    values: dict[str, Any] = {"create_new": True} if chosen == "new" else {"account_id": uuid_of(chosen)}
    services.resolve_account(actor=request.actor, registration_id=registration_id, version=version_of(request), at=request.at, **values)
    return done(request, _to(registration_id), _("The customer is settled"), _("The conflict check ran again."))


def extend(request: Request, registration_id: UUID) -> HttpResponse:
    def act(values: Any) -> Any:
        return services.extend_protection(
            actor=request.actor, registration_id=registration_id, reason=values["reason"], version=version_of(request), at=request.at
        )

    return _decided(request, registration_id, "extend", forms.ReasonForm(request.POST), act, _("Protection extended"))


def release(request: Request, registration_id: UUID) -> HttpResponse:
    def act(values: Any) -> Any:
        return services.release_protection(
            actor=request.actor, registration_id=registration_id, reason=values["reason"], version=version_of(request), at=request.at
        )

    return _decided(request, registration_id, "release", forms.ReasonForm(request.POST), act, _("Protection released"), _("The customer is free again."))


def cancel(request: Request, registration_id: UUID) -> HttpResponse:
    def act(values: Any) -> Any:
        return services.cancel(actor=request.actor, registration_id=registration_id, reason=values["reason"], version=version_of(request), at=request.at)

    return _decided(request, registration_id, "cancel", forms.ReasonForm(request.POST), act, lambda saved: _("%(number)s canceled") % {"number": saved.number})


def stage(request: Request, registration_id: UUID) -> HttpResponse:
    form = forms.StageForm(request.POST)

    def act(values: Any) -> Any:
        next_step = values["next_step"] if "next_step" in request.POST else None
        return services.move_stage(
            actor=request.actor, registration_id=registration_id, stage=values["stage"], next_step=next_step, version=values["version"], at=request.at
        )

    result, status = attempt(form, act)
    if status:
        return _detail(request, registration_id, opened="stage", held={"stage": form}, status=status)
    return done(request, next_url(request, _to(registration_id)), _("%(number)s moved") % {"number": result.number})


def won(request: Request, registration_id: UUID) -> HttpResponse:
    deal = queries.registration_for_vendor(request.actor, registration_id, request.at)

    def act(values: Any) -> Any:
        minor = final_amount(values["amount"], deal.amount, request.actor.locale)
        return services.mark_won(actor=request.actor, registration_id=registration_id, amount_minor=minor, version=version_of(request), at=request.at)

    return _decided(request, registration_id, "won", forms.WonForm(request.POST), act, _("%(number)s is won") % {"number": deal.number})


def lost(request: Request, registration_id: UUID) -> HttpResponse:
    deal = queries.registration_for_vendor(request.actor, registration_id, request.at)
    form = forms.LostForm(request.POST, reasons=queries.reasons_of(deal.program_id), auto_id="id_lost_%s")

    def act(values: Any) -> Any:
        said = {name: values[name] for name in ("code", "competitor", "reason")}
        return services.mark_lost(actor=request.actor, registration_id=registration_id, version=version_of(request), at=request.at, **said)

    return _decided(request, registration_id, "lost", form, act, lambda saved: _("%(number)s is lost") % {"number": saved.number})


def snooze(request: Request, registration_id: UUID) -> HttpResponse:
    """No alert for a while, with the reason."""

    def act(values: Any) -> Any:
        return services.snooze_stall(
            actor=request.actor, registration_id=registration_id, until=values["until"], reason=values["reason"], version=version_of(request), at=request.at
        )

    return _decided(request, registration_id, "snooze", forms.SnoozeForm(request.POST, auto_id="id_snooze_%s"), act, _("Quiet for a while"))


def reopen(request: Request, registration_id: UUID) -> HttpResponse:
    def act(values: Any) -> Any:
        return services.reopen(actor=request.actor, registration_id=registration_id, reason=values["reason"], version=version_of(request), at=request.at)

    return _decided(request, registration_id, "reopen", forms.ReasonForm(request.POST, auto_id="id_reopen_%s"), act, _("The deal is taken up again"))


def note(request: Request, registration_id: UUID) -> HttpResponse:
    form = forms.NoteForm(request.POST)

    def act(values: Any) -> Any:
        return services.add_note(
            actor=request.actor, registration_id=registration_id, body=values["body"], visibility=values["visibility"] or "internal", at=request.at
        )

    _result, status = attempt(form, act)
    if status:
        return _detail(request, registration_id, errors={"body": problem_of(form)}, status=status)
    return done(request, _to(registration_id, "history"), _("Note added"))


def task(request: Request, registration_id: UUID) -> HttpResponse:
    form = forms.TaskForm(request.POST)

    def act(values: Any) -> Any:
        return services.add_task(
            actor=request.actor,
            registration_id=registration_id,
            title=values["title"],
            due_date=values["due_date"],
            assignee_id=request.actor.user_id,
            at=request.at,
        )

    _result, status = attempt(form, act)
    if status:
        return _detail(request, registration_id, errors={"title": problem_of(form)}, status=status)
    return done(request, _to(registration_id, "tasks"), _("Task added"))


def task_done(request: Request, registration_id: UUID, task_id: UUID) -> HttpResponse:
    services.complete_task(actor=request.actor, task_id=task_id, at=request.at)
    return done(request, _to(registration_id, "tasks"), _("Task done"))


def add_document(request: Request, registration_id: UUID) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        return _detail(request, registration_id, errors={"file": _("Choose a file first.")}, status=422)
    visibility = "internal" if request.POST.get("visibility") == "internal" else "shared"
    problem = attach(request, registration_id, file, visibility)
    if problem:
        return _detail(request, registration_id, errors={"file": problem}, status=422)
    return done(request, _to(registration_id, "files"), _("File added"))


def remove_document(request: Request, registration_id: UUID, document_id: UUID) -> HttpResponse:
    services.remove_document(actor=request.actor, document_id=document_id, at=request.at)
    return done(request, _to(registration_id, "files"), _("File removed"))


def document(request: Request, document_id: UUID) -> HttpResponse:
    return send(queries.open_document(request.actor, document_id))
