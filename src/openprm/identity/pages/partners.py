"""The vendor's side: the directory of all partners' people, and viewing the portal as a partner."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.identity import queries, roles, rules, services
from openprm.identity.pages.common import tried
from openprm.identity.pages.forms import ViewAsForm
from openprm.identity.queries.actors import VIEW_AS_KEY
from openprm.kernel.errors import NotAllowed
from openprm.kernel.http import Request, page, redirect
from openprm.ui import exports, lists
from openprm.ui.cells import Badge
from openprm.ui.lists import Column, Empty, Filter, ListSpec

STATES = {"active": ("ok", gettext_lazy("Active")), "disabled": ("", gettext_lazy("Disabled"))}
PEOPLE = ListSpec(
    key="identity.partner_people",
    search=gettext_lazy("Search by name, e-mail or partner"),
    default_sort="name",
    columns=(
        Column("name", gettext_lazy("Name"), "person", sortable=True, always=True),
        Column("organization_name", gettext_lazy("Partner"), "company", sortable=True),
        Column("role", gettext_lazy("Role"), value=lambda row: roles.label(row.role)),
        Column("state", gettext_lazy("State"), "badge", value=lambda row: Badge(str(STATES[row.state][1]), STATES[row.state][0])),
        Column("email", gettext_lazy("E-mail")),
        Column("last_seen_at", gettext_lazy("Last signed in"), "datetime", sortable=True),
    ),
    filters=(
        Filter("role", gettext_lazy("Role"), choices=lambda actor: roles.label_choices(rules.PARTNER_ROLES)),
        Filter("state", gettext_lazy("State"), choices=tuple((state, label) for state, (_tone, label) in STATES.items())),
    ),
)


def partner_people(request: Request) -> HttpResponse:
    """Every person of every partner, with search, filters, saved views and export."""
    state = lists.parse(request, PEOPLE)
    if state.export:
        return exports.respond(request, state, queries.partner_people_rows(request.actor, state.filters, state.search), name="partner-people")
    found = queries.partner_people(request.actor, state.filters, state.search, state.page)
    empty = Empty(title=_("No partner people yet"), text=_("Open a partner and invite its first contact. That person invites the rest."))
    return lists.render(request, "identity/partners/people.html", state, found, empty=empty, title=_("Partner people"))


def view_as(request: Request, organization_id: UUID) -> HttpResponse:
    """Ask why, then open the portal as this partner sees it."""
    organization = queries.organization(request.actor, organization_id)
    if reason := queries.why_not_view_as(request.actor, organization_id):
        raise NotAllowed(reason)
    form = ViewAsForm(request.POST or None)
    if request.method == "POST":
        started, view = tried(form, lambda: _start(request, organization_id, form))
        if started:
            request.session[VIEW_AS_KEY] = view.as_session()
            return redirect(request, reverse("door"))
    minutes = int(rules.VIEW_AS_LASTS.total_seconds() // 60)
    return page(request, "identity/partners/view_as.html", form=form, organization=organization, minutes=minutes, status=422 if form.is_bound else 200)


def _start(request: Request, organization_id: UUID, form: ViewAsForm):
    return services.start_view_as(actor=request.actor, organization_id=organization_id, reason=form.cleaned_data["reason"], at=request.at)
