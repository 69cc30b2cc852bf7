"""Later deadlines: asked for by partners, answered by the vendor."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.funds.pages import proof_forms as forms
from openprm.funds.pages.proof_common import attempt, version_of
from openprm.funds.queries import extensions as queries
from openprm.funds.queries.wallet import deadline_about
from openprm.funds.services import extensions as services
from openprm.kernel.errors import Invalid
from openprm.kernel.http import Request, done, page
from openprm.ui import exports, lists
from openprm.ui.cells import Badge, Company, Due
from openprm.ui.listspec import Column, Filter, ListSpec

EXTENSIONS = ListSpec(
    key="funds.extensions",
    default_sort="-asked",
    columns=(
        Column("partner", gettext_lazy("Partner"), "company", always=True, value=lambda row: Company(row.partner)),
        Column("title", gettext_lazy("What"), "title", always=True),
        Column("state", gettext_lazy("State"), "badge", sortable=True, value=lambda row: Badge(row.state_label, row.tone)),
        Column("money", gettext_lazy("Hangs on it"), "money", value=lambda row: row.money),
        Column("ends", gettext_lazy("Deadline"), "date", value=lambda row: row.ends_on),
        Column("until", gettext_lazy("Asked for"), "date", sortable=True, value=lambda row: row.asked_until),
        Column("due", gettext_lazy("Answer by"), "due", value=lambda row: Due(row.due_at, "bad" if row.overdue else "") if row.due_at else None),
        Column("asked", gettext_lazy("Asked"), "date", sortable=True, value=lambda row: row.asked_at),
    ),
    filters=(
        Filter(
            "state", gettext_lazy("State"),
            choices=(("open", gettext_lazy("Waits for the vendor")), ("granted", gettext_lazy("Granted")), ("refused", gettext_lazy("Refused")),
                     ("withdrawn", gettext_lazy("Withdrawn"))),
        ),
    ),
)  # fmt: skip


class Linked:
    """A row with the address it opens."""

    __slots__ = ("_row", "url")

    def __init__(self, row: Any):
        self._row, self.url = row, reverse("funds:extension", args=[row.id])

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


def list_extensions(request: Request) -> HttpResponse:
    state = lists.parse(request, EXTENSIONS)
    if state.export:
        return exports.respond(request, state, queries.export_extensions(request.actor, filters=state.filters, at=request.at), name="deadline-extensions")
    found = queries.listed_extensions(request.actor, filters=state.filters, page=state.page, at=request.at)
    empty = lists.Empty(title=_("Nobody asked for more time"), text=_("Partners ask from their wallet when a deadline is too near. You answer here."))
    summary = _("Partners who need longer to plan or to claim, and what hangs on it.")
    return lists.render(
        request, "funds/vendor/extensions.html", state, found.map(Linked), empty=empty, title=_("Later deadlines"), summary=summary, tab="extensions"
    )  # fmt: skip


def extension(request: Request, extension_id: UUID) -> HttpResponse:
    """One question with its answer, or the form to give one."""
    found = queries.extension(request.actor, extension_id, request.at)
    return _shown(request, found, forms.AnswerForm(initial={"until": found.asked_until}))


def _shown(request: Request, found: Any, form: Any, status: int = 200) -> HttpResponse:
    return page(request, "funds/vendor/extension.html", status=status, found=found, form=form if found.may_answer else None, tab="extensions")


def answer_extension(request: Request, extension_id: UUID) -> HttpResponse:
    found = queries.extension(request.actor, extension_id, request.at)
    form = forms.AnswerForm(request.POST)
    grants = request.POST.get("do") == "grant"
    _result, status = attempt(form, lambda values: _answer(request, found, values, grants))
    if status:
        return _shown(request, found, form, status)
    return done(request, reverse("funds:extensions"), _("Deadline moved") if grants else _("The deadline stays"), _("The partner was told."))


def _answer(request: Request, found: Any, values: Mapping[str, Any], grants: bool) -> None:
    services.answer_extension(
        actor=request.actor, extension_id=found.id, grant=grants, answer=values["answer"], until=values["until"] if grants else None,
        version=version_of(request), at=request.at,
    )  # fmt: skip


def ask_for_activity(request: Request, activity_id: UUID) -> HttpResponse:
    return _ask(request, {"activity_id": activity_id})


def ask_for_fund(request: Request, allocation_id: UUID) -> HttpResponse:
    return _ask(request, {"allocation_id": allocation_id})


def _ask(request: Request, about: dict[str, UUID]) -> HttpResponse:
    deadline = deadline_about(request.actor, request.at, **about)
    if deadline is None:
        raise Invalid(_("There is no deadline here that could move: nothing of this money is left, or it is not approved."))
    form = forms.AskForm(request.POST or None, initial={"until": max(deadline.on, request.at.date()) + timedelta(days=30)})
    status = 200
    if request.method == "POST":
        _result, status = attempt(form, lambda values: services.ask_extension(actor=request.actor, at=request.at, **about, **values))
        if not status:
            return done(request, reverse("funds:portal_wallet"), _("You asked for more time"), _("You hear by the promised time."))
    return page(request, "funds/partner/ask.html", status=status, form=form, deadline=deadline)


def withdraw_extension(request: Request, extension_id: UUID) -> HttpResponse:
    services.withdraw_extension(actor=request.actor, extension_id=extension_id, at=request.at)
    return done(request, reverse("funds:portal_wallet"), _("Question taken back"))
