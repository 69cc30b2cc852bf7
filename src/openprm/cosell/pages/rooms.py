"""The room of one engagement, on both sides: what one may know of it, and the dialogs."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.utils.translation import gettext as _

from openprm.audit import queries as audit
from openprm.cosell import queries, services
from openprm.cosell.pages import forms
from openprm.cosell.pages.common import address, attempt, file_of, named, problem_of, send, uuid_of, version_of
from openprm.cosell.queries import FullRoom, LimitedRoom, Option
from openprm.cosell.rules.lifecycle import closings
from openprm.cosell.rules.words import RECORD_FIELDS
from openprm.cosell.wording import STATE, VIEW_ABOUT
from openprm.kernel.errors import Conflict, Invalid, NotFound
from openprm.kernel.http import Request, done, page, redirect
from openprm.ui.panels import panels_of

ENTRIES = 20


def show(request: Request, engagement_id: UUID) -> HttpResponse:
    return _show(request, engagement_id, opened=request.GET.get("do", ""))


def _show(
    request: Request,
    engagement_id: UUID,
    *,
    opened: str = "",
    held: Mapping[str, Form] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The room; `opened` shows a dialog, `held` puts forms with their problems back into it."""
    actor, at = request.actor, request.at
    room = queries.room(actor, engagement_id, at)
    mirrors = getattr(room, "mirrors", ())
    services.log_reads(actor=actor, engagement_id=engagement_id, shown={one.party_id: (tuple(one.values), one.changed_at) for one in mirrors}, at=at)
    return page(
        request,
        "cosell/room.html",
        status=status,
        room=room,
        is_full=isinstance(room, FullRoom),
        entries=audit.timeline(actor, engagement_id, limit=ENTRIES),
        dialogs={**_dialogs(request, room), **(held or {})},
        opened=opened,
        errors=errors or {},
        limited_about=VIEW_ABOUT["limited"],
        own_share=f"{room.own_share_bp / 100:g}" if room.own_share_bp is not None else "",
        share_left=f"{room.share_left_bp / 100:g}" if isinstance(room, FullRoom) and room.share_left_bp is not None else "",
        may_leave=not room.why_not_write and room.own_id != room.host_id,
        at=at,
        panels=panels_of(actor, target="engagement", workspace="vendor" if actor.is_vendor else "partner", object_id=engagement_id, at=at),
        **_addresses(request, room),
    )


def _addresses(request: Request, room: FullRoom | LimitedRoom) -> dict[str, Any]:
    names = {one: named(request.actor, one) for one in ("document", "invitation", "task_act", "file_remove", "need_act", "member_act")}
    urls = {
        one: address(request.actor, one, room.id) for one in ("invite", "edit", "close", "stage", "leave", "note", "task", "file", "next_step", "ask", "record")
    }
    return {"names": names, "urls": urls, "list_url": address(request.actor, "engagements")}


def _dialogs(request: Request, room: FullRoom | LimitedRoom) -> dict[str, Form]:
    """The form of each dialog that this person may open."""
    if room.why_not_write:
        return {}
    own = Option(value=str(room.own_id), label=_("Our side"))
    others = [Option(value=str(one.party_id), label=one.name) for one in room.others if one.involvement != "visibility"]
    found: dict[str, Form] = {
        "note": forms.NoteForm(auto_id="note_%s"),
        "task": forms.TaskForm(auto_id="task_%s", owners=[own, *others], people=queries.colleagues(request.actor)),
        "next_step": forms.NextStepForm(auto_id="step_%s"),
        "ask": forms.NeedForm(auto_id="ask_%s", asked=others),
        "record": forms.RecordForm(auto_id="record_%s", initial=_record_values(room)),
    }
    if not room.why_not_invite:
        found["invite"] = forms.InviteForm(auto_id="invite_%s", companies=queries.companies(request.actor))
    if not room.why_not_host:
        found["close"] = forms.CloseForm(auto_id="close_%s", outcomes=_outcomes(room.state))
    if not room.why_not_move:
        found["stage"] = forms.StageForm(
            auto_id="stage_%s", stages=queries.stages(), initial={"stage": room.stage, "expected_close_date": room.expected_close_date}
        )
    return found


def _outcomes(state: str) -> list[tuple[str, Any]]:
    return [(str(one), STATE[one][0]) for one in closings(state)]


def _record_values(room: FullRoom | LimitedRoom) -> dict[str, Any]:
    if room.record is None:
        return {"fields_in": list(RECORD_FIELDS)}
    kept = room.record
    values = {f"value_{name}": value for name, value in kept.values.items()}
    return {"system": kept.system, "fields_out": list(kept.fields_out), "fields_in": list(kept.fields_in), **values}


def _acted(
    request: Request, engagement_id: UUID, dialog: str, form: Form, act: Callable[[Mapping[str, Any]], Any], title: str, place: str = ""
) -> HttpResponse:
    """Do what a dialog asks and say so, or show the dialog again with its problem."""
    _result, status = attempt(form, act)
    if status:
        return _show(request, engagement_id, opened=dialog, held={dialog: form}, status=status)
    return done(request, to(request, engagement_id, place), title)


def to(request: Request, engagement_id: UUID, place: str = "") -> str:
    return address(request.actor, "engagement", engagement_id) + (f"#{place}" if place else "")


def invite(request: Request, engagement_id: UUID) -> HttpResponse:
    """A refused invitation is kept in the log: who was meant, and why it could not be."""
    form = forms.InviteForm(request.POST, auto_id="invite_%s", companies=queries.companies(request.actor))

    def act(values: Mapping[str, Any]) -> Any:
        terms = {name: values[name] for name in ("domain", "role", "responsibilities", "involvement", "visibility", "hidden", "message")}
        return services.invite(actor=request.actor, engagement_id=engagement_id, receiver_id=uuid_of(values["receiver"]), at=request.at, **terms)

    return _acted(request, engagement_id, "invite", form, act, _("Invitation sent"), "invitations")


def close(request: Request, engagement_id: UUID) -> HttpResponse:
    room = queries.room(request.actor, engagement_id, request.at)
    form = forms.CloseForm(request.POST, auto_id="close_%s", outcomes=_outcomes(room.state))

    def act(values: Mapping[str, Any]) -> Any:
        return services.close_engagement(
            actor=request.actor,
            engagement_id=engagement_id,
            outcome=values["outcome"],
            reason=values["reason"],
            version=version_of(request),
            at=request.at,
        )

    return _acted(request, engagement_id, "close", form, act, _("%(number)s is closed") % {"number": room.number})


def stage(request: Request, engagement_id: UUID) -> HttpResponse:
    form = forms.StageForm(request.POST, auto_id="stage_%s", stages=queries.stages())

    def act(values: Mapping[str, Any]) -> Any:
        return services.move_stage(actor=request.actor, engagement_id=engagement_id, version=version_of(request), at=request.at, **values)

    return _acted(request, engagement_id, "stage", form, act, _("Moved"))


def leave(request: Request, engagement_id: UUID) -> HttpResponse:
    form = forms.ReasonForm(request.POST)
    _result, status = attempt(form, lambda values: services.leave(actor=request.actor, engagement_id=engagement_id, at=request.at, **values))
    if status:
        return _show(request, engagement_id, opened="leave", errors={"leave": problem_of(form)}, status=status)
    return done(request, address(request.actor, "engagements"), _("Your company left the engagement"))


def note(request: Request, engagement_id: UUID) -> HttpResponse:
    form = forms.NoteForm(request.POST, auto_id="note_%s")

    def act(values: Mapping[str, Any]) -> Any:
        return services.add_note(actor=request.actor, engagement_id=engagement_id, at=request.at, **values)

    return _acted(request, engagement_id, "note", form, act, _("Note added"), "notes")


def next_step(request: Request, engagement_id: UUID) -> HttpResponse:
    form = forms.NextStepForm(request.POST, auto_id="step_%s")

    def act(values: Mapping[str, Any]) -> Any:
        return services.add_next_step(actor=request.actor, engagement_id=engagement_id, at=request.at, **values)

    return _acted(request, engagement_id, "next_step", form, act, _("Next step kept"), "steps")


def task(request: Request, engagement_id: UUID) -> HttpResponse:
    room = queries.room(request.actor, engagement_id, request.at)
    owners = [Option(value=str(one.party_id), label=one.name) for one in room.present]
    form = forms.TaskForm(request.POST, auto_id="task_%s", owners=owners, people=queries.colleagues(request.actor))

    def act(values: Mapping[str, Any]) -> Any:
        ids = {"owner_id": uuid_of(values["owner_id"]), "assignee_id": uuid_of(values["assignee_id"])}
        return services.add_task(
            actor=request.actor,
            engagement_id=engagement_id,
            title=values["title"],
            due_date=values["due_date"],
            audience=values["audience"],
            at=request.at,
            **ids,
        )

    return _acted(request, engagement_id, "task", form, act, _("Task added"), "tasks")


def task_act(request: Request, engagement_id: UUID, task_id: UUID) -> HttpResponse:
    """Take a proposed step, reject it with the reason, or tick it off."""
    asked = request.POST.get("do", "")
    form = forms.ReasonForm({"reason": request.POST.get("reason") or "–"})

    def act(_values: Mapping[str, Any]) -> Any:
        if asked == "done":
            return services.finish_task(actor=request.actor, task_id=task_id, at=request.at)
        return services.decide_task(actor=request.actor, task_id=task_id, accept=asked == "accept", reason=request.POST.get("reason", ""), at=request.at)

    if asked not in ("accept", "reject", "done"):
        raise NotFound()
    _result, status = attempt(form, act)
    if status:
        return _show(request, engagement_id, errors={f"task-{task_id}": problem_of(form), "task": problem_of(form)}, status=status)
    said = {"accept": _("Task agreed"), "reject": _("Task rejected"), "done": _("Task done")}
    return done(request, to(request, engagement_id, "tasks"), said[asked])


def add_file(request: Request, engagement_id: UUID) -> HttpResponse:
    try:
        name, content = file_of(request)
        services.attach_document(
            actor=request.actor, engagement_id=engagement_id, name=name, content=content, audience=request.POST.get("audience") or "shared", at=request.at
        )
    except (Invalid, Conflict) as refusal:
        return _show(request, engagement_id, errors={"file": refusal.message}, status=refusal.status)
    return done(request, to(request, engagement_id, "files"), _("File added"))


def remove_file(request: Request, engagement_id: UUID, document_id: UUID) -> HttpResponse:
    services.remove_document(actor=request.actor, document_id=document_id, at=request.at)
    return done(request, to(request, engagement_id, "files"), _("File removed"))


def document(request: Request, document_id: UUID) -> HttpResponse:
    return send(queries.open_document(request.actor, document_id))


def ask(request: Request, engagement_id: UUID) -> HttpResponse:
    room = queries.room(request.actor, engagement_id, request.at)
    form = forms.NeedForm(request.POST, auto_id="ask_%s", asked=[Option(value=str(one.party_id), label=one.name) for one in room.others])

    def act(values: Mapping[str, Any]) -> Any:
        asked = uuid_of(values["asked_id"])
        assert asked is not None
        return services.ask(actor=request.actor, engagement_id=engagement_id, asked_id=asked, need=values["need"], detail=values["detail"], at=request.at)

    return _acted(request, engagement_id, "ask", form, act, _("Asked"), "asks")


def need_act(request: Request, engagement_id: UUID, need_id: UUID) -> HttpResponse:
    """Answer an ask, decline it with the reason, or take it back."""
    if request.POST.get("do") == "withdraw":
        services.withdraw_need(actor=request.actor, need_id=need_id, at=request.at)
        return done(request, to(request, engagement_id, "asks"), _("Ask taken back"))
    form = forms.AnswerForm(request.POST)
    decline = request.POST.get("do") == "decline"
    _result, status = attempt(form, lambda values: services.answer_need(actor=request.actor, need_id=need_id, decline=decline, at=request.at, **values))
    if status:
        return _show(request, engagement_id, errors={"need": problem_of(form)}, status=status)
    return done(request, to(request, engagement_id, "asks"), _("Declined") if decline else _("Answered"))


def need(request: Request, need_id: UUID) -> HttpResponse:
    """Where an ask stands: for links out of promises and mails."""
    return redirect(request, to(request, queries.engagement_of_need(request.actor, need_id), "asks"))


def record(request: Request, engagement_id: UUID) -> HttpResponse:
    form = forms.RecordForm(request.POST, auto_id="record_%s")

    def act(values: Mapping[str, Any]) -> Any:
        return services.save_record(
            actor=request.actor,
            engagement_id=engagement_id,
            system=values["system"],
            values=form.values,
            fields_out=values["fields_out"],
            fields_in=values["fields_in"],
            at=request.at,
        )

    return _acted(request, engagement_id, "record", form, act, _("Record saved"), "mirror")
