"""One engagement with everything in it that its reader may know, and nothing else."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage

from openprm.cosell import policies
from openprm.cosell.models import Document, Engagement, Member, Need, Note, Task
from openprm.cosell.queries.invitations import of_engagement
from openprm.cosell.queries.lists import _own_registrations
from openprm.cosell.queries.pieces import names_of, stage_label, state_words, type_words
from openprm.cosell.queries.results import (
    DocumentView,
    FullMemberView,
    FullRoom,
    LimitedRoom,
    MemberView,
    MirrorView,
    NeedView,
    NextStepView,
    NoteView,
    OpenedDocument,
    ReadView,
    RecordView,
    TaskView,
)
from openprm.cosell.rules.connections import left_to_give
from openprm.cosell.rules.words import NeedState, TaskState
from openprm.cosell.wording import AUDIENCE_BADGE, INVOLVEMENT, NEED, NEED_STATE, RECORD_FIELD, ROLE, TASK, VIEW, roles_in_words, tone_of
from openprm.deals import queries as deals
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM, Actor
from openprm.kernel.money import Money
from openprm.kernel.scope import scope

MOST = 100


def room(actor: Actor, engagement_id: UUID, at: datetime) -> FullRoom | LimitedRoom:
    """The engagement as this actor may know it. Raises NotFound."""
    row = policies.reach(actor).one(engagement_id)
    detail = policies.reach_details(actor).filter(engagement=row).first()
    members = list(policies.reach_members(actor).filter(engagement=row).order_by("-is_host", "joined_at", "pk"))
    work = _Work(actor, row, members, at)
    common = _common(actor, row, work, at)
    if detail is None:
        return LimitedRoom(members=tuple(work.member(one) for one in members), **common)
    shares = {share.party_id: share.basis_points for share in policies.reach_shares(actor).filter(engagement=row)}
    mine = row.host_id in policies.parties_of(actor)
    return FullRoom(
        members=tuple(_full_member(work, one, shares) for one in members),
        amount=Money(detail.amount_minor, detail.currency),
        **{name: getattr(detail, name) for name in ("customer_domain", "contact_name", "contact_email", "contact_phone", "description", "competitor")},
        **_registration(actor, row),
        share_left_bp=left_to_give(shares.values()) if mine else None,
        mirrors=work.mirrors(),
        **common,
    )


def _registration(actor: Actor, row: Engagement) -> dict[str, Any]:
    """The registration behind it, for whoever can open it itself."""
    if not row.registration_id or not _own_registrations(actor, {row.registration_id}):
        return {"registration_id": None, "registration_number": ""}
    number = deals.listed(actor, deals.Filters(ids=(row.registration_id,))).values_list("number", flat=True).first()
    return {"registration_id": row.registration_id, "registration_number": number or ""}


class _Work:
    """The contents of one room, read once, with the names of those whom the reader may know of."""

    def __init__(self, actor: Actor, row: Engagement, members: list[Member], at: datetime):
        self.actor, self.row, self.at = actor, row, at
        self.parties = set(policies.parties_of(actor))
        self.own = next((one for one in members if one.party_id in self.parties), None)
        self.notes_rows = list(policies.reach_work(actor, Note).filter(engagement=row).order_by("-created_at", "-id")[:MOST])
        self.task_rows = list(policies.reach_work(actor, Task).filter(engagement=row).order_by("done_at", "due_date", "created_at")[:MOST])
        self.file_rows = list(policies.reach_work(actor, Document).filter(engagement=row).order_by("-created_at", "-id")[:MOST])
        self.step_rows = list(policies.reach_next_steps(actor).filter(engagement=row).order_by("-at", "-id")[:MOST])
        self.need_rows = list(policies.reach_needs(actor).filter(engagement=row).order_by("-asked_at", "-id")[:MOST])
        self.names = names_of({one.party_id for one in members})
        self.people = self._people(members)
        self.why_not_write = policies.why_not_write(actor, row)

    def _people(self, members: list[Member]) -> dict[UUID, str]:
        ids = {one.contact_id for one in members if one.contact_id} | {one.assignee_id for one in self.task_rows if one.assignee_id}
        if not ids:
            return {}
        with scope(SYSTEM):
            return identity.names_of(ids)

    def name(self, party: UUID) -> str:
        return self.names.get(party, "")

    def mine(self, party: UUID) -> bool:
        return party in self.parties

    def member(self, one: Member) -> MemberView:
        return MemberView(**self.member_values(one))

    def member_values(self, one: Member) -> dict[str, Any]:
        return {
            "party_id": one.party_id,
            "name": self.name(one.party_id),
            "is_vendor": one.is_vendor,
            "is_host": one.is_host,
            "is_mine": self.mine(one.party_id),
            "role": one.role,
            "role_label": str(ROLE.get(one.role, one.role)),
            "responsibilities": roles_in_words(one.responsibilities),
            "involvement": one.involvement,
            "involvement_label": str(INVOLVEMENT.get(one.involvement, "")),
            "involvement_reason": one.involvement_reason,
            "contact": self.people.get(one.contact_id, "") if one.contact_id else "",
            "joined_at": one.joined_at,
            "left_at": one.left_at,
        }

    def notes(self) -> tuple[NoteView, ...]:
        return tuple(NoteView(id=row.pk, body=row.body, **self._written(row), is_mine=self.mine(row.party_id), at=row.created_at) for row in self.notes_rows)

    def _written(self, row: Any) -> dict[str, Any]:
        label, tone = tone_of(AUDIENCE_BADGE, row.audience)
        return {
            "author": row.author_name,
            "party_id": row.party_id,
            "party": self.name(row.party_id),
            "audience": row.audience,
            "audience_label": label,
            "audience_tone": tone,
        }

    def tasks(self) -> tuple[TaskView, ...]:
        return tuple(self._task(row) for row in self.task_rows)

    def _task(self, row: Task) -> TaskView:
        label, tone = tone_of(TASK, row.state)
        mine = self.mine(row.owner_id) and self.why_not_write is None
        open_ = row.state in (TaskState.PROPOSED, TaskState.ACCEPTED)
        return TaskView(
            id=row.pk,
            title=row.title,
            party_id=row.party_id,
            party=self.name(row.party_id),
            owner_id=row.owner_id,
            owner=self.name(row.owner_id),
            assignee=self.people.get(row.assignee_id, "") if row.assignee_id else "",
            due_date=row.due_date,
            overdue=open_ and row.due_date is not None and row.due_date < self.at.date(),
            state=row.state,
            state_label=label,
            state_tone=tone,
            reason=row.reason,
            audience=row.audience,
            audience_label=tone_of(AUDIENCE_BADGE, row.audience)[0],
            may_decide=mine and row.state == TaskState.PROPOSED,
            may_finish=mine and row.state == TaskState.ACCEPTED,
            done_at=row.done_at,
            version=row.version,
        )

    def documents(self) -> tuple[DocumentView, ...]:
        return tuple(
            DocumentView(
                id=row.pk,
                name=row.name,
                content_type=row.content_type,
                size=row.size,
                sha256=row.sha256,
                **self._written(row),
                can_remove=self.mine(row.party_id) and self.why_not_write is None,
                at=row.created_at,
            )
            for row in self.file_rows
        )

    def next_steps(self) -> tuple[NextStepView, ...]:
        return tuple(
            NextStepView(id=row.pk, text=row.text, author=row.author_name, party_id=row.party_id, party=self.name(row.party_id), at=row.at)
            for row in self.step_rows
        )

    def needs(self) -> tuple[NeedView, ...]:
        return tuple(need_view(row, self.row.number, self.names, self.parties, self.why_not_write is None, self.at) for row in self.need_rows)

    def record(self) -> RecordView | None:
        """One's own CRM record with its readers; None where nobody kept one."""
        found = policies.reach_records(self.actor).filter(engagement=self.row).first()
        if found is None:
            return None
        rows = list(policies.reach_mirror_reads(self.actor).filter(engagement=self.row).order_by("-at", "-id")[:30])
        names = names_of({one.reader_party_id for one in rows})
        reads = tuple(
            ReadView(reader=one.reader_name, party=names.get(one.reader_party_id, ""), fields=tuple(str(RECORD_FIELD[name]) for name in one.fields), at=one.at)
            for one in rows
        )
        return RecordView(
            system=found.system, values=found.values, fields_out=tuple(found.fields_out), fields_in=tuple(found.fields_in), version=found.version, reads=reads
        )

    def mirrors(self) -> tuple[MirrorView, ...]:
        own = policies.reach_records(self.actor).filter(engagement=self.row).first()
        wanted = set(own.fields_in) if own else None
        rows = policies.reach_mirrors(self.actor).filter(engagement=self.row).order_by("party_id")
        found = (
            MirrorView(
                party_id=row.party_id,
                party=self.name(row.party_id),
                system=row.system,
                values={name: value for name, value in row.values.items() if wanted is None or name in wanted},
                changed_at=row.changed_at,
            )
            for row in rows
        )
        return tuple(one for one in found if one.values)


def need_view(row: Need, number: str, names: dict[UUID, str], parties: set[UUID], may_write: bool, at: datetime) -> NeedView:
    label, tone = tone_of(NEED_STATE, row.state)
    open_ = row.state == NeedState.OPEN
    return NeedView(
        id=row.pk,
        engagement_id=row.engagement_id,
        number=number,
        need=row.need,
        need_label=str(NEED.get(row.need, row.need)),
        detail=row.detail,
        party_id=row.party_id,
        party=names.get(row.party_id, ""),
        author=row.author_name,
        asked_id=row.asked_id,
        asked=names.get(row.asked_id, ""),
        state=row.state,
        state_label=label,
        state_tone=tone,
        asked_at=row.asked_at,
        due_at=row.due_at,
        overdue=open_ and row.due_at is not None and row.due_at < at,
        answer=row.answer,
        answered_by=row.answered_by_name,
        answered_at=row.answered_at,
        may_answer=open_ and may_write and row.asked_id in parties,
        may_withdraw=open_ and may_write and row.party_id in parties,
    )


def _full_member(work: _Work, one: Member, shares: dict[UUID, int]) -> FullMemberView:
    keeps = work.own is not None and (work.own.is_host or work.own.is_vendor)
    return FullMemberView(
        share_bp=shares.get(one.party_id),
        visibility=one.visibility,
        visibility_label=str(VIEW.get(one.visibility, "")),
        hidden=one.hidden and (keeps or work.mine(one.party_id)),
        **work.member_values(one),
    )


def _common(actor: Actor, row: Engagement, work: _Work, at: datetime) -> dict[str, Any]:
    own = work.own
    share = policies.reach_shares(actor).filter(engagement=row, party_id=own.party_id).values_list("basis_points", flat=True).first() if own else None
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in ("number", "title", "customer_name", "customer_country", "stage", "expected_close_date", "host_id")},
        **{name: getattr(row, name) for name in ("opened_at", "activated_at", "closed_at", "closed_reason", "version")},
        **type_words(row),
        **state_words(row),
        "stage_label": stage_label(row.stage),
        "host": work.name(row.host_id),
        "own_id": own.party_id if own else row.host_id,
        "own_share_bp": share,
        "own_involvement": str(own.involvement) if own else "",
        "notes": work.notes(),
        "tasks": work.tasks(),
        "documents": work.documents(),
        "next_steps": work.next_steps(),
        "needs": work.needs(),
        "invitations": of_engagement(actor, row.pk, at),
        "record": work.record(),
        "why_not_write": work.why_not_write,
        "why_not_host": policies.why_not_host(actor, row),
        "why_not_invite": policies.why_not_invite(actor, row),
        "why_not_move": policies.why_not_move(actor, row),
    }


def engagement_of_need(actor: Actor, need_id: UUID) -> UUID:
    """Where an ask stands. Raises NotFound."""
    return policies.reach_needs(actor).one(need_id).engagement_id


def open_document(actor: Actor, document_id: UUID) -> OpenedDocument:
    """A file that this actor may read. Raises NotFound."""
    row = policies.reach_work(actor, Document).one(document_id)
    return OpenedDocument(name=row.name, content_type=row.content_type, file=default_storage.open(row.storage_key))
