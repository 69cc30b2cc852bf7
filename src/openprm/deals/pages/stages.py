"""Settings of how a program sells: its stages with their criteria, and the reasons for losing. A working copy travels with the page until it is published."""

import json
import re
from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.deals import queries, services
from openprm.deals.pages.common import MENDABLE
from openprm.deals.rules import stages as rules
from openprm.deals.rules.stages import ACTIVITIES, FIELDS, Criterion, LostReason, Needs, Process, StageDef
from openprm.deals.wording import ACTIVITY, criterion_label, field_label
from openprm.kernel.errors import Invalid, NotFound
from openprm.kernel.http import Request, done, page
from openprm.kernel.money import Money, parse_amount
from openprm.ui.fields import add_problems

MOST_TEXT = 100_000


class StageForm(forms.Form):
    """One stage, with what it asks for."""

    was = forms.CharField(max_length=24, required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    code = forms.CharField(label=gettext_lazy("Code"), max_length=24, required=False, help_text=gettext_lazy("Left empty, it is made from the name."))
    probability = forms.IntegerField(label=gettext_lazy("Chance to win, %"), min_value=0, max_value=100)
    place = forms.IntegerField(label=gettext_lazy("Place"), min_value=1, max_value=rules.MOST_STAGES, required=False)
    is_entry = forms.BooleanField(label=gettext_lazy("An approved deal begins here"), required=False)
    fields_known = forms.MultipleChoiceField(
        label=gettext_lazy("Fields that must be known"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(name, field_label(name)) for name in FIELDS],
    )  # fmt: skip
    activities = forms.MultipleChoiceField(
        label=gettext_lazy("Work that must be logged"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(name, ACTIVITY[name]) for name in ACTIVITIES],
    )  # fmt: skip
    documents = forms.IntegerField(label=gettext_lazy("Shared files, at least"), min_value=0, max_value=20, required=False)
    amount = forms.CharField(label=gettext_lazy("Amount, at least"), max_length=30, required=False)
    days = forms.IntegerField(label=gettext_lazy("Days in the stage before, at least"), min_value=0, max_value=365, required=False)
    next_step = forms.BooleanField(label=gettext_lazy("The next step must be written down"), required=False)
    plan = forms.BooleanField(label=gettext_lazy("Both sides must have agreed to a mutual action plan"), required=False)


class ReasonForm(forms.Form):
    was = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    label = forms.CharField(label=gettext_lazy("Reason"), max_length=80)
    code = forms.CharField(label=gettext_lazy("Code"), max_length=40, required=False, help_text=gettext_lazy("Left empty, it is made from the reason."))
    needs_competitor = forms.BooleanField(label=gettext_lazy("Asks for the competitor"), required=False)
    needs_comment = forms.BooleanField(label=gettext_lazy("Asks for a comment"), required=False)


def settings(request: Request, program_id: UUID | None = None) -> HttpResponse:
    return _show(request, program_id, None)


def edit(request: Request, program_id: UUID | None = None) -> HttpResponse:
    """Change the working copy; nothing is in force before it is published."""
    working = _working(request, program_id)
    action = request.POST.get("action", "")
    if action in _REMOVE:
        return _show(request, program_id, _REMOVE[action](working, request.POST.get("code", "")))
    form = (ReasonForm if action == "reason" else StageForm)(request.POST)
    if not form.is_valid():
        return _show(request, program_id, working, form=form, status=422)
    try:
        changed = _with_reason(working, form.cleaned_data) if action == "reason" else _with_stage(request, working, form.cleaned_data)
        services.preview_process(actor=request.actor, program_id=program_id, process=changed)
    except MENDABLE as refusal:
        add_problems(form, refusal)
        return _show(request, program_id, working, form=form, status=refusal.status)
    return _show(request, program_id, changed)


def publish(request: Request, program_id: UUID | None = None) -> HttpResponse:
    working = _working(request, program_id)
    moves = {name.removeprefix("move-"): value for name, value in request.POST.items() if name.startswith("move-")}
    number = request.POST.get("number", "")
    try:
        made = services.publish_process(
            actor=request.actor,
            program_id=program_id,
            process=working,
            moves=moves,
            note=request.POST.get("note", "")[:500],
            number=int(number) if number.isdecimal() and len(number) < 7 else None,
            at=request.at,
        )
    except MENDABLE as refusal:
        return _show(request, program_id, working, problem=str(refusal.message), status=refusal.status)
    return done(request, _address("stages", program_id), _("Version %(number)d is in force") % {"number": made})


def _address(name: str, program_id: UUID | None) -> str:
    return reverse(f"deals:{name}_of", args=[program_id]) if program_id else reverse(f"deals:{name}")


def _working(request: Request, program_id: UUID | None) -> Process:
    """The copy that came with the page. Raises Invalid when it is none."""
    text = request.POST.get("draft", "")
    try:
        found = rules.from_json(json.loads(text)) if text and len(text) <= MOST_TEXT else None
    except (ValueError, TypeError, KeyError, AttributeError):
        found = None
    if found is None:
        raise Invalid(_("The working copy cannot be read. Open the page again and begin anew."))
    services.preview_process(actor=request.actor, program_id=program_id, process=found)
    return found


def _code(text: str, most: int) -> str:
    code = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:most].strip("_")
    return code if code[:1].isalpha() else f"s_{code}"[:most]


def _with_stage(request: Request, process: Process, values: dict[str, Any]) -> Process:
    code = values["code"] or values["was"] or _code(values["name"], 24)
    stage = StageDef(code, values["name"], values["probability"], _criteria(request, values))
    others = [one for one in process.stages if one.code != values["was"]]
    stands = process.codes.index(values["was"]) if values["was"] in process.codes else len(others)
    place = values["place"] - 1 if values["place"] else stands
    entry = code if values["is_entry"] or process.entry == values["was"] else process.entry
    return replace(process, stages=(*others[:place], stage, *others[place:]), entry=entry)


def _criteria(request: Request, values: dict[str, Any]) -> tuple[Criterion, ...]:
    found = [Criterion(Needs.FIELD.value, name) for name in values["fields_known"]]
    found += [Criterion(Needs.ACTIVITY.value, kind) for kind in values["activities"]]
    if values["documents"]:
        found.append(Criterion(Needs.DOCUMENT.value, str(values["documents"])))
    if values["amount"]:
        minor = parse_amount(values["amount"], queries.base_currency(), request.actor.locale, field="amount").minor
        found.append(Criterion(Needs.AMOUNT.value, str(minor)))
    if values["days"]:
        found.append(Criterion(Needs.DAYS.value, str(values["days"])))
    if values["next_step"]:
        found.append(Criterion(Needs.NEXT_STEP.value))
    if values["plan"]:
        found.append(Criterion(Needs.PLAN.value))
    return tuple(found)


def _with_reason(process: Process, values: dict[str, Any]) -> Process:
    code = values["code"] or values["was"] or _code(values["label"], 40)
    reason = LostReason(code, values["label"], values["needs_competitor"], values["needs_comment"])
    if process.reason(values["was"]):
        return replace(process, lost_reasons=tuple(reason if one.code == values["was"] else one for one in process.lost_reasons))
    return replace(process, lost_reasons=(*process.lost_reasons, reason))


def _without_stage(process: Process, code: str) -> Process:
    kept = tuple(one for one in process.stages if one.code != code)
    if not kept:
        raise Invalid(_("A program keeps at least one stage."))
    return replace(process, stages=kept, entry=process.entry if process.entry != code else kept[0].code)


def _without_reason(process: Process, code: str) -> Process:
    kept = tuple(one for one in process.lost_reasons if one.code != code)
    if not kept:
        raise Invalid(_("A program keeps at least one reason for losing."))
    return replace(process, lost_reasons=kept)


_REMOVE = {"remove_stage": _without_stage, "remove_reason": _without_reason}


def _show(
    request: Request, program_id: UUID | None, working: Process | None, *, form: forms.Form | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    actor = request.actor
    names = {UUID(option.value): option.label for option in queries.filter_options(actor).programs}
    if program_id and program_id not in names:
        raise NotFound()
    stands = queries.sales_process(actor, program_id)
    process = working or stands.process
    may_change = actor.can("deals.manage_catalogue")
    change = services.preview_process(actor=actor, program_id=program_id, process=process) if working and may_change else None
    stage = process.stage(request.GET.get("stage", ""))
    reason = process.reason(request.GET.get("reason", ""))
    return page(
        request,
        "deals/settings/stages.html",
        status=status,
        program_id=program_id,
        program=names.get(program_id, "") if program_id else "",
        programs=sorted(names.items(), key=lambda pair: pair[1]),
        stands=stands,
        versions=queries.process_versions(actor, program_id),
        stages=[_row(one, program_id, process) for one in process.stages],
        reasons=[(one, one.label or _reason_name(one.code, program_id)) for one in process.lost_reasons],
        change=change,
        is_working=working is not None and working != stands.process,
        draft=json.dumps(rules.as_json(process)),
        stage_form=form if isinstance(form, StageForm) else StageForm(initial=_stage_values(stage, process, program_id), auto_id="id_stage_%s"),
        reason_form=form if isinstance(form, ReasonForm) else ReasonForm(initial=_reason_values(reason, program_id), auto_id="id_reason_%s"),
        chosen=stage,
        chosen_reason=reason,
        problem=problem,
        may_change=may_change,
        here=_address("stages", program_id),
        edit_url=_address("stages_edit", program_id),
        publish_url=_address("stages_publish", program_id),
    )


def _row(stage: StageDef, program_id: UUID | None, process: Process) -> dict[str, Any]:
    asks = [criterion_label(one, queries.base_currency()) for one in stage.criteria]
    return {"code": stage.code, "name": _stage_name(stage, program_id), "probability": stage.probability, "asks": asks, "is_entry": process.entry == stage.code}


def _stage_name(stage: StageDef, program_id: UUID | None) -> str:
    return stage.name or queries.stage_named(stage.code, program_id).name


def _reason_name(code: str, program_id: UUID | None) -> str:
    return next((label for found, label, _competitor, _comment in queries.reasons_of(program_id) if found == code), code)


def _stage_values(stage: StageDef | None, process: Process, program_id: UUID | None) -> dict[str, Any]:
    if stage is None:
        return {}
    held: dict[str, list[Criterion]] = {}
    for one in stage.criteria:
        held.setdefault(one.needs, []).append(one)
    first = {needs: found[0].number for needs, found in held.items()}
    amount = first.get(Needs.AMOUNT)
    return {
        "was": stage.code,
        "code": stage.code,
        "name": _stage_name(stage, program_id),
        "probability": stage.probability,
        "place": process.codes.index(stage.code) + 1,
        "is_entry": process.entry == stage.code,
        "fields_known": [one.value for one in held.get(Needs.FIELD, ())],
        "activities": [one.value for one in held.get(Needs.ACTIVITY, ())],
        "documents": first.get(Needs.DOCUMENT),
        "amount": str(Money(amount, queries.base_currency()).major) if amount else "",
        "days": first.get(Needs.DAYS),
        "next_step": Needs.NEXT_STEP in held,
        "plan": Needs.PLAN in held,
    }


def _reason_values(reason: LostReason | None, program_id: UUID | None) -> dict[str, Any]:
    if reason is None:
        return {}
    label = reason.label or _reason_name(reason.code, program_id)
    return {"was": reason.code, "code": reason.code, "label": label, "needs_competitor": reason.needs_competitor, "needs_comment": reason.needs_comment}
