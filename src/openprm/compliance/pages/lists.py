"""The vendor's lists: cases, questionnaires, certificates, verifications."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.compliance import queries, services
from openprm.compliance.pages.common import uuid_of
from openprm.compliance.wording import CASE_STATE, CERTIFICATE_STATE, LEVELS, PROOF_KINDS, PROOF_STATE, REPLY_STATE, RISK_TONE
from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.countries import country_name
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, done
from openprm.ui import exports, lists
from openprm.ui.cells import Badge, Company, Due, Share
from openprm.ui.home import Kpi
from openprm.ui.listspec import Column, Filter, ListSpec


def _states(words: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((code, label) for code, (label, _tone) in words.items())


def _state(row: Any) -> Badge:
    return Badge(row.state_label, row.state_tone)


def _partner_words(actor: Actor, value: str) -> str:
    """The name behind an id that a link from a partner's page carries."""
    partner_id = uuid_of(value)
    try:
        return identity.organization(actor, partner_id).name if partner_id else value
    except NotFound:
        return value


PARTNER = Filter("partner", gettext_lazy("Partner"), "text", words=_partner_words)

CASES = ListSpec(
    key="compliance.cases",
    search=gettext_lazy("Search by partner"),
    default_sort="-risk",
    columns=(
        Column("partner", gettext_lazy("Partner"), "company", sortable=True, always=True, value=lambda row: Company(row.partner, country_name(row.country))),
        Column("risk", gettext_lazy("Risk"), "badge", sortable=True, value=lambda row: Badge(row.risk_label, RISK_TONE[row.risk])),
        Column("state", gettext_lazy("State"), "badge", sortable=True, value=_state),
        Column(
            "flags",
            gettext_lazy("Red flags"),
            "badge",
            sortable=True,
            value=lambda row: Badge(row.open_flags, "bad", "shield-alert") if row.open_flags else None,
        ),
        Column("due", gettext_lazy("Decide by"), "due", value=lambda row: row.due_at),
        Column("until", gettext_lazy("Approved until"), "date", sortable=True, value=lambda row: row.approved_until),
        Column("clause", gettext_lazy("Rule"), "mono", default=False),
        Column("cycle", gettext_lazy("Round"), "number", default=False),
        Column("opened", gettext_lazy("Opened"), "date", sortable=True, default=False, value=lambda row: row.opened_at),
    ),
    filters=(
        Filter("state", gettext_lazy("State"), choices=_states(CASE_STATE)),
        Filter("risk", gettext_lazy("Risk"), choices=tuple(LEVELS.items())),
        Filter("country", gettext_lazy("Country"), choices=queries.countries),
        Filter("flagged", gettext_lazy("With open red flags"), "bool"),
        Filter("until", gettext_lazy("Approved until"), "date"),
        PARTNER,
    ),
)
REPLIES = ListSpec(
    key="compliance.replies",
    search=gettext_lazy("Search by partner"),
    default_sort="-sent",
    columns=(
        Column("partner", gettext_lazy("Partner"), "company", sortable=True, always=True, value=lambda row: Company(row.partner)),
        Column("questionnaire", gettext_lazy("Questionnaire")),
        Column("state", gettext_lazy("State"), "badge", sortable=True, value=_state),
        Column("score", gettext_lazy("Score"), "share", sortable=True, value=lambda row: None if row.score is None else Share(row.score, row.score)),
        Column(
            "due",
            gettext_lazy("Answer by"),
            "due",
            sortable=True,
            value=lambda row: Due(row.due_at, "bad" if row.is_overdue else "") if row.state == "sent" else None,
        ),
        Column("valid", gettext_lazy("Valid until"), "date", sortable=True, value=lambda row: row.valid_until),
        Column("sent", gettext_lazy("Sent"), "date", sortable=True, default=False, value=lambda row: row.sent_at),
        Column("submitted_at", gettext_lazy("Submitted"), "datetime", default=False),
    ),
    filters=(
        Filter("purpose", gettext_lazy("Purpose"), choices=(("due_diligence", gettext_lazy("Due diligence")), ("esg", gettext_lazy("ESG")))),
        Filter("state", gettext_lazy("State"), choices=_states(REPLY_STATE)),
        PARTNER,
    ),
)
CERTIFICATES = ListSpec(
    key="compliance.certificates",
    search=gettext_lazy("Search by partner"),
    default_sort="expires",
    columns=(
        Column("kind", gettext_lazy("Certificate"), "title", sortable=True, always=True),
        Column("partner", gettext_lazy("Partner"), "company", sortable=True, value=lambda row: Company(row.partner)),
        Column("state", gettext_lazy("State"), "badge", sortable=True, value=_state),
        Column("expires", gettext_lazy("Valid until"), "date", sortable=True, value=lambda row: row.expires_on),
        Column("issuer", gettext_lazy("Issued by")),
        Column("number", gettext_lazy("Number"), "mono", default=False),
        Column("level", gettext_lazy("Level"), default=False),
        Column("issued_on", gettext_lazy("Issued"), "date", default=False),
        Column("submitted", gettext_lazy("Submitted"), "datetime", sortable=True, default=False, value=lambda row: row.submitted_at),
    ),
    filters=(
        Filter("state", gettext_lazy("State"), choices=_states(CERTIFICATE_STATE)),
        Filter("kind", gettext_lazy("Kind"), choices=queries.kind_choices),
        Filter("expires", gettext_lazy("Valid until"), "date"),
        PARTNER,
    ),
)
VERIFICATIONS = ListSpec(
    key="compliance.verifications",
    search=gettext_lazy("Search by partner"),
    default_sort="-submitted",
    columns=(
        Column("partner", gettext_lazy("Partner"), "company", sortable=True, always=True, value=lambda row: Company(row.partner)),
        Column("kind", gettext_lazy("Proves"), sortable=True, value=lambda row: row.kind_label),
        Column("legal_name", gettext_lazy("Name")),
        Column("state", gettext_lazy("State"), "badge", sortable=True, value=_state),
        Column("submitted", gettext_lazy("Submitted"), "datetime", sortable=True, value=lambda row: row.submitted_at),
        Column("approved_until", gettext_lazy("Approved until"), "date"),
        Column("registration_number", gettext_lazy("Registration number"), "mono", default=False),
        Column("started", gettext_lazy("Started"), "datetime", sortable=True, default=False, value=lambda row: row.started_at),
    ),
    filters=(
        Filter("state", gettext_lazy("State"), choices=_states(PROOF_STATE)),
        Filter("kind", gettext_lazy("Proves"), choices=tuple(PROOF_KINDS.items())),
        PARTNER,
    ),
)


class Linked:
    """A row with the address it opens."""

    __slots__ = ("_row", "url")

    def __init__(self, row: Any, name: str):
        self._row, self.url = row, reverse(name, args=[row.id])

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


def _cleaned(filters: Any) -> dict[str, Any]:
    """Filters as queries take them; an id that is none matches nothing."""
    found = dict(filters)
    if "partner" in found:
        found["partner"] = uuid_of(found["partner"]) or uuid_of("00000000-0000-0000-0000-000000000000")
    return found


def list_cases(request: Request) -> HttpResponse:
    """The risk cases, with the figures that say how the vendor is doing."""
    state = lists.parse(request, CASES)
    filters = _cleaned(state.filters)
    if state.export:
        return exports.respond(request, state, queries.export_cases(request.actor, search=state.search, filters=filters), name="risk-cases")
    found = queries.cases(request.actor, search=state.search, filters=filters, page=state.page, at=request.at)
    empty = lists.Empty(
        title=_("No partner was looked into yet"), text=_("Open a case for each partner. The published rule rates its risk and says how deep you look.")
    )
    figures = queries.summary(request.actor, request.at)
    return lists.render(
        request,
        "compliance/vendor/cases.html",
        state,
        found.map(lambda row: Linked(row, "compliance:case")),
        empty=empty,
        title=_("Due diligence"),
        tab="cases",
        summary=_("How much risk each partner brings, what was found, and until when its approval holds."),
        kpis=kpis(figures),
        without_case=figures.without_case,
        may_review=request.actor.can("compliance.review"),
    )


def kpis(figures: Any) -> list[Kpi]:
    cases = reverse("compliance:cases")
    late = _("%(count)d late") % {"count": figures.late} if figures.late else ""
    return [
        Kpi(
            label=_("Waiting for you"),
            value=str(figures.waiting),
            delta=late,
            tone="bad" if figures.late else "",
            url=f"{cases}?state=answered&state=screening&state=flags_cleared",
            about=_("Answered cases that are screened or decided next."),
        ),
        Kpi(
            label=_("Open red flags"),
            value=str(figures.open_flags),
            url=f"{cases}?flagged=true",
            about=_("Each is cleared or confirmed by a person, with evidence."),
        ),
        Kpi(label=_("High risk"), value=str(figures.high), url=f"{cases}?risk=high"),
        Kpi(label=_("End in 60 days"), value=str(figures.ending), about=_("Approvals that run out within 60 days.")),
    ]


def open_cases(request: Request) -> HttpResponse:
    count = services.open_cases(actor=request.actor, at=request.at)
    return done(request, reverse("compliance:cases"), _("%(count)d cases opened") % {"count": count})


def list_replies(request: Request) -> HttpResponse:
    """What was asked and answered, with the ESG scores."""
    state = lists.parse(request, REPLIES)
    filters = _cleaned(state.filters)
    if state.export:
        rows = queries.export_replies(request.actor, search=state.search, filters=filters, at=request.at)
        return exports.respond(request, state, rows, name="questionnaires")
    found = queries.replies(request.actor, search=state.search, filters=filters, page=state.page, at=request.at)
    empty = lists.Empty(title=_("Nothing was asked yet"), text=_("Questionnaires are sent from a case; ESG answers are asked for on the page of a partner."))
    return lists.render(
        request, "compliance/vendor/list.html", state, found.map(lambda row: Linked(row, "compliance:reply")), empty=empty, title=_("Answers"), tab="replies",
        summary=_("Which questionnaires are with which partner, and what they answered."),
    )  # fmt: skip


def list_certificates(request: Request) -> HttpResponse:
    """The certificate register."""
    state = lists.parse(request, CERTIFICATES)
    filters = _cleaned(state.filters)
    if state.export:
        rows = queries.export_certificates(request.actor, search=state.search, filters=filters, at=request.at)
        return exports.respond(request, state, rows, name="certificates")
    found = queries.certificates(request.actor, search=state.search, filters=filters, page=state.page, at=request.at)
    empty = lists.Empty(title=_("No certificates yet"), text=_("Partners add them on their page “Compliance”; you check them here."))
    return lists.render(
        request, "compliance/vendor/list.html", state, found.map(lambda row: Linked(row, "compliance:certificate")), empty=empty, title=_("Certificates"),
        tab="certificates", summary=_("What partners have proved, and until when. Both sides are told 60, 30 and 7 days before an end."),
    )  # fmt: skip


def list_verifications(request: Request) -> HttpResponse:
    """Who is who it says."""
    state = lists.parse(request, VERIFICATIONS)
    filters = _cleaned(state.filters)
    if state.export:
        return exports.respond(request, state, queries.export_verifications(request.actor, search=state.search, filters=filters), name="verifications")
    found = queries.verifications(request.actor, search=state.search, filters=filters, page=state.page)
    empty = lists.Empty(title=_("No verifications yet"), text=_("Before money flows, partners prove their business and the person who registers it."))
    return lists.render(
        request, "compliance/vendor/list.html", state, found.map(lambda row: Linked(row, "compliance:verification")), empty=empty, title=_("Verifications"),
        tab="verifications", summary=_("Proof that a business, or the person who registers it, is who it says."),
    )  # fmt: skip
