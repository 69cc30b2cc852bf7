"""Boards and the numbers of the two homes."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncWeek
from django.utils.translation import gettext as _

from openprm.deals import policies
from openprm.deals.models import ProtectionGrant, Registration
from openprm.deals.queries.pieces import ROW_COLUMNS, amount_of, is_stalled, line_names
from openprm.deals.queries.processes import early_codes, next_stages, stage_lanes
from openprm.deals.queries.results import Board, Card, Lane, PortalSummary, VendorSummary
from openprm.deals.rules.lifecycle import BEFORE_DECISION, WAITS_FOR_VENDOR, Status
from openprm.deals.rules.stages import LATE_FROM_PERCENT
from openprm.deals.rules.window import curve
from openprm.kernel.actor import Actor
from openprm.kernel.money import Money

MOST_CARDS = 20
"""Cards drawn in a lane: a full board of six lanes stays below 300 KB; the list has the others."""
WEEKS = 12
CERTAIN_FROM_PERCENT = 85


def base_currency() -> str:
    return getattr(settings, "OPENPRM_CURRENCY", "EUR")


def quarter_start(at: datetime) -> datetime:
    return datetime(at.year, 3 * ((at.month - 1) // 3) + 1, 1, tzinfo=UTC)


def board(actor: Actor, at: datetime, *, most: int | None = None) -> Board:
    """The partner's deals on their way: in review, protected, proposal, won this quarter; at most `most` cards a lane."""
    approved, early = policies.reach_in(actor, Status.APPROVED), early_codes()
    lanes = [
        ("review", _("In review"), "info", policies.reach_in(actor, *BEFORE_DECISION), "answer_due_at", False),
        ("protected", _("Protected"), "ok", approved.filter(stage__in=early), "protected_until", False),
        ("proposal", _("Proposal"), "warn", approved.exclude(stage__in=early), "protected_until", False),
        _won(actor, at),
    ]
    return _board(actor, lanes, at, most)


def _won(actor: Actor, at: datetime) -> tuple[str, str, str, QuerySet, str, bool]:
    rows = policies.reach_in(actor, Status.CLOSED_WON).filter(closed_at__gte=quarter_start(at))
    return ("won", _("Won, this quarter"), "ok", rows, "-closed_at", False)


def pipeline(actor: Actor, at: datetime) -> Board:
    """Approved deals by stage, the largest first; cards move between the open stages of their program."""
    approved = policies.reach_in(actor, Status.APPROVED)
    lanes = [(one.code, one.name, _tone(one.probability), approved.filter(stage=one.code), "-base_amount_minor", True) for one in stage_lanes()]
    return _board(actor, [*lanes, _won(actor, at)], at)


def _tone(probability: int) -> str:
    return "ok" if probability >= CERTAIN_FROM_PERCENT else "warn" if probability >= LATE_FROM_PERCENT else "info"


def _board(actor: Actor, lanes: list[tuple[str, str, str, QuerySet, str, bool]], at: datetime, most: int | None = None) -> Board:
    found = [(lane, list(_cards_of(lane[3], lane[4], most or MOST_CARDS)), _sum(lane[3])) for lane in lanes]
    about = line_names(row.pk for _lane, rows, _total in found for row in rows)
    can_move = actor.can("deals.advance")
    return Board(
        lanes=tuple(
            Lane(
                key=key,
                title=title,
                tone=tone,
                cards=tuple(card(row, about.get(row.pk, ""), at, can_move=can_move) for row in rows),
                count=count,
                total=Money(total, base_currency()),
                more=count - len(rows),
                query=_list_query(key, at),
                accepts=accepts,
            )
            for (key, title, tone, _rows, _order, accepts), rows, (count, total) in found
        ),
    )


def _list_query(lane: str, at: datetime) -> str:
    """What the list is narrowed to so that it shows a lane's deals."""
    if lane == "won":
        return urlencode({"status": Status.CLOSED_WON.value, "closed_from": quarter_start(at).date().isoformat()})
    early = early_codes()
    late = [one.code for one in stage_lanes() if one.code not in early]
    narrowed: dict[str, dict[str, Any]] = {
        "review": {"status": sorted(status.value for status in BEFORE_DECISION)},
        "protected": {"status": Status.APPROVED.value, "stage": [one.code for one in stage_lanes() if one.code in early]},
        "proposal": {"status": Status.APPROVED.value, "stage": late},
    }
    return urlencode(narrowed.get(lane) or {"status": Status.APPROVED.value, "stage": lane}, doseq=True)


def _cards_of(rows: QuerySet, order: str, most: int) -> Iterable[Registration]:
    tie = "-id" if order.startswith("-") else "id"
    return rows.select_related("partner").only(*ROW_COLUMNS, "partner__name").order_by(order, tie)[:most]


def _sum(rows: QuerySet) -> tuple[int, int]:
    found = rows.aggregate(count=Count("pk"), total=Sum("base_amount_minor"))
    return found["count"], found["total"] or 0


def card(row: Registration, about: str, at: datetime, *, can_move: bool) -> Card:
    window = curve(row.booked_at, row.protected_until, at) if row.booked_at and row.protected_until and row.status == Status.APPROVED else None
    kind, due, tone = _note(row, at, window)
    return Card(
        id=row.pk,
        number=row.number,
        title=row.title,
        customer=row.customer_name,
        about=about,
        partner=row.partner.name,
        amount=amount_of(row),
        status=row.status,
        stage=row.stage,
        note_kind=kind,
        due_at=due,
        days_left=window.days_left if window else None,
        percent_left=window.percent_left if window else None,
        tone=tone,
        version=row.version,
        can_move=can_move and row.status == Status.APPROVED,
        stalled=is_stalled(row),
        moves=next_stages(row.program_id, row.stage) if can_move and row.status == Status.APPROVED else (),
    )


def _note(row: Registration, at: datetime, window) -> tuple[str, datetime | None, str]:
    """The kind of the small line on a card (asks_you, due, late, protection, won, none), its moment and tone."""
    if row.status == Status.RETURNED:
        return "asks_you", row.answer_due_at, "warn"
    if row.status in WAITS_FOR_VENDOR:
        late = row.answer_due_at is not None and row.answer_due_at < at
        return ("late", row.answer_due_at, "bad") if late else ("due", row.answer_due_at, "neutral")
    if window:
        return "protection", window.ends_at, window.tone
    return ("won", None, "ok") if row.status == Status.CLOSED_WON else ("none", None, "neutral")


def portal_summary(actor: Actor, at: datetime) -> PortalSummary:
    """ "You have 7 open deals worth €1.06M. One protection ends in 6 days." """
    count, total = _sum(policies.reach_in(actor, *BEFORE_DECISION, Status.APPROVED))
    ending = policies.reach_in(actor, Status.APPROVED).filter(protected_until__gt=at, protected_until__lte=at + timedelta(days=14))
    nearest = ending.select_related("partner").only(*ROW_COLUMNS, "partner__name").order_by("protected_until", "id").first()
    return PortalSummary(
        open_deals=count,
        open_value=Money(total, base_currency()),
        asks_you=policies.reach_in(actor, Status.RETURNED).count(),
        next_ending=card(nearest, "", at, can_move=False) if nearest else None,
    )


def vendor_summary(actor: Actor, at: datetime) -> VendorSummary:
    """The vendor's home in numbers; each reads an index of the few rows that are open."""
    today = Q(answer_due_at__gte=at, answer_due_at__lt=_tomorrow(at))
    waiting = policies.reach_in(actor, *WAITS_FOR_VENDOR).aggregate(
        waiting=Count("pk"), late=Count("pk", filter=Q(answer_due_at__lt=at)), due_today=Count("pk", filter=today)
    )
    protected, protected_value = _sum(policies.reach_in(actor, Status.APPROVED).filter(protected_until__gt=at))
    won, won_value = _sum(_won(actor, at)[3])
    return VendorSummary(
        **waiting,
        protected=protected,
        protected_value=Money(protected_value, base_currency()),
        won_this_quarter=Money(won_value, base_currency()),
        won_count=won,
        submitted_by_week=_by_week(actor, at),
    )


def _tomorrow(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _by_week(actor: Actor, at: datetime) -> tuple[int, ...]:
    """Submissions of the last twelve weeks, oldest first. A draft has no submission, so it cannot slip in."""
    rows = Registration.objects.all() if actor.sees_all_partners else policies.reach(actor)
    monday = (at - timedelta(days=at.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    weeks = [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    found = rows.filter(submitted_at__gte=weeks[0]).annotate(week=TruncWeek("submitted_at", tzinfo=UTC)).values("week").annotate(n=Count("pk"))
    counts = {row["week"]: row["n"] for row in found.order_by()}
    return tuple(counts.get(week, 0) for week in weeks)


def live_protections(actor: Actor, account_id: UUID, at: datetime) -> int:
    return policies.reach_grants(actor).filter(account_id=account_id, status__in=ProtectionGrant.LIVE, ends_at__gt=at).count()
