"""Documents and versions in the vendor's workspace: the list, one document, the editor, the review before publication."""

from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.agreements import queries, services
from openprm.agreements.pages.common import attempt, send, shown
from openprm.agreements.pages.forms import DocumentForm, DraftForm, PublishForm
from openprm.agreements.wording import KIND_ICON, ROLE, blocks_in_words, standing_badge
from openprm.audit import queries as audit
from openprm.kernel.errors import Conflict, Invalid, Problem, Refusal
from openprm.kernel.http import Request, done, page, redirect

ADDRESSES = {"list_url": "agreements:documents", "version_url": "agreements:version", "text_url": "agreements:text"}


def list_documents(request: Request) -> HttpResponse:
    """Every document with what is in force, what is announced, and how far the signing is."""
    found = queries.documents(request.actor, request.at)
    return page(
        request,
        "agreements/vendor/documents.html",
        documents=[_row(one) for one in found],
        overdue=queries.overdue_count(request.actor, request.at),
        may_draft=queries.may_draft(request.actor),
    )


def new_document(request: Request) -> HttpResponse:
    form = DocumentForm(request.POST or None, is_new=True)
    status = 200
    if request.method == "POST":
        document_id, status = attempt(form, lambda values: services.create_document(actor=request.actor, at=request.at, **values))
        if document_id:
            draft_id = services.begin_draft(actor=request.actor, document_id=document_id, at=request.at)
            return done(request, reverse("agreements:draft", args=[draft_id]), _("Document begun"), _("Now write its first text."))
    return page(request, "agreements/vendor/document_form.html", form=form, document=None, status=status)


def edit_document(request: Request, document_id: UUID) -> HttpResponse:
    document = queries.document(request.actor, document_id, request.at)
    names = [name for name in DocumentForm.base_fields if name != "code"]
    form = DocumentForm(request.POST or None, is_new=False, initial={name: getattr(document, name) for name in names})
    status = 200
    if request.method == "POST":
        _nothing, status = attempt(form, lambda values: services.update_document(actor=request.actor, document_id=document_id, changes=values, at=request.at))
        if not status:
            return done(request, reverse("agreements:document", args=[document_id]), _("Document saved"), document.title)
    return page(request, "agreements/vendor/document_form.html", form=form, document=document, status=status)


def show_document(request: Request, document_id: UUID) -> HttpResponse:
    """One document: its text in force, what is announced, who has signed, its history."""
    actor, at = request.actor, request.at
    document = queries.document(actor, document_id, at)
    current = document.in_force or next(iter(document.announced), None)
    version = queries.version(actor, current.id, at) if current else None
    return page(
        request,
        "agreements/vendor/document.html",
        document=document,
        icon_name=KIND_ICON[document.kind],
        current=version,
        current_badge=standing_badge(version.line.standing) if version else None,
        blocks=blocks_in_words(current.blocks) if current else "",
        history=[(line, standing_badge(line.standing)) for line in document.history],
        signers=[ROLE[role] for role in document.signer_roles],
        entries=audit.timeline(actor, document_id, limit=15),
        may_draft=queries.may_draft(actor),
        may_publish=queries.may_publish(actor),
    )


def retire(request: Request, document_id: UUID) -> HttpResponse:
    """Retire a document, or take it up again."""
    back = request.POST.get("do") == "resume"
    act = services.resume_document if back else services.retire_document
    act(actor=request.actor, document_id=document_id, at=request.at)
    said = _("Taken up again") if back else _("Document retired")
    text = _("Partners are asked for it again.") if back else _("Nobody is asked for it any more. What is signed stays.")
    return done(request, reverse("agreements:document", args=[document_id]), said, text)


def begin_draft(request: Request, document_id: UUID) -> HttpResponse:
    draft_id = services.begin_draft(actor=request.actor, document_id=document_id, at=request.at)
    return redirect(request, reverse("agreements:draft", args=[draft_id]))


def draft(request: Request, version_id: UUID) -> HttpResponse:
    """The editor: Markdown beside its preview. Saving changes nothing for partners."""
    found = queries.draft(request.actor, version_id, request.at)
    form = DraftForm(request.POST or None, initial={"title": found.line.title, "text": found.text})
    action = request.POST.get("do", "save")
    if request.method != "POST" or action == "preview":
        html = queries.preview(request.POST.get("text", "")[:200_000]) if request.method == "POST" else found.html
        return _editor(request, found, form, html)
    _revision, status = attempt(
        form, lambda values: services.save_draft(actor=request.actor, draft_id=version_id, revision=_seen(request), at=request.at, **values)
    )
    if status:
        return _editor(request, found, form, queries.preview(request.POST.get("text", "")[:200_000]), status)
    if action == "review":
        return redirect(request, reverse("agreements:publish", args=[version_id]))
    return done(request, reverse("agreements:draft", args=[version_id]), _("Draft saved"), _("Nothing changes for partners until you publish it."))


def preview(request: Request, version_id: UUID) -> HttpResponse:
    """The text as partners would read it, while somebody types."""
    queries.draft(request.actor, version_id, request.at)
    return page(request, "agreements/parts/preview.html", html=queries.preview(request.POST.get("text", "")[:200_000]))


def discard_draft(request: Request, version_id: UUID) -> HttpResponse:
    found = queries.draft(request.actor, version_id, request.at)
    services.discard_draft(actor=request.actor, draft_id=version_id, at=request.at)
    return done(request, reverse("agreements:document", args=[found.line.document_id]), _("Draft discarded"))


def publish(request: Request, version_id: UUID) -> HttpResponse:
    """The review: what changes, for whom, from when, and what closes until it is signed."""
    found = queries.draft(request.actor, version_id, request.at)
    form = PublishForm(
        request.POST or None, needs_signature=found.needs_signature, initial={"grace_days": found.line.grace_days, "blocks": list(found.line.blocks)}
    )
    status = 200
    if request.method == "POST":
        _version, status = attempt(form, lambda values: _publish(request, version_id, values))
        if not status:
            return done(request, reverse("agreements:version", args=[version_id]), _("Version published"), _("Partners are told now."))
    affected = queries.affected(found.line.document_id, request.at)
    return page(request, "agreements/vendor/publish.html", status=status, draft=found, form=form, affected=affected)


def show_version(request: Request, version_id: UUID) -> HttpResponse:
    found = queries.version(request.actor, version_id, request.at)
    may_withdraw = queries.may_publish(request.actor) and queries.why_not_withdraw(request.actor, version_id, request.at) is None
    return page(request, "agreements/version.html", **shown(found), may_withdraw=may_withdraw, **ADDRESSES)


def text(request: Request, version_id: UUID) -> HttpResponse:
    return send(queries.text_file(request.actor, version_id))


def withdraw(request: Request, version_id: UUID) -> HttpResponse:
    services.withdraw(actor=request.actor, version_id=version_id, at=request.at)
    return done(request, reverse("agreements:version", args=[version_id]), _("Version withdrawn"), _("The version before it goes on."))


def _publish(request: Request, version_id: UUID, values: dict[str, Any]) -> UUID:
    day = values.pop("effective_date")
    effective_at = datetime.combine(day, time(), ZoneInfo(request.actor.time_zone)) if day else None
    try:
        return services.publish(actor=request.actor, draft_id=version_id, effective_at=effective_at, at=request.at, **values)
    except (Invalid, Conflict) as refusal:
        raise _beside_the_date(refusal) from None


def _beside_the_date(refusal: Refusal) -> Refusal:
    if refusal.field != "effective_at":
        return refusal
    return Invalid(problems=[Problem("effective_date", problem.message) for problem in refusal.problems])


def _seen(request: Request) -> int | None:
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _editor(request: Request, found: queries.VersionView, form: DraftForm, html: str, status: int = 200) -> HttpResponse:
    may_publish = queries.may_publish(request.actor)
    return page(request, "agreements/vendor/draft.html", status=status, draft=found, form=form, html=html, may_publish=may_publish)


def _row(document: queries.DocumentView) -> dict[str, Any]:
    return {"document": document, "icon_name": KIND_ICON[document.kind], "url": reverse("agreements:document", args=[document.id])}
