"""Touches, claims, disputes, configurations and runs."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.accounts import queries as accounts
from openprm.attribution import policies
from openprm.attribution.models import Claim, Configuration, Month, Run, Touch
from openprm.attribution.queries.deals import unreviewed
from openprm.attribution.queries.pieces import claim_view, dispute_view, touch_row
from openprm.attribution.queries.results import ClaimView, ConfigurationView, ConfirmedClaim, DisputeView, RunView, TouchRow, Waiting
from openprm.attribution.rules.words import ClaimState, DisputeState, Outcome, Side
from openprm.attribution.wording import KIND, MODEL
from openprm.deals import queries as deals
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money
from openprm.ui.paging import PageRequest, Slice, slice_of

TOUCH_SORTS = {"occurred": "occurred_at", "recorded": "recorded_at"}
CLAIM_SORTS = {"made": "made_at", "customer": "customer"}
DISPUTE_SORTS = {"opened": "opened_at"}
MOST_WAITING = 50


def listed_touches(actor: Actor, *, text: str = "", kinds: tuple[str, ...] = (), sources: tuple[str, ...] = (), partner_id: UUID | None = None) -> QuerySet:
    rows = policies.reach_touches(actor).select_related("partner", "account")
    rows = rows.filter(kind__in=kinds) if kinds else rows
    rows = rows.filter(source__in=sources) if sources else rows
    rows = rows.filter(partner=partner_id) if partner_id else rows
    return rows.filter(Q(summary__icontains=text) | Q(account__name__icontains=text) | Q(partner__name__icontains=text)) if text else rows


def touches(actor: Actor, page: PageRequest, **filters) -> Slice[TouchRow]:
    """One page of touches."""
    found = slice_of(listed_touches(actor, **filters), page, order_by=TOUCH_SORTS)
    customers = accounts.account_names({row.account_id for row in found.rows if row.account_id})
    return found.map(lambda row: touch_row(row, customers))


def touch_rows(actor: Actor, rows) -> list[TouchRow]:
    held = list(rows)
    customers = accounts.account_names({row.account_id for row in held if row.account_id})
    return [touch_row(row, customers) for row in held]


def export_touches(actor: Actor, **filters) -> list[TouchRow]:
    return touch_rows(actor, listed_touches(actor, **filters).order_by("-occurred_at", "-id")[:50_000])


def listed_claims(actor: Actor, *, text: str = "", states: tuple[str, ...] = (), partner_id: UUID | None = None) -> QuerySet:
    rows = policies.reach_claims(actor).select_related("partner")
    rows = rows.filter(state__in=states) if states else rows
    rows = rows.filter(partner=partner_id) if partner_id else rows
    return rows.filter(Q(customer__icontains=text) | Q(statement__icontains=text)) if text else rows


def claims(actor: Actor, page: PageRequest, at: datetime, **filters) -> Slice[ClaimView]:
    return slice_of(listed_claims(actor, **filters), page, order_by=CLAIM_SORTS).map(lambda row: claim_view(actor, row, at))


def export_claims(actor: Actor, at: datetime, **filters) -> list[ClaimView]:
    return [claim_view(actor, row, at) for row in listed_claims(actor, **filters).order_by("-made_at", "-id")[:10_000]]


def claim(actor: Actor, claim_id: UUID, at: datetime) -> ClaimView:
    """Raises NotFound."""
    return claim_view(actor, policies.reach_claims(actor).select_related("partner").one(claim_id), at)


def confirmed_since(moment: datetime) -> tuple[ConfirmedClaim, ...]:
    """Claims that the other side confirmed since then, the oldest answer first. In the system's scope."""
    rows = Claim.objects.filter(state=ClaimState.CONFIRMED, answered_at__gte=moment).order_by("answered_at", "id")
    names = ("id", "partner_id", "kind", "customer", "account_id", "occurred_at")
    return tuple(ConfirmedClaim(**row) for row in rows.values(*names))


def listed_disputes(actor: Actor, *, states: tuple[str, ...] = ()) -> QuerySet:
    rows = policies.reach_disputes(actor).select_related("partner")
    return rows.filter(state__in=states) if states else rows


def disputes(actor: Actor, page: PageRequest, at: datetime, **filters) -> Slice[DisputeView]:
    return slice_of(listed_disputes(actor, **filters), page, order_by=DISPUTE_SORTS).map(lambda row: dispute_view(actor, row, at))


def export_disputes(actor: Actor, at: datetime, **filters) -> list[DisputeView]:
    return [dispute_view(actor, row, at) for row in listed_disputes(actor, **filters).order_by("-opened_at", "-id")[:10_000]]


def dispute(actor: Actor, dispute_id: UUID, at: datetime) -> DisputeView:
    """Raises NotFound."""
    return dispute_view(actor, policies.reach_disputes(actor).select_related("partner").one(dispute_id), at)


def configurations(actor: Actor) -> tuple[ConfigurationView, ...]:
    """Every version, the one in force first."""
    rows = list(policies.reach_configurations(actor).order_by("-number"))
    return tuple(_configuration(actor, row, is_first=row is rows[0]) for row in rows)


def _configuration(actor: Actor, row: Configuration, *, is_first: bool) -> ConfigurationView:
    return ConfigurationView(
        id=row.pk, number=row.number, name=row.name, model=row.model, model_label=str(MODEL[row.model]), half_life=row.half_life,
        weights=tuple(row.weights), window_days=row.window_days, gap_points=row.gap_points, note=row.note, sha256=row.sha256,
        published_at=row.published_at, published_by=row.published_by_name if actor.sees_all_partners else "", is_in_force=is_first,
    )  # fmt: skip


def runs(actor: Actor, at: datetime, *, limit: int = 100) -> tuple[RunView, ...]:
    """The newest runs."""
    months = {row.run_id: row for row in policies.reach_months(actor)}
    rows = policies.reach_runs(actor).select_related("configuration").order_by("-number")[:limit]
    return tuple(_run(actor, row, months.get(row.pk), at) for row in rows)


def run(actor: Actor, run_id: UUID, at: datetime) -> RunView:
    """Raises NotFound."""
    row = policies.reach_runs(actor).select_related("configuration").one(run_id)
    return _run(actor, row, policies.reach_months(actor).filter(run=row).first(), at)


def _run(actor: Actor, row: Run, month: Month | None, at: datetime) -> RunView:
    return RunView(
        id=row.pk, number=str(row), month=row.month, configuration=str(row.configuration), configuration_sha256=row.configuration_sha256,
        result_sha256=row.result_sha256, as_of=row.as_of, rules=tuple((kind, version_id, number) for kind, version_id, number in row.rules),
        made_by=row.made_by_name, is_standing=month is not None, locked_at=month.locked_at if month else None,
        locked_by=month.locked_by_name if month else "", note=month.note if month else "", deals=row.deal_count, late=row.late_count,
        **{str(one): Money(getattr(row, f"{one}_minor"), row.currency) for one in Outcome},
        total=Money(row.sourced_minor + row.influenced_minor + row.unattributed_minor, row.currency),
        why_not_lock=policies.why_not_lock(actor, month, at) if month else _("Another run stands for this month."),
    )  # fmt: skip


def waiting(actor: Actor, at: datetime) -> list[Waiting]:
    """Claims to answer, disputes to answer, wins to look at."""
    side = policies.side_of(actor)
    other = Side.VENDOR if side == Side.PARTNER else Side.PARTNER
    found = []
    if actor.can("attribution.claim") if actor.is_partner else actor.can("attribution.decide"):
        rows = policies.reach_claims(actor).filter(state=ClaimState.OPEN, side=other).select_related("partner").order_by("made_at")[:MOST_WAITING]
        found += [_claimed(claim_view(actor, row, at), actor) for row in rows]
    if actor.sees_all_partners and actor.can("attribution.decide"):
        open_ones = policies.reach_disputes(actor).filter(state=DisputeState.OPEN).select_related("partner").order_by("opened_at")[:MOST_WAITING]
        found += [_disputed(dispute_view(actor, row, at)) for row in open_ones]
        found += [_unattributed(row) for row in unreviewed(actor)[:MOST_WAITING]]
    return found


def waiting_count(actor: Actor) -> int:
    """Cheap: what `waiting` would list, without the wins."""
    if actor.is_partner:
        return policies.reach_claims(actor).filter(state=ClaimState.OPEN, side=Side.VENDOR).count() if actor.can("attribution.claim") else 0
    if not actor.can("attribution.decide"):
        return 0
    claimed = policies.reach_claims(actor).filter(state=ClaimState.OPEN, side=Side.PARTNER).count()
    return claimed + policies.reach_disputes(actor).filter(state=DisputeState.OPEN).count()


def _claimed(one: ClaimView, actor: Actor) -> Waiting:
    url = reverse("attribution:portal_claim" if actor.is_partner else "attribution:claim", args=[one.id])
    title = _("Did you help at %(customer)s?") if actor.is_partner else _("%(partner)s claims credit at %(customer)s")
    return Waiting(
        key=f"attribution.claim:{one.id}", title=title % {"customer": one.customer, "partner": one.partner}, detail=str(KIND[one.kind]), url=url,  # type: ignore[index]
        due_at=one.due_at, since=one.made_at, icon=one.icon, tone="info",
    )  # fmt: skip


def _disputed(one: DisputeView) -> Waiting:
    return Waiting(
        key=f"attribution.dispute:{one.id}", title=_("%(partner)s disputes its credit") % {"partner": one.partner}, detail=one.deal,
        url=reverse("attribution:dispute", args=[one.id]), due_at=one.due_at, since=one.opened_at, icon="scale", tone="warn",
    )  # fmt: skip


def _unattributed(row) -> Waiting:
    return Waiting(
        key=f"attribution.review:{row.deal_id}", title=_("Who brought %(customer)s?") % {"customer": row.customer},
        detail=_("Won, and no partner is credited."), url=reverse("attribution:deal", args=[row.deal_id]), due_at=None, since=row.closed_at,
        icon="circle-help", tone="", value=Money(row.base_minor, deals.base_currency()),
    )  # fmt: skip


def held_by_account(account_id: UUID) -> list[UUID]:
    return list(Touch.objects.filter(account=account_id).values_list("pk", flat=True))


def claims_held_by_account(account_id: UUID) -> list[UUID]:
    return list(Claim.objects.filter(account=account_id).values_list("pk", flat=True))


def may(actor: Actor, verb: str) -> bool:
    """Whether this actor may run, configure, claim or dispute: what a page offers."""
    return {
        "run": policies.why_not_run, "configure": policies.why_not_configure, "claim": policies.why_not_claim, "dispute": policies.why_not_dispute,
    }[verb](actor) is None  # fmt: skip
