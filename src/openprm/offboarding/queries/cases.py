"""Reads of leavings: the list, one of them for each side, and the page behind the signed address."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from openprm.identity import queries as identity
from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet
from openprm.offboarding import policies, rules
from openprm.offboarding.links import leaving_url
from openprm.offboarding.models import Export, Offboarding, Step
from openprm.offboarding.ports import Decided
from openprm.offboarding.queries.checklist import Defined, definition, plan_of
from openprm.offboarding.queries.results import (
    ExportView,
    ItemView,
    Leaving,
    OffboardingRow,
    PartnerOffboarding,
    PartnerStep,
    StepView,
    VendorOffboarding,
)
from openprm.partners import queries as partners
from openprm.ui.paging import PageRequest, Slice, slice_of

SORTS = {
    "partner": "partner__organization__name",
    "created_at": "created_at",
    "access_ends_at": "access_ends_at",
    "finished_at": "finished_at",
    "erase_at": "erase_at",
}


def offboardings(actor: Actor, *, search: str = "", filters: Mapping[str, Any], page: PageRequest) -> Slice:
    """A page of the list. Three queries."""
    return slice_of(_filtered(actor, search, filters), page, order_by=SORTS).map(offboarding_row)


def export_offboardings(actor: Actor, *, search: str = "", filters: Mapping[str, Any]) -> Iterator[OffboardingRow]:
    for row in _filtered(actor, search, filters).order_by("-created_at", "-pk").iterator(chunk_size=500):
        yield offboarding_row(row)


def newest_offboardings(actor: Actor, *, filters: Mapping[str, Any]) -> QuerySet:
    """For the API: rows that `offboarding_row` reads."""
    return _filtered(actor, "", filters)


def running_count(actor: Actor) -> int:
    """How many partners are leaving or ask to."""
    return policies.reach(actor).filter(status__in=rules.RUNNING).count()


def offboarding_for_vendor(actor: Actor, offboarding_id: UUID, at: datetime) -> VendorOffboarding:
    """One leaving with everything to decide. Raises NotFound."""
    row = _related(policies.reach(actor)).select_related("requested_by", "opened_by").one(offboarding_id)
    running = row.status == "open"
    steps = tuple(_step_view(step, running) for step in row.steps.select_related("settled_by").all())
    return VendorOffboarding(
        **_case(row),
        farewell=row.farewell,
        requested_by=row.requested_by.name if row.requested_by else "",
        opened_by=row.opened_by.name if row.opened_by else "",
        survey_score=row.survey_score,
        survey_text=row.survey_text,
        survey_at=row.survey_at,
        leaving_url=leaving_url(row.pk) if row.link_ends_at and at < row.link_ends_at else "",
        why_not_manage=policies.why_not_manage(actor) or "",
        may_reinstate=not policies.why_not_manage(actor) and rules.why_not_reinstate(**_standing(row), at=at) is None,
        steps=steps,
    )


def offboarding_for_partner(actor: Actor, at: datetime, offboarding_id: UUID | None = None) -> PartnerOffboarding | None:
    """The partner's own leaving: the named one, the running one, else the newest; None when there is none."""
    rows = _related(policies.reach(actor)).order_by("-created_at")
    rows = rows.filter(pk=offboarding_id) if offboarding_id else rows
    row = rows.filter(status__in=rules.RUNNING).first() or rows.first()
    if row is None:
        return None
    return PartnerOffboarding(
        **_case(row),
        may_take_back=row.status == "requested" and policies.why_not_request(actor) is None,
        may_download=policies.why_not_download(actor) is None,
        steps=tuple(_partner_step(step) for step in row.steps.all()),
    )


def leaving(row: Offboarding) -> Leaving:
    """What the signed address shows. Runs in the system's scope, on a row that `find_by_link` gave."""
    return Leaving(
        partner=str(row.partner),
        farewell=row.farewell,
        access_ended_at=row.access_ended_at,
        link_ends_at=row.link_ends_at,
        erase_at=row.erase_at,
        export=_export(row),
        survey_score=row.survey_score,
        survey_text=row.survey_text,
        is_answered=row.survey_at is not None,
    )


def running_of(actor: Actor, partner_id: UUID) -> OffboardingRow | None:
    """The newest leaving of one partner, for the partner's page."""
    row = _related(policies.reach(actor)).filter(partner=partner_id).order_by("-created_at").first()
    return offboarding_row(row) if row else None


def why_not_manage(actor: Actor) -> str | None:
    return policies.why_not_manage(actor)


def why_not_request(actor: Actor) -> str | None:
    return policies.why_not_request(actor)


def why_not_configure(actor: Actor) -> str | None:
    return policies.why_not_configure(actor)


def waiting(actor: Actor, at: datetime) -> list[OffboardingRow]:
    """Leavings that wait for somebody of the vendor: requests, and those whose last day has passed with a step open."""
    rows = _related(policies.reach(actor)).filter(status__in=rules.RUNNING).order_by("access_ends_at")
    return [offboarding_row(row) for row in rows if row.status == "requested" or (row.access_ends_at and row.access_ends_at <= at)]


def offboarding_row(row: Any) -> OffboardingRow:
    names = ("id", "partner_id", "kind", "status", "reason", "requested_at", "opened_at", "access_ends_at", "access_ended_at", "finished_at")
    names = (*names, "erase_at", "erased_at", "survey_score", "version", "created_at")
    manager = row.partner.manager
    return OffboardingRow(
        **{name: getattr(row, name) for name in names},
        partner=str(row.partner),
        manager=manager.name if manager else "",
        progress=_progress(row),
    )


def _related(rows: ScopedQuerySet) -> ScopedQuerySet:
    return rows.select_related("partner__organization", "partner__manager").prefetch_related("steps")


def _filtered(actor: Actor, search: str, filters: Mapping[str, Any]) -> ScopedQuerySet:
    rows = _related(policies.reach(actor))
    for name, column in (("status", "status"), ("kind", "kind"), ("manager", "partner__manager"), ("partner", "partner")):
        if value := filters.get(name):
            rows = rows.filter(**{f"{column}__in": value if isinstance(value, tuple) else (value,)})
    return rows.filter(partner__organization__name__icontains=search) if search else rows


def _case(row: Any) -> dict[str, Any]:
    names = ("id", "partner_id", "kind", "status", "reason", "notice_days", "requested_at", "opened_at", "access_ends_at", "access_ended_at")
    names = (*names, "finished_at", "closed_at", "closed_reason", "link_ends_at", "erase_at", "erased_at", "version", "created_at")
    return {name: getattr(row, name) for name in names} | {"partner": str(row.partner), "progress": _progress(row), "export": _export(row)}


def _standing(row: Offboarding) -> dict[str, Any]:
    return {"status": row.status, "erase_at": row.erase_at, "erased_at": row.erased_at}


def _progress(row: Any) -> int:
    return rules.progress(step.state for step in row.steps.all())


def _export(row: Any) -> ExportView | None:
    export = Export.objects.filter(offboarding=row, gone_at=None).first()
    if export is None:
        return None
    return ExportView(
        size=export.size,
        sha256=export.sha256,
        parts=tuple(export.parts),
        rows=sum(part["rows"] for part in export.parts),
        made_at=export.made_at,
        downloads=export.downloads,
        downloaded_at=export.downloaded_at,
    )


def _step_view(step: Step, running: bool) -> StepView:
    defined, plan = definition(step.code), plan_of(step)
    left = defined.count(step.partner_id) if running and defined and defined.count else 0
    items = defined.items(step.partner_id) if left and defined and defined.items else ()
    return StepView(
        code=step.code,
        label=defined.label if defined else step.code,
        about=defined.about if defined else "",
        state=step.state,
        note=step.note,
        left=left,
        choices=defined.choices if defined else (),
        choice=plan.usual.choice if plan.usual else "",
        choice_label=_choice_label(defined, plan.usual),
        receiver_id=plan.usual.partner_id if plan.usual else None,
        receiver=_names(filter(None, [plan.usual])).get(plan.usual.partner_id, "") if plan.usual else "",
        items=tuple(_item_view(item, plan.items.get(item.id)) for item in items),
        settled_at=step.settled_at,
        settled_by=step.settled_by.name if step.settled_by else "",
    )


def _item_view(item: Any, decided: Decided | None) -> ItemView:
    return ItemView(item=item, choice=decided.choice if decided else "", partner_id=decided.partner_id if decided else None)


def _choice_label(defined: Defined | None, decided: Decided | None) -> Any:
    return next((one.label for one in (defined.choices if defined else ()) if decided and one.code == decided.choice), "")


def _names(decided: Iterable[Decided]) -> dict[UUID | None, str]:
    return dict(identity.organization_names(one.partner_id for one in decided if one.partner_id))


def _partner_step(step: Step) -> PartnerStep:
    defined = definition(step.code)
    state = "waiting" if step.state == "failed" else step.state
    return PartnerStep(
        code=step.code,
        label=defined.label if defined else step.code,
        about=defined.about if defined else "",
        state=state,
        note=step.note if state in rules.SETTLED else "",
        settled_at=step.settled_at,
    )


def receivers(actor: Actor, partner_id: UUID) -> tuple[tuple[str, str], ...]:
    """The active partners that can take something over."""
    rows = partners.newest_partners(actor, filters={"status": ("active",)}).exclude(pk=partner_id).order_by("organization__name")
    return tuple((str(row.pk), row.organization.name) for row in rows)
