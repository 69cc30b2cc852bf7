"""The lists of both sides: lines, alerts, statements, adjustments, bounties."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.earnings import queries, services
from openprm.earnings.pages import forms
from openprm.earnings.pages.common import attempt, ids_of, uuid_of
from openprm.earnings.queries import Filters
from openprm.earnings.wording import ALERT, ALERT_STATE, ASKED, EVENT, KIND, STATE, choices
from openprm.kernel.actor import Actor
from openprm.kernel.http import Request, addresses, done, page
from openprm.kernel.money import Money, format_money
from openprm.partners import queries as partners
from openprm.ui import exports, lists
from openprm.ui.cells import Badge, Company, Due
from openprm.ui.home import Kpi
from openprm.ui.listspec import BulkAction, Column, Empty, Filter, ListSpec, ListState, Range


@dataclass(frozen=True, slots=True)
class Listed:
    """A row with the address it opens."""

    id: UUID
    url: str
    row: Any


def _of(name: str) -> Any:
    return lambda listed: getattr(listed.row, name)


def _badge(listed: Listed) -> Badge:
    return Badge(listed.row.state_label, listed.row.state_tone)


def _alerts(listed: Listed) -> Badge | None:
    return Badge(_("Alert"), "bad", "shield-alert") if listed.row.open_alerts else None


def _why(listed: Listed) -> str:
    return listed.row.hold_reason or listed.row.reason


SHARED = (
    Column("label", gettext_lazy("Earned for"), "title", sortable=True, always=True, value=lambda listed: listed.row.about or listed.row.label),
    Column("number", gettext_lazy("Number"), "mono", sortable=True, value=_of("number")),
    Column("plan", gettext_lazy("Plan"), value=_of("label")),
    Column("state", gettext_lazy("State"), "badge", sortable=True, value=_badge),
    Column("amount", gettext_lazy("Amount"), "money", sortable=True, value=_of("amount")),
    Column("kind", gettext_lazy("Kind"), value=_of("kind_label")),
    Column("person", gettext_lazy("For"), value=_of("person")),
    Column("why", gettext_lazy("Why it waits"), "prose", default=False, value=_why),
    Column("hold_until", gettext_lazy("On hold until"), "date", default=False, value=_of("hold_until")),
    Column("payable_from", gettext_lazy("Payable from"), "date", default=False, value=_of("payable_from")),
    Column("occurred", gettext_lazy("Happened"), "date", sortable=True, value=_of("occurred_on")),
    Column("points", gettext_lazy("Points"), default=False, value=_of("points")),
    Column("created", gettext_lazy("Created"), "datetime", sortable=True, default=False, value=_of("created_at")),
)
STATES, KINDS, EVENTS = choices(STATE), choices(KIND), choices(EVENT)
FILTERS = (
    Filter("state", gettext_lazy("State"), choices=STATES),
    Filter("kind", gettext_lazy("Kind"), choices=KINDS),
    Filter("plan", gettext_lazy("Plan"), choices=lambda actor: queries.plan_choices(actor), single=True),
    Filter("earned", gettext_lazy("Earned"), "date"),
)


def _partner_words(actor: Actor, value: str) -> str:
    return next((name for one, name in partners.partner_choices(actor) if one == value), value)


SEARCH = gettext_lazy("Search number, plan or what it is for")
VENDOR = ListSpec(
    key="earnings.earnings",
    columns=(
        *SHARED[:2],
        Column("partner", gettext_lazy("Partner"), "company", value=lambda listed: Company(listed.row.partner)),
        Column("alerts", gettext_lazy("Alert"), "badge", value=_alerts),
        *SHARED[2:],
        Column("event", gettext_lazy("Event"), default=False, value=_of("event_label")),
    ),
    filters=(
        *FILTERS,
        Filter("event", gettext_lazy("Event"), choices=EVENTS),
        Filter("alerted", gettext_lazy("With an alert"), "bool"),
        Filter("partner", gettext_lazy("Partner"), "text", words=_partner_words),
    ),
    default_sort="-created",
    search=SEARCH,
)
PORTAL = ListSpec(key="earnings.own", columns=SHARED, filters=FILTERS, default_sort="-created", search=SEARCH)
NOBODY = UUID(int=0)


def _filters(state: ListState, **more: Any) -> Filters:
    earned = state.filters.get("earned") or Range()
    partner = state.filters.get("partner")
    return Filters(
        text=state.search, states=tuple(state.filters.get("state", ())), kinds=tuple(state.filters.get("kind", ())),
        events=tuple(state.filters.get("event", ())),
        plan_id=uuid_of(next(iter(state.filters.get("plan", ())), "")), partner_id=(uuid_of(partner) or NOBODY) if partner else None,
        earned_from=earned.low, earned_to=earned.high, alerted=bool(state.filters.get("alerted")), **more,
    )  # fmt: skip


def tabs(actor: Actor, here: str) -> dict[str, Any]:
    """The tabs above the lists of one side."""
    names = [
        ("earnings", _("Earnings"), "earnings.view"), ("alerts", _("Alerts"), "earnings.review"), ("statements", _("Statements"), "earnings.view"),
        ("adjustments", _("By hand"), "earnings.adjust"), ("bounties", _("Bounties"), "earnings.view"),
    ] if actor.is_vendor else [
        ("portal_earnings", _("Earnings"), "earnings.view"), ("portal_statements", _("Statements"), "earnings.view_company"),
        ("portal_bounties", _("Bounties"), "earnings.view"),
    ]  # fmt: skip
    return {"tabs": [{"code": code, "label": label, "url": reverse(f"earnings:{code}")} for code, label, needs in names if actor.can(needs)], "tab": here}


def kpis(actor: Actor, at: Any) -> list[Kpi]:
    """Four figures in the main currency; other currencies stand below them."""
    found = queries.figures(actor, at)
    lines = {"to_review": _("To review"), "held": _("On hold"), "owed": _("Approved, to be paid"), "paid_this_year": _("Paid this year")}
    if not found:
        return [Kpi(label=label, value=format_money(Money(0, "EUR"))) for label in lines.values()]
    main, others = found[0], found[1:]
    return [
        Kpi(
            label=label, value=format_money(Money(getattr(main, name), main.currency), actor.locale),
            detail=", ".join(format_money(Money(getattr(one, name), one.currency), actor.locale) for one in others if getattr(one, name)),
        )
        for name, label in lines.items()
    ]  # fmt: skip


def list_earnings(request: Request) -> HttpResponse:
    """The vendor's review queue; the ticked lines are approved at once, or held and declined with one reason."""
    if request.method == "POST":
        return bulk(request)
    actor, state = request.actor, lists.parse(request, VENDOR)
    link, wanted = addresses("earnings:earning"), _filters(state)
    if state.export:
        return exports.respond(request, state, (Listed(row.id, link(row.id), row) for row in queries.export_earnings(actor, wanted)), name="earnings")
    found = queries.earnings(actor, wanted, state.page).map(lambda row: Listed(row.id, link(row.id), row))
    actions = (
        BulkAction(value="approve", label=_("Approve"), icon="check"), BulkAction(value="hold", label=_("Hold"), icon="hourglass"),
        BulkAction(value="decline", label=_("Decline"), icon="x", tone="danger"),
    ) if actor.can("earnings.review") else ()  # fmt: skip
    empty = Empty(title=_("Nothing was earned yet"), text=_("What partners earn by the plans in force stands here the moment it happens."))
    summary = _("What partners have earned, line by line: approve it, hold it, or say why not.")
    return lists.render(
        request, "earnings/vendor/list.html", state, found, bulk=actions, empty=empty, title=_("Earnings"), summary=summary,
        kpis=kpis(actor, request.at), **tabs(actor, "earnings"),
    )  # fmt: skip


def bulk(request: Request) -> HttpResponse:
    """Do one thing with the ticked lines; those that cannot be are named with their reason."""
    ids, action, back = ids_of(request), request.POST.get("action", ""), reverse("earnings:earnings")
    if not ids or action not in ("approve", "hold", "decline"):
        return done(request, back, _("Nothing was ticked"), _("Tick the lines first, then choose what to do."))
    if action == "approve":
        return _said(request, back, services.approve_many(actor=request.actor, earning_ids=ids, at=request.at), _("%(count)d approved"))
    form = forms.ReasonForm(request.POST if "reason" in request.POST else None, auto_id="id_bulk_%s")
    act = services.hold_many if action == "hold" else services.decline_many
    if form.is_bound:
        result, status = attempt(form, lambda values: act(actor=request.actor, earning_ids=ids, reason=values["reason"], at=request.at))
        if not status:
            return _said(request, back, result, _("%(count)d put on hold") if action == "hold" else _("%(count)d declined"))
    rows = list(queries.export_earnings(request.actor, Filters(ids=tuple(ids))))
    title = _("Hold these lines") if action == "hold" else _("Decline these lines")
    return page(request, "earnings/vendor/bulk.html", status=422 if form.is_bound else 200, form=form, rows=rows, action=action, title=title, back=back)


def _said(request: Request, back: str, result: Any, words: str) -> HttpResponse:
    refused = " ".join(f"{one.number}: {one.reason}" for one in result.refused)
    return done(request, back, words % {"count": len(result.done)}, refused[:900])


def portal_earnings(request: Request) -> HttpResponse:
    """What the company has earned, or what the rep has."""
    actor, state = request.actor, lists.parse(request, PORTAL)
    link, wanted = addresses("earnings:portal_earning"), _filters(state)
    if state.export:
        return exports.respond(request, state, (Listed(row.id, link(row.id), row) for row in queries.export_earnings(actor, wanted)), name="earnings")
    found = queries.earnings(actor, wanted, state.page).map(lambda row: Listed(row.id, link(row.id), row))
    company = actor.can("earnings.view_company")
    empty = Empty(title=_("Nothing earned yet"), text=_("When a deal of yours is won, or a lead you passed on is taken up, what it pays stands here at once."))
    summary = _("What you earned, why to the cent, and when it is paid.") if company else _("Your own share of what your company earned.")
    rebates = queries.running_rebates(actor, next(iter(actor.partner_ids)), request.at) if company else ()
    return lists.render(
        request, "earnings/partner/list.html", state, found, empty=empty, title=_("Earnings"), summary=summary, kpis=kpis(actor, request.at),
        rebates=rebates, **tabs(actor, "portal_earnings"),
    )  # fmt: skip


ALERTS = ListSpec(
    key="earnings.alerts",
    columns=(
        Column("alert", gettext_lazy("Alert"), "title", always=True, value=_of("label")),
        Column("number", gettext_lazy("Line"), "mono", value=_of("number")),
        Column("partner", gettext_lazy("Partner"), "company", value=lambda listed: Company(listed.row.partner)),
        Column("about", gettext_lazy("Earned for"), value=_of("about")),
        Column("amount", gettext_lazy("Amount"), "money", value=_of("amount")),
        Column("clause", gettext_lazy("Clause"), "mono", value=_of("clause")),
        Column("state", gettext_lazy("State"), "badge", sortable=True, value=_badge),
        Column("raised", gettext_lazy("Raised"), "datetime", sortable=True, value=_of("raised_at")),
    ),
    filters=(
        Filter("state", gettext_lazy("State"), choices=choices(ALERT_STATE)),
        Filter("code", gettext_lazy("Alert"), choices=choices(ALERT)),
    ),
    default_sort="-raised",
)


def list_alerts(request: Request) -> HttpResponse:
    """Fraud rules that spoke; each opens the line that it holds."""
    state = lists.parse(request, ALERTS)
    wanted = {"states": tuple(state.filters.get("state", ())), "codes": tuple(state.filters.get("code", ()))}
    link = addresses("earnings:earning")
    if state.export:
        rows = (queries.alert_view(request.actor, row) for row in queries.newest_alerts(request.actor, **wanted).order_by("-raised_at")[:5000])
        return exports.respond(request, state, (Listed(row.id, link(row.earning_id), row) for row in rows), name="alerts")
    found = queries.alerts(request.actor, state.page, **wanted).map(lambda row: Listed(row.id, link(row.earning_id), row))
    empty = Empty(title=_("No alerts"), text=_("When a published fraud rule speaks about a line, the line waits and the alert stands here."))
    return _plain(request, state, found, empty, "alerts", _("Alerts"), _("Lines that a published rule holds. Look, and say what it is."))


STATEMENTS = ListSpec(
    key="earnings.statements",
    columns=(
        Column("month", gettext_lazy("Month"), "title", sortable=True, always=True, value=lambda listed: f"{listed.row.month:%Y-%m}"),
        Column("partner", gettext_lazy("Partner"), "company", value=lambda listed: Company(listed.row.partner)),
        Column("opening", gettext_lazy("Brought forward"), "money", value=_of("opening")),
        Column("earned", gettext_lazy("Earned"), "money", value=_of("earned")),
        Column("taken_back", gettext_lazy("Taken back"), "money", value=_of("taken_back")),
        Column("paid", gettext_lazy("Paid"), "money", value=_of("paid")),
        Column("closing", gettext_lazy("Stands"), "money", sortable=True, value=_of("closing")),
        Column("lines", gettext_lazy("Lines"), "number", value=_of("lines")),
    ),
    default_sort="-month",
)


def list_statements(request: Request) -> HttpResponse:
    """Sealed months; each opens as PDF."""
    actor, state = request.actor, lists.parse(request, STATEMENTS)
    link = addresses("earnings:statement" if actor.is_vendor else "earnings:portal_statement")
    if state.export:
        rows = (queries.statement_row(row) for row in queries.newest_statements(actor).order_by("-month")[:5000])
        return exports.respond(request, state, (Listed(row.id, link(row.id), row) for row in rows), name="statements")
    found = queries.statements(actor, state.page).map(lambda row: Listed(row.id, link(row.id), row))
    empty = Empty(title=_("No statements yet"), text=_("A month is sealed on the first day after it. What it shows never changes."))
    here = "statements" if actor.is_vendor else "portal_statements"
    return _plain(request, state, found, empty, here, _("Statements"), _("One for each month: every line with its rule, its inputs and its proof."))


def _plain(request: Request, state: ListState, found: Any, empty: Empty, here: str, title: str, summary: str, **more: Any) -> HttpResponse:
    return lists.render(request, "earnings/parts/list.html", state, found, empty=empty, title=title, summary=summary, **tabs(request.actor, here), **more)


ADJUSTMENTS = ListSpec(
    key="earnings.adjustments",
    columns=(
        Column("number", gettext_lazy("Number"), "title", sortable=True, always=True, value=_of("number")),
        Column("partner", gettext_lazy("Partner"), "company", value=lambda listed: Company(listed.row.partner)),
        Column("amount", gettext_lazy("Amount"), "money", sortable=True, value=_of("amount")),
        Column("reason", gettext_lazy("Reason"), "prose", value=_of("reason")),
        Column("state", gettext_lazy("State"), "badge", sortable=True, value=_badge),
        Column("by", gettext_lazy("Proposed by"), value=_of("proposed_by")),
        Column("decided_by", gettext_lazy("Decided by"), value=_of("decided_by")),
        Column("proposed", gettext_lazy("Proposed"), "datetime", sortable=True, value=_of("proposed_at")),
    ),
    filters=(Filter("state", gettext_lazy("State"), choices=choices(ASKED)),),
    default_sort="-proposed",
)


def list_adjustments(request: Request) -> HttpResponse:
    """Money given or taken by hand, with four eyes."""
    actor, state = request.actor, lists.parse(request, ADJUSTMENTS)
    states, link = tuple(state.filters.get("state", ())), addresses("earnings:adjustment")
    if state.export:
        rows = (queries.adjustment_view(actor, row) for row in queries.newest_adjustments(actor, states=states).order_by("-created_at")[:5000])
        return exports.respond(request, state, (Listed(row.id, link(row.id), row) for row in rows), name="adjustments")
    found = queries.adjustments(actor, state.page, states=states).map(lambda row: Listed(row.id, link(row.id), row))
    empty = Empty(title=_("Nothing by hand"), text=_("What no plan can say is proposed by one person and approved by another."))
    summary = _("Who proposes an amount never approves it.")
    return _plain(
        request, state, found, empty, "adjustments", _("By hand"), summary, new_url=reverse("earnings:adjustment_new"), new_label=_("Propose an amount")
    )


def _due(listed: Listed) -> Due | None:
    return Due(listed.row.due_at, "bad" if listed.row.overdue else "") if listed.row.due_at else None


_BOUNTY = (
    Column("title", gettext_lazy("What was done"), "title", sortable=True, always=True, value=_of("title")),
    Column("plan", gettext_lazy("Bounty"), value=_of("plan_name")),
    Column("author", gettext_lazy("By"), value=_of("author")),
    Column("happened", gettext_lazy("Day"), "date", sortable=True, value=_of("happened_on")),
    Column("state", gettext_lazy("State"), "badge", sortable=True, value=_badge),
    Column("answer", gettext_lazy("Answer by"), "due", value=_due),
    Column("why", gettext_lazy("Why not"), value=_of("reject_label")),
    Column("submitted", gettext_lazy("Sent"), "datetime", sortable=True, value=_of("submitted_at")),
)
BOUNTIES = ListSpec(
    key="earnings.bounties",
    columns=(_BOUNTY[0], Column("partner", gettext_lazy("Partner"), "company", value=lambda listed: Company(listed.row.partner)), *_BOUNTY[1:]),
    filters=(Filter("state", gettext_lazy("State"), choices=choices(ASKED)),),
    default_sort="-submitted",
)
OWN_BOUNTIES = ListSpec(key="earnings.own_bounties", columns=_BOUNTY, filters=BOUNTIES.filters, default_sort="-submitted")


def list_bounties(request: Request) -> HttpResponse:
    """What partners sent for bounties."""
    actor = request.actor
    state = lists.parse(request, BOUNTIES if actor.is_vendor else OWN_BOUNTIES)
    states, link = tuple(state.filters.get("state", ())), addresses("earnings:bounty" if actor.is_vendor else "earnings:portal_bounty")
    if state.export:
        rows = queries.bounty_views(actor, queries.newest_bounties(actor, states=states).order_by("-created_at")[:5000], request.at)
        return exports.respond(request, state, (Listed(row.id, link(row.id), row) for row in rows), name="bounties")
    found = queries.bounties(actor, state.page, request.at, states=states).map(lambda row: Listed(row.id, link(row.id), row))
    may_send = actor.is_partner and actor.can("earnings.submit") and bool(queries.open_bounties(actor, request.at))
    more = {"new_url": reverse("earnings:portal_bounty_new"), "new_label": _("Send a bounty")} if may_send else {}
    text = (
        _("Partners send what they did with the proof; it waits here for your answer.")
        if actor.is_vendor
        else _("When a bounty is open to you, send what you did with the proof.")
    )
    here = "bounties" if actor.is_vendor else "portal_bounties"
    return _plain(request, state, found, Empty(title=_("No submissions"), text=text), here, _("Bounties"), _("Done, proved, paid."), **more)
