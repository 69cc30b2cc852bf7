"""Who has signed what, in the vendor's workspace: the list, one acceptance, countersigning and reminding."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openprm.agreements import queries, services
from openprm.agreements.pages.common import attempt, send, shown, uuid_of
from openprm.agreements.pages.forms import CountersignForm
from openprm.agreements.wording import STATUS, status_badge
from openprm.audit import queries as audit
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, done, page
from openprm.partners import queries as partners
from openprm.ui import exports, lists
from openprm.ui.cells import Badge, Company, Due
from openprm.ui.listspec import BulkAction, Column, Filter, ListSpec


def _partner_name(actor: Any, value: str) -> str:
    """The name behind an id in a link, or the text itself."""
    partner_id = uuid_of(value)
    try:
        return partners.partner(actor, partner_id).name if partner_id else value
    except NotFound:
        return value


SPEC = ListSpec(
    key="agreements.acceptances",
    search=gettext_lazy("Search by partner or document"),
    default_sort="due",
    columns=(
        Column("partner", gettext_lazy("Partner"), "company", sortable=True, always=True, value=lambda row: Company(row.partner)),
        Column("document", gettext_lazy("Document"), sortable=True),
        Column("number", gettext_lazy("Version"), "number", sortable=True),
        Column("status", gettext_lazy("Status"), "badge", value=lambda row: status_badge(row.status, is_overdue=row.is_overdue)),
        Column("due", gettext_lazy("Sign by"), "due", sortable=True, value=lambda row: _due(row)),
        Column("signed", gettext_lazy("Signed"), "datetime", sortable=True, value=lambda row: row.signed_at),
        Column("signed_name", gettext_lazy("Signed by"), "person"),
        Column("countersigned", gettext_lazy("Countersigned"), "badge", default=False, value=lambda row: _countersigned(row)),
        Column("asked", gettext_lazy("Asked"), "date", sortable=True, default=False, value=lambda row: row.asked_at),
        Column("reminded_at", gettext_lazy("Reminded"), "datetime", default=False),
        Column("decline_reason", gettext_lazy("Reason for declining"), default=False),
    ),
    filters=(
        Filter("status", gettext_lazy("Status"), choices=tuple((code, label) for code, (label, _tone) in STATUS.items())),
        Filter("document", gettext_lazy("Document"), choices=queries.document_choices),
        Filter("overdue", gettext_lazy("Overdue"), "bool"),
        Filter("countersign", gettext_lazy("Waits for our signature"), "bool"),
        Filter("partner", gettext_lazy("Partner"), "text", words=_partner_name),
    ),
)


def list_acceptances(request: Request) -> HttpResponse:
    """Every acceptance with filters and export; several partners can be reminded at once."""
    if request.method == "POST":
        return _remind_many(request)
    state = lists.parse(request, SPEC)
    filters = _filters(state)
    if state.export:
        return exports.respond(request, state, queries.export_acceptances(request.actor, filters, request.at), name="agreements")
    found = queries.acceptances(request.actor, filters, state.page, request.at)
    bulk = (BulkAction("remind", _("Remind"), "bell"),) if request.actor.can("agreements.remind") else ()
    empty = lists.Empty(title=_("Nobody was asked yet"), text=_("Publish a document that partners sign, and every partner stands here."))
    summary = _("Who has signed which version, who still has to, and by when.")
    return lists.render(
        request, "agreements/vendor/acceptances.html", state, found.map(_Linked), bulk=bulk, empty=empty, title=_("Signatures"), summary=summary
    )


def acceptance(request: Request, acceptance_id: UUID) -> HttpResponse:
    return _page(request, acceptance_id, CountersignForm(initial={"name": request.actor.name}))


def countersign(request: Request, acceptance_id: UUID) -> HttpResponse:
    form = CountersignForm(request.POST)
    _event, status = attempt(form, lambda values: services.countersign(actor=request.actor, acceptance_id=acceptance_id, at=request.at, **values))
    if status:
        return _page(request, acceptance_id, form, status)
    return done(request, reverse("agreements:acceptance", args=[acceptance_id]), _("Countersigned"), _("The partner hears of it."))


def remind(request: Request, acceptance_id: UUID) -> HttpResponse:
    services.remind(actor=request.actor, acceptance_id=acceptance_id, at=request.at)
    return done(request, reverse("agreements:acceptance", args=[acceptance_id]), _("Reminder sent"))


def certificate(request: Request, acceptance_id: UUID) -> HttpResponse:
    return send(queries.certificate(request.actor, acceptance_id))


def signature(request: Request, acceptance_id: UUID) -> HttpResponse:
    return send(queries.signature_file(request.actor, acceptance_id))


def _remind_many(request: Request) -> HttpResponse:
    ids = [found for text in request.POST.getlist("ids")[:500] if (found := uuid_of(text))]
    reminded = services.remind_many(actor=request.actor, acceptance_ids=ids, at=request.at)
    said = ngettext("%(count)d partner reminded", "%(count)d partners reminded", len(reminded)) % {"count": len(reminded)}
    return done(request, request.get_full_path(), said, _("Signed ones and those reminded today are left out.") if len(reminded) < len(ids) else "")


def _page(request: Request, acceptance_id: UUID, form: CountersignForm, status: int = 200) -> HttpResponse:
    found = queries.acceptance(request.actor, acceptance_id, request.at)
    return page(
        request,
        "agreements/vendor/acceptance.html",
        status=status,
        found=found,
        status_badge=status_badge(found.status, is_overdue=found.is_overdue),
        form=form,
        may_countersign=found.status == "accepted" and found.countersigned_at is None and found.why_not_countersign is None,
        may_remind=found.is_open and request.actor.can("agreements.remind"),
        entries=audit.timeline(request.actor, acceptance_id, limit=15),
        **shown(found.version),
    )


def _filters(state: lists.ListState) -> queries.Filters:
    asked = state.filters
    partner = str(asked.get("partner") or "")
    partner_id = uuid_of(partner)
    return queries.Filters(
        search=state.search or ("" if partner_id else partner),
        status=tuple(asked.get("status") or ()),
        document=tuple(asked.get("document") or ()),
        partner_id=partner_id,
        overdue=asked.get("overdue"),
        countersign=asked.get("countersign"),
    )


def _due(row: Any) -> Any:
    if row.status not in ("sent", "declined"):
        return None
    return Due(row.due_at, "bad" if row.is_overdue else "")


def _countersigned(row: Any) -> Badge | None:
    if row.awaits_countersignature:
        return Badge(_("Waits for us"), "warn")
    return Badge(_("Countersigned"), "ok") if row.countersigned_at else None


class _Linked:
    """A row with the address it opens."""

    __slots__ = ("_row", "url")

    def __init__(self, row: Any):
        self._row, self.url = row, reverse("agreements:acceptance", args=[row.id])

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)
