"""Applications in the vendor's workspace: the list, one application, and its answer."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.applications import queries, services
from openprm.applications.pages.forms import ApproveForm, AskForm, NoteForm, RejectForm
from openprm.applications.words import RISK, STATE, TYPE
from openprm.audit import queries as audit
from openprm.inbox import queries as inbox
from openprm.kernel.errors import Conflict, Invalid, Stale
from openprm.kernel.http import Request, done, page
from openprm.partners import queries as partners
from openprm.ui import exports, lists
from openprm.ui.cells import Badge, Company, Due, Share
from openprm.ui.fields import add_problems
from openprm.ui.listspec import Column, Filter, ListSpec

SENT = tuple((code, label) for code, (label, _tone) in STATE.items() if code not in ("draft", "unconfirmed"))


def _score(row: Any) -> Share | None:
    if row.score is None:
        return None
    tone = "ok" if row.score >= 70 else "warn" if row.score >= 40 else "bad"
    return Share(row.score, str(row.score), tone)


SPEC = ListSpec(
    key="applications.applications",
    search=gettext_lazy("Search by company, domain, person or number"),
    default_sort="-submitted_at",
    columns=(
        Column("company", gettext_lazy("Company"), "company", sortable=True, always=True, value=lambda row: Company(row.company, f"{row.type}, {row.country}")),
        Column("program", gettext_lazy("Program")),
        Column("state", gettext_lazy("State"), "badge", value=lambda row: Badge(row.state_label, row.tone)),
        Column("score", gettext_lazy("Fit"), "share", sortable=True, value=_score),
        Column("risk", gettext_lazy("Risk"), "badge", value=lambda row: Badge(*RISK[row.risk]) if row.risk in RISK else None),
        Column("due_at", gettext_lazy("Answer by"), "due", value=lambda row: Due(row.due_at, "bad" if row.is_late else "") if row.due_at else None),
        Column("submitted_at", gettext_lazy("Sent"), "datetime", sortable=True),
        Column("number", gettext_lazy("Number"), "mono", sortable=True, default=False),
        Column("contact", gettext_lazy("Contact"), default=False),
        Column("source", gettext_lazy("Source"), default=False),
        Column("missing_percent", gettext_lazy("Not known, %"), "number", default=False),
        Column("decided_at", gettext_lazy("Answered"), "datetime", sortable=True, default=False),
    ),
    filters=(
        Filter("state", gettext_lazy("State"), choices=SENT),
        Filter("program", gettext_lazy("Program"), choices=partners.program_choices),
        Filter("type", gettext_lazy("Type"), choices=tuple(TYPE.items())),
        Filter("risk", gettext_lazy("Risk"), choices=tuple((code, label) for code, (label, _tone) in RISK.items())),
        Filter("source", gettext_lazy("Source"), choices=queries.sources),
        Filter("submitted", gettext_lazy("Sent"), "date"),
    ),
)


def list_applications(request: Request) -> HttpResponse:
    """Every application that was sent, with search, filters, saved views and export."""
    state = lists.parse(request, SPEC)
    asked = {"search": state.search, "filters": state.filters, "at": request.at}
    if state.export:
        return exports.respond(request, state, queries.export_applications(request.actor, **asked), name="applications")
    found = queries.list_applications(request.actor, page=state.page, **asked)
    empty = lists.Empty(
        title=_("No applications yet"),
        text=_("Companies apply on the public page of a program. Open its page, see it as they do, and share the link."),
        action=_("Forms and pages"),
        url=reverse("applications:forms"),
    )
    summary = _("Companies that want to join, how well they fit, and by when you promised an answer.")
    return lists.render(request, "applications/vendor/applications.html", state, found.map(_linked), empty=empty, title=_("Applications"), summary=summary)


class _Linked:
    """A row with the address it opens."""

    __slots__ = ("_row", "url")

    def __init__(self, row: Any, url: str):
        self._row, self.url = row, url

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


def _linked(row: Any) -> Any:
    return _Linked(row, reverse("applications:application", args=[row.id]))


def application(request: Request, application_id: UUID) -> HttpResponse:
    return _detail(request, application_id, opened=request.GET.get("do", ""))


def _detail(
    request: Request, application_id: UUID, *, opened: str = "", held: dict[str, Any] | None = None, note: NoteForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of one application; `opened` shows a dialog, `held` puts a form with its problems back into it."""
    found = queries.application(request.actor, application_id, request.at)
    dialogs = {"approve": ApproveForm(), "reject": RejectForm(), "ask": AskForm(choices=found.askable)} | (held or {})
    return page(
        request,
        "applications/vendor/application.html",
        status=status,
        one=found,
        dialogs=dialogs,
        opened=opened,
        note_form=note or NoteForm(),
        near=inbox.neighbours(request.actor, f"applications.application:{application_id}", request.at),
        entries=audit.timeline(request.actor, application_id, limit=50),
        prospect_url=_address("recruitment:prospect", found.prospect_id),
        rule_url=_address("rulebook:version", found.rule_version_id),
    )


def _address(name: str, row_id: UUID | None) -> str:
    try:
        return reverse(name, args=[row_id]) if row_id else ""
    except NoReverseMatch:
        return ""


def _answered(request: Request, application_id: UUID, dialog: str, form: Any, act: Callable[[dict[str, Any]], Any], title: str, text: str = "") -> HttpResponse:
    """Do what a dialog asks and say so, or show the dialog again with its problem."""
    status = 422
    if form.is_valid():
        try:
            act(form.cleaned_data)
            return done(request, reverse("applications:application", args=[application_id]), title, text)
        except (Invalid, Conflict, Stale) as refusal:
            add_problems(form, refusal)
            status = refusal.status
    return _detail(request, application_id, opened=dialog, held={dialog: form}, status=status)


def _shared(request: Request, application_id: UUID) -> dict[str, Any]:
    text = request.POST.get("version", "")
    return {"actor": request.actor, "application_id": application_id, "version": int(text) if text.isdecimal() and len(text) < 10 else None, "at": request.at}


def approve(request: Request, application_id: UUID) -> HttpResponse:
    form = ApproveForm(request.POST)
    return _answered(
        request,
        application_id,
        "approve",
        form,
        lambda values: services.approve(**_shared(request, application_id), message=values["message"], into_partner_id=values["into_partner_id"]),
        _("Approved"),
        _("The company is a partner now; the invitation is on its way."),
    )


def reject(request: Request, application_id: UUID) -> HttpResponse:
    form = RejectForm(request.POST)
    return _answered(
        request,
        application_id,
        "reject",
        form,
        lambda values: services.reject(**_shared(request, application_id), reason=values["reason"], message=values["message"], reapply=values["reapply"]),
        _("Rejected"),
        _("The applicant reads your sentence, the reason and when to come again."),
    )


def ask(request: Request, application_id: UUID) -> HttpResponse:
    found = queries.application(request.actor, application_id, request.at)
    form = AskForm(request.POST, choices=found.askable)
    return _answered(
        request,
        application_id,
        "ask",
        form,
        lambda values: services.ask_for_more(**_shared(request, application_id), fields=values["asked"], message=values["message"]),
        _("Question sent"),
        _("The clock of your promise stands still meanwhile."),
    )


def take_up(request: Request, application_id: UUID) -> HttpResponse:
    services.take_up(**_shared(request, application_id))
    return done(request, reverse("applications:application", args=[application_id]), _("Taken up"), _("The clock of your promise runs from now on."))


def examine(request: Request, application_id: UUID) -> HttpResponse:
    services.examine_again(actor=request.actor, application_id=application_id, at=request.at)
    return done(request, reverse("applications:application", args=[application_id]), _("Checked again"))


def note(request: Request, application_id: UUID) -> HttpResponse:
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            services.add_note(actor=request.actor, application_id=application_id, body=form.cleaned_data["body"], at=request.at)
            return done(request, reverse("applications:application", args=[application_id]) + "#notes", _("Note added"))
        except Invalid as refusal:
            add_problems(form, refusal)
    return _detail(request, application_id, note=form, status=422)
