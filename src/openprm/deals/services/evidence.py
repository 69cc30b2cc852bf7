"""Protection that reflects work (X11): opened at approval, moved by evidence and quiet, shortened only with notice.

`settle` brings one registration's steps in line with the sum; everything else only decides when to call it. It takes the
registration's lock first, writes all of its steps in one transaction, and writes nothing when nothing has changed: it may
run twice, side by side, late, or be killed anywhere.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from openprm.deals.events import ProtectionMoved, ProtectionShorteningAnnounced
from openprm.deals.models import ProtectionGrant, ProtectionStep, Registration, StageMove
from openprm.deals.queries.processes import process_of
from openprm.deals.rules.evidence_curve import QUIET, Change, differences, ledger
from openprm.deals.rules.lifecycle import Status
from openprm.deals.rules.window import whole_days
from openprm.deals.services import opportunities, work_terms
from openprm.deals.services.refusals import AccountAlreadyProtected
from openprm.deals.services.unit import announce, record, save
from openprm.kernel.actor import SYSTEM
from openprm.kernel.errors import refused_by

KIND = ProtectionStep.Kind
AT_ONCE = 200


def open_window(*, registration_id: UUID, at: datetime) -> bool:
    """Begin the steps of a deal whose program publishes a window that reflects work; once. Gives whether it began."""
    registration = _locked(registration_id)
    if registration is None or registration.protection_steps.exists():
        return False
    grants = _grants(registration)
    stage = str(registration.stage)
    ruling = work_terms.ruling_of(registration, stage) if grants else None
    if ruling is None or ruling.terms is None:
        return False
    starts_at, ends_at = min(grant.starts_at for grant in grants), max(grant.ends_at for grant in grants)
    _write(
        registration, [], KIND.OPENED, starts_at, ruling, cause=stage, days=whole_days(ends_at - starts_at), ends_before=ends_at, ends_after=ends_at,
        planned_after=ends_at,
    )  # fmt: skip
    return True


def note_stage(*, registration_id: UUID, stage: str, at: datetime) -> None:
    """Keep the day on which a deal first entered a stage. Safe to repeat."""
    registration = _locked(registration_id)
    if registration is None:
        return
    opened = registration.protection_steps.filter(kind=KIND.OPENED).first()
    if opened is None or not _comes_after(process_of(registration.program_id).codes, stage, opened.cause):
        return
    StageMove.objects.get_or_create(registration=registration, stage=stage, defaults={"partner_id": registration.partner_id, "moved_at": at})


def _comes_after(codes: tuple[str, ...], stage: str, first: str) -> bool:
    """A step back is no progress; a stage of another table counts when the first one is none of this table."""
    if stage not in codes:
        return False
    return first not in codes or codes.index(stage) > codes.index(first)


def settle(*, registration_id: UUID, at: datetime) -> bool:
    """Bring the protection of one registration in line with its work. Gives whether anything was written."""
    registration = _locked(registration_id)
    grants = _grants(registration) if registration else []
    if registration is None or not grants or registration.status != Status.APPROVED:
        return False
    steps = list(registration.protection_steps.order_by("position"))
    at = max(at, steps[-1].at) if steps else at  # a job that comes late does not turn the time back
    if not steps or max(grant.ends_at for grant in grants) <= at:
        return False
    return _Settlement.of(registration, grants, steps, at).run()


def settle_due(*, after: UUID | None, at: datetime) -> UUID | None:
    """Settle the next batch of live windows in the order of ids; gives where the following batch begins, or None at the end."""
    live = ProtectionGrant.objects.filter(status__in=ProtectionGrant.LIVE, ends_at__gt=at).values("registration")
    rows = Registration.objects.filter(pk__in=live, status=Status.APPROVED, protection_steps__kind=KIND.OPENED).order_by("pk")
    rows = rows.filter(pk__gt=after) if after else rows
    ids = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    for registration_id in ids:
        settle(registration_id=registration_id, at=at)
    return ids[-1] if len(ids) == AT_ONCE else None


def _locked(registration_id: UUID) -> Registration | None:
    return Registration.objects.filter(pk=registration_id).locked().first()


def _grants(registration: Registration) -> list[ProtectionGrant]:
    return list(registration.grants.filter(status__in=ProtectionGrant.LIVE).locked())


@dataclass(slots=True)
class _Settlement:
    """One pass over one registration, under its lock."""

    registration: Registration
    grants: list[ProtectionGrant]
    steps: list[ProtectionStep]
    window: work_terms.Window | None
    ends_at: datetime
    at: datetime
    written: int = 0

    @classmethod
    def of(cls, registration: Registration, grants: list[ProtectionGrant], steps: list[ProtectionStep], at: datetime) -> "_Settlement":
        return cls(registration, grants, steps, None, max(grant.ends_at for grant in grants), at)

    def run(self) -> bool:
        self._notice_hands()
        self.window = work_terms.window_of(self.registration, self.steps)
        if self.window is None:
            return self.written > 0
        target = self._target()
        self._carry_out(target)
        found = differences(self.window.curve(self.at), ledger((key, days) for step in self.steps for key, days in step.entries))
        if target >= self.ends_at:
            self._raise(target, found)
        elif found:
            self._announce_or_account(target, found)
        return self.written > 0

    def _target(self) -> datetime:
        """Where the sum stands, at the time of day at which the window began; never beyond what was given by hand."""
        assert self.window is not None
        opened, curve = self.steps[0], self.window.curve(self.at)
        return opened.ends_after + timedelta(days=curve.days - opened.days)

    def _notice_hands(self) -> None:
        """The end was moved by a person, a remedy or an amendment since the last step: the sum takes it as given."""
        moved = whole_days(self.ends_at - self.steps[-1].ends_after)
        if self.ends_at != self.steps[-1].ends_after:
            self._step(KIND.BY_HAND, days=moved, ends_before=self.steps[-1].ends_after, ends_after=self.ends_at, planned_after=self._planned(moved))

    def _planned(self, moved: int) -> datetime:
        return self.steps[-1].planned_after + timedelta(days=moved)

    def _open(self) -> list[ProtectionStep]:
        ended = {step.announced_id for step in self.steps if step.announced_id}
        return [step for step in self.steps if step.kind == KIND.ANNOUNCED and step.pk not in ended]

    def _carry_out(self, target: datetime) -> None:
        """Announcements whose notice is over: what of them still holds is done, the rest is lifted."""
        for told in [step for step in self._open() if step.effective_at <= self.at]:
            after = max(told.planned_after + self._by_hand_since(told), target, self.at)
            if after < self.ends_at:
                self._shorten(told, after)
            else:
                self._lift(told, target)

    def _by_hand_since(self, told: ProtectionStep) -> timedelta:
        return timedelta(days=sum(step.days for step in self.steps if step.kind == KIND.BY_HAND and step.position > told.position))

    def _shorten(self, told: ProtectionStep, after: datetime) -> None:
        before, days = self.ends_at, whole_days(after - self.ends_at)
        self._move(after)
        self._step(
            KIND.SHORTENED, cause=told.cause, evidence_ref=told.evidence_ref, days=days, ends_before=before, ends_after=after, planned_after=after,
            announced=told,
        )  # fmt: skip
        self._tell(ProtectionMoved, before, days=days, cause=told.cause)

    def _lift(self, told: ProtectionStep, target: datetime) -> None:
        self._step(KIND.LIFTED, ends_before=self.ends_at, ends_after=self.ends_at, planned_after=target, announced=told)

    def _raise(self, target: datetime, found: tuple[Change, ...]) -> None:
        """The sum stands at the end or beyond: what was announced is lifted, and the new days hold at once."""
        for told in self._open():
            self._lift(told, target)
        before = self.ends_at
        if target > before and not self._moved(target):
            return
        self._account(found, target, before)
        if target > before:
            gained = [change for change in found if change.days > 0]
            self._tell(ProtectionMoved, before, days=whole_days(target - before), cause=gained[-1].kind if gained else "")

    def _account(self, found: tuple[Change, ...], target: datetime, before: datetime) -> None:
        """One step for each change, so that each names its evidence; corrections first, so that no step goes beyond the cap."""
        end = before
        for change in sorted(found, key=lambda one: (one.days > 0, one.day, one.key)):
            after = max(before, min(target, end + timedelta(days=change.days)))
            planned = min(target, after) if change is not found[-1] else target
            self._step(KIND.GAINED, **_caused(change), ends_before=end, ends_after=after, planned_after=planned)
            end = after
        if end != target:
            self._step(KIND.GAINED, ends_before=end, ends_after=target, planned_after=target, days=whole_days(target - end))

    def _announce_or_account(self, target: datetime, found: tuple[Change, ...]) -> None:
        """The sum stands below the end: what is new below everything announced is announced, all else is written down."""
        lowest = min([self.ends_at, *(told.planned_after + self._by_hand_since(told) for told in self._open())])
        entries = [[change.key, change.days] for change in found]
        if target >= lowest:
            for change in found:
                self._step(KIND.GAINED, **_caused(change), ends_before=self.ends_at, ends_after=self.ends_at, planned_after=target)
            return
        assert self.window is not None
        terms = self.window.curve(self.at).terms
        effective_at = self.at + timedelta(days=terms.notice_days)
        lost = [change for change in found if change.days < 0]
        cause = next((change.kind for change in lost if change.kind != QUIET), QUIET)
        self._step(
            KIND.ANNOUNCED, cause=cause, evidence_ref=_ref(next((change for change in lost if change.ref), None)), days=whole_days(target - lowest),
            ends_before=self.ends_at, ends_after=self.ends_at, planned_after=target, effective_at=effective_at, entries=entries,
        )  # fmt: skip
        self._tell(ProtectionShorteningAnnounced, target, days=whole_days(lowest - target), cause=cause, effective_at=effective_at, planned_until=target)

    def _moved(self, target: datetime) -> bool:
        """Move the grants; False when another protection follows at once, and then nothing is changed."""
        try:
            self._move(target)
        except AccountAlreadyProtected:
            return False
        return True

    def _move(self, target: datetime) -> None:
        target = max(target, self.at)
        before = self.registration.snapshot()
        with refused_by("one_live_protection", AccountAlreadyProtected()):
            for grant in self.grants:
                grant.ends_at = max(target, grant.starts_at + timedelta(minutes=1))
                grant.reminded_days = None if target > self.ends_at else grant.reminded_days
                grant.save(update_fields=["ends_at", "reminded_days", "updated_at"])
        self.registration.protected_until = target
        save(self.registration, "protected_until")
        opportunities.mark_until(self.registration)
        verb = "deal.protection_grew" if target > self.ends_at else "deal.protection_shrank"
        record(SYSTEM, verb, self.registration, before=before, at=self.at, data={"days": whole_days(target - self.ends_at)})
        self.ends_at = target

    def _step(self, kind: str, **values: Any) -> None:
        ruling = self.window.ruling if self.window else None
        self.steps.append(_write(self.registration, self.steps, kind, self.at, ruling, **values))
        self.written += 1

    def _tell(self, event: type, _end: datetime, **values: Any) -> None:
        if event is ProtectionShorteningAnnounced:
            told = {"days": values["days"], "cause": values["cause"], "planned_until": values["planned_until"], "effective_at": values["effective_at"]}
            record(SYSTEM, "deal.protection_shortening_announced", self.registration, after={}, at=self.at, data=told)
        else:
            values["protected_until"] = self.ends_at
        announce(event, self.registration, SYSTEM, self.at, **values)


def _caused(change: Change) -> dict[str, Any]:
    return {"cause": change.kind, "evidence_ref": _ref(change), "days": change.days, "entries": [[change.key, change.days]], "clause": change.clause}


def _ref(change: Change | None) -> UUID | None:
    return UUID(change.ref) if change and change.ref else None


def _write(registration: Registration, steps: list[ProtectionStep], kind: str, at: datetime, ruling: Any, **values: Any) -> ProtectionStep:
    if ruling:
        values.setdefault("rule_version_id", ruling.version_id)
        values.setdefault("rule_version", ruling.version)
        values["clause"] = values.get("clause") or ruling.clause
    return ProtectionStep.objects.create(registration=registration, partner_id=registration.partner_id, position=len(steps), kind=kind, at=at, **values)
