"""Documents and versions, for the vendor and for a partner's reading."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from openprm.agreements import policies
from openprm.agreements.engine import markup
from openprm.agreements.models import Acceptance, Document, Version
from openprm.agreements.queries.results import DocumentView, File, PublishedLine, Told, VersionLine, VersionView
from openprm.agreements.rules import calendar, canonical, states
from openprm.agreements.rules.differences import Comparison, compare
from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet


def documents(actor: Actor, at: datetime) -> list[DocumentView]:
    """Every document with its history and how far its signing is, those in use first. Six queries."""
    rows = list(_with_versions(policies.reach_documents(actor)).order_by("retired_at", "title"))
    told = _told([row.pk for row in rows], at) if actor.sees_all_partners else {}
    found = [_document(row, at, told.get(row.pk, Told())) for row in rows]
    return sorted(found, key=lambda one: (one.retired_at is not None, one.title.casefold()))


def document(actor: Actor, document_id: UUID, at: datetime) -> DocumentView:
    """One document. Raises NotFound."""
    row = _with_versions(policies.reach_documents(actor)).one(document_id)
    return _document(row, at, _told([row.pk], at).get(row.pk, Told()) if actor.sees_all_partners else Told())


def newest_documents(actor: Actor) -> QuerySet[Document]:
    """For the API, which pages in the database: rows that `document_view` reads."""
    return _with_versions(policies.reach_documents(actor))


def document_view(actor: Actor, row: Document, at: datetime) -> DocumentView:
    return _document(row, at, Told())


def without_drafts(found: DocumentView) -> DocumentView:
    """The document as a partner may see it: the row-level security already keeps drafts away, this says so."""
    return replace(found, versions=found.history, told=Told())


def document_choices(actor: Actor) -> tuple[tuple[str, str], ...]:
    return tuple((str(pk), title) for pk, title in policies.reach_documents(actor).order_by("title").values_list("pk", "title"))


def draft(actor: Actor, version_id: UUID, at: datetime) -> VersionView:
    """A draft beside the version that it would follow. Raises NotFound, also for a version that is published."""
    row = policies.reach_versions(actor).filter(state=Version.State.DRAFT).one(version_id)
    return _version(row, _newest(row.document_id), at)


def version(actor: Actor, version_id: UUID, at: datetime) -> VersionView:
    """A version beside the one before it. Raises NotFound."""
    row = policies.reach_versions(actor).one(version_id)
    return _version(row, before_of(row), at)


def version_since(actor: Actor, version_id: UUID, since: int | None, at: datetime) -> VersionView:
    """A version beside an earlier one by its number. Raises NotFound."""
    row = policies.reach_versions(actor).one(version_id)
    other = policies.reach_versions(actor).filter(document=row.document_id, number=since).first() if since else before_of(row)
    return _version(row, other, at)


def text_file(actor: Actor, version_id: UUID) -> File:
    """The file whose SHA-256 the version has. Raises NotFound."""
    row = policies.reach_versions(actor).one(version_id)
    return File(
        name=f"{row.document.code}-v{row.number or 'draft'}.md",
        content_type="text/markdown; charset=utf-8",
        content=canonical.document_bytes(row.title, row.text),
    )


def published(actor: Actor, at: datetime) -> tuple[PublishedLine, ...]:
    """What a partner, or a visitor, may read today, by title. Two queries and those of the reach."""
    rows = _with_versions(policies.reach_documents(actor).filter(retired_at=None)).order_by("title")
    return tuple(line for row in rows if (line := _published(row, at)))


def public_version(actor: Actor, code: str, number: int | None, at: datetime) -> VersionView:
    """A public document by its code, the version in force or the one with this number. Raises NotFound."""
    row = policies.reach_documents(actor).filter(is_public=True, code=code).first()
    found = list(policies.reach_versions(actor).filter(document=row.pk, state=Version.State.PUBLISHED)) if row else []
    current = states.in_force(found, at) or next(iter(states.announced(found, at)), None)
    wanted = next((one for one in found if one.number == number), None) if number else current
    if wanted is None:
        return policies.reach_versions(actor).none().one("")
    return _version(wanted, before_of(wanted), at)


def public_history(actor: Actor, code: str, at: datetime) -> tuple[VersionLine, ...]:
    row = _with_versions(policies.reach_documents(actor)).filter(is_public=True, code=code).first()
    return tuple(one for one in _lines(row.versions.all(), at) if one.standing != "draft") if row else ()


def search_documents(actor: Actor, text: str, limit: int, at: datetime) -> list[PublishedLine | DocumentView]:
    """Documents whose title holds the text: the vendor's own list, or what a partner may read."""
    found = documents(actor, at) if actor.sees_all_partners else published(actor, at)
    return [one for one in found if text.casefold() in one.title.casefold()][:limit]


def affected(document_id: UUID, at: datetime) -> int:
    """How many partners hold or are asked for this document today. In the vendor's scope."""
    return Acceptance.objects.filter(document=document_id).exclude(status=Acceptance.Status.EXPIRED).values("partner").distinct().count()


def preview(text: str) -> str:
    return markup.html(text)


def may_draft(actor: Actor) -> bool:
    return policies.why_not_draft(actor) is None


def may_publish(actor: Actor) -> bool:
    return policies.why_not_publish(actor) is None


def why_not_withdraw(actor: Actor, version_id: UUID, at: datetime) -> str | None:
    return policies.why_not_withdraw(actor, policies.reach_versions(actor).one(version_id), at)


def before_of(row: Version) -> Version | None:
    """The published version before this one, in the caller's scope."""
    if row.number is None:
        return _newest(row.document_id)
    return Version.objects.filter(document=row.document_id, state=Version.State.PUBLISHED, number__lt=row.number).order_by("-number").first()


def _newest(document_id: UUID) -> Version | None:
    return Version.objects.filter(document=document_id, state=Version.State.PUBLISHED).order_by("-number").first()


def _with_versions(rows: ScopedQuerySet) -> ScopedQuerySet:
    light = Version.objects.defer("text").order_by("-number")
    return rows.select_related("program").prefetch_related(Prefetch("versions", queryset=light))


def _document(row: Document, at: datetime, told: Told) -> DocumentView:
    return DocumentView(
        id=row.pk,
        code=row.code,
        title=row.title,
        kind=row.kind,
        kind_label=kind_label(row),
        own_kind=row.own_kind,
        program_id=row.program_id,
        program_name=program_name(row),
        notice_days=row.notice_days,
        needs_signature=row.needs_signature,
        needs_countersignature=row.needs_countersignature,
        is_public=row.is_public,
        signer_roles=tuple(row.signer_roles),
        retired_at=row.retired_at,
        version=row.version,
        created_at=row.created_at,
        versions=_lines(row.versions.all(), at),
        told=told,
    )


def _lines(rows: Iterable[Version], at: datetime) -> tuple[VersionLine, ...]:
    """The history, drafts first, then the newest first."""
    found = sorted(rows, key=lambda one: (one.number is not None, -(one.number or 0)))
    current = states.in_force(found, at)
    return tuple(line_of(row, current, found, at) for row in found)


def line_of(row: Version, current: Version | None, others: Iterable[Version], at: datetime) -> VersionLine:
    followers = [one.effective_at for one in others if one.state == "published" and (one.number or 0) > (row.number or 0) and one.effective_at]
    return VersionLine(
        id=row.pk,
        document_id=row.document_id,
        number=row.number,
        title=row.title,
        standing=states.standing(row, current, at),
        sha256=row.sha256,
        note=row.note,
        effective_at=row.effective_at,
        ends_at=min(followers) if followers and row.number else None,
        published_at=row.published_at,
        published_by=row.published_by_name,
        notice_days=row.notice_days,
        grace_days=row.grace_days,
        needs_reacceptance=row.needs_reacceptance,
        blocks=tuple(row.blocks),
        revision=row.revision,
        updated_at=row.updated_at,
    )


def _version(row: Version, other: Version | None, at: datetime) -> VersionView:
    siblings = list(Version.objects.filter(document=row.document_id, state=Version.State.PUBLISHED).defer("text"))
    return VersionView(
        line=line_of(row, states.in_force(siblings, at), siblings, at),
        code=row.document.code,
        kind=row.document.kind,
        kind_label=kind_label(row.document),
        program_name=program_name(row.document),
        text=row.text,
        html=markup.html(row.text),
        is_public=row.document.is_public,
        needs_signature=row.document.needs_signature,
        notice_days=row.document.notice_days,
        earliest_at=calendar.earliest_effect(at=at, notice_days=row.document.notice_days, is_first=not siblings) if row.number is None else None,
        compared_with=other.number if other else None,
        changes=_changes(other, row) if other else None,
    )


def view_of(row: Version, other: Version | None, at: datetime) -> VersionView:
    """A version that the caller reached already, beside another one."""
    return _version(row, other, at)


def _changes(before: Version, after: Version) -> Comparison:
    return compare(_whole(before), _whole(after))


def _whole(row: Version) -> str:
    return f"# {row.title}\n\n{row.text}"


def _published(row: Document, at: datetime) -> PublishedLine | None:
    found = list(row.versions.all())
    ahead = states.announced(found, at)
    shown = states.in_force(found, at) or next(iter(ahead), None)
    if shown is None:
        return None
    following = next((one for one in ahead if one is not shown), None)
    return PublishedLine(
        document_id=row.pk,
        code=row.code,
        title=shown.title,
        kind=row.kind,
        kind_label=kind_label(row),
        program_name=program_name(row),
        needs_signature=row.needs_signature,
        version_id=shown.pk,
        number=shown.number,
        sha256=shown.sha256,
        effective_at=shown.effective_at,
        next_id=following.pk if following else None,
        next_number=following.number if following else None,
        next_at=following.effective_at if following else None,
    )


def kind_label(row: Document) -> str:
    return row.own_kind or str(row.get_kind_display())


def program_name(row: Document) -> str:
    if row.program_id is None:
        return _("All programs")
    return row.program.name if row.program else ""


def _told(ids: list[UUID], at: datetime) -> dict[UUID, Told]:
    """Signed and waiting partners of each document; one who signed an earlier version and owes the one in force is waiting."""
    rows = Acceptance.objects.filter(document__in=ids)
    owed = Q(status__in=states.OPEN, version__effective_at__lte=at)
    still_owes = Acceptance.objects.filter(owed, document=OuterRef("document"), partner=OuterRef("partner"))
    one = {"n": Count("partner", distinct=True)}
    signed = dict(rows.filter(~Exists(still_owes), status="accepted").order_by().values_list("document").annotate(**one))
    asked = rows.filter(owed).order_by().values("document").annotate(
        waiting=Count("partner", distinct=True),
        overdue=Count("partner", distinct=True, filter=Q(due_at__lt=at)),
        declined=Count("partner", distinct=True, filter=Q(status="declined")),
    )  # fmt: skip
    open_ = {row["document"]: row for row in asked}
    return {
        pk: Told(
            signed=signed.get(pk, 0),
            waiting=open_.get(pk, {}).get("waiting", 0),
            overdue=open_.get(pk, {}).get("overdue", 0),
            declined=open_.get(pk, {}).get("declined", 0),
        )
        for pk in ids
    }
