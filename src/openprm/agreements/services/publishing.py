"""Publishing a version, and taking an announced one back."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from openprm.agreements import policies
from openprm.agreements.events import AgreementPublished, AgreementWithdrawn
from openprm.agreements.models import Acceptance, Document, Version
from openprm.agreements.rules import calendar, states
from openprm.agreements.services import checks
from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if
from openprm.kernel.events import publish as announce


class NoticeTooShort(Invalid):
    """The effective date lies before the end of the notice period."""


class VersionsOverlap(Conflict):
    """Another version is announced for that time or later."""


class NothingChanged(Conflict):
    """The draft says what the version before it says."""


class VersionIsSigned(Conflict):
    """A partner has signed the announced version."""


@transaction.atomic
def publish(
    *,
    actor: Actor,
    draft_id: UUID,
    effective_at: datetime | None = None,
    needs_reacceptance: bool = True,
    blocks: Iterable[str] = (),
    grace_days: int = 14,
    note: str = "",
    at: datetime,
) -> UUID:
    """Publish a draft. It takes effect at `effective_at`, by default at the end of the document's notice; a first version at once.

    `blocks` are the actions that close for a partner which has not signed when the notice and the grace days are over. A text
    that was signed stays what it is for whoever signed it. Raises NotFound, NotAllowed, Invalid, NoticeTooShort, VersionsOverlap,
    NothingChanged.
    """
    draft = policies.reach_versions(actor).locked().one(draft_id)
    refuse_if(policies.why_not_publish(actor, draft))
    document = Document.objects.locked().one(draft.document_id)
    last = Version.objects.filter(document=document, state=Version.State.PUBLISHED).order_by("-number").first()
    draft.effective_at = _checked_moment(document, last, effective_at, at)
    draft.blocks = checks.some_of("blocks", blocks, states.BLOCKS) if document.needs_signature else []
    draft.grace_days = checks.whole("grace_days", grace_days, most=calendar.LONGEST_GRACE)
    draft.note = checks.line("note", note, longest=500)
    draft.needs_reacceptance = needs_reacceptance
    _refuse_empty(draft, last)
    _seal(draft, document, actor, at, is_first=last is None)
    data = {"version": draft.number, "sha256": draft.sha256, "effective_at": draft.effective_at, "notice_days": draft.notice_days}
    audit.record(actor, "agreement.published", draft, after={}, refs=(document.pk,), data=data, note=draft.note, at=at)
    announce(_published(draft, document, at))
    return draft.pk


@transaction.atomic
def withdraw(*, actor: Actor, version_id: UUID, at: datetime) -> None:
    """Take back an announced version before it takes effect; the one before it goes on.

    Raises NotFound, NotAllowed (it is in force, or the role may not), VersionIsSigned.
    """
    version = policies.reach_versions(actor).locked().one(version_id)
    refuse_if(policies.why_not_withdraw(actor, version, at))
    if Acceptance.objects.filter(version=version, status=Acceptance.Status.ACCEPTED).exists():
        raise VersionIsSigned(_("Partners have signed this version already, so it stands. Publish another version to change it."))
    version.state = Version.State.WITHDRAWN
    version.save(update_fields=["state", "updated_at"])
    audit.record(actor, "agreement.withdrawn", version, after={}, data={"version": version.number}, refs=(version.document_id,), at=at)
    announce(AgreementWithdrawn(version_id=version.pk, document_id=version.document_id, at=at))


def _checked_moment(document: Document, last: Version | None, effective_at: datetime | None, at: datetime) -> datetime:
    earliest = calendar.earliest_effect(at=at, notice_days=document.notice_days, is_first=last is None)
    moment = effective_at or max(earliest, last.effective_at if last and last.effective_at else earliest)
    if moment < earliest:
        raise NoticeTooShort(
            _("Partners are told %(days)s days ahead, so the earliest moment is %(earliest)s.")
            % {"days": document.notice_days if last else 0, "earliest": earliest.strftime("%Y-%m-%d %H:%M %Z")},
            field="effective_at",
        )
    if last and last.effective_at and moment <= last.effective_at and last.effective_at > at:
        said = {"number": last.number, "day": last.effective_at.date()}
        raise VersionsOverlap(_("Version %(number)s is announced for %(day)s. Choose a later date, or withdraw it first.") % said, field="effective_at")
    return moment


def _refuse_empty(draft: Version, last: Version | None) -> None:
    if len(draft.text) < 20:
        raise Invalid(_("The text is empty. Write it before you publish it."), field="text")
    if last and last.sha256 == draft.sha256:
        raise NothingChanged(_("This draft says the same as version %(number)s. Change the text first.") % {"number": last.number})


def _seal(draft: Version, document: Document, actor: Actor, at: datetime, *, is_first: bool) -> None:
    newest = Version.objects.filter(document=document).aggregate(newest=Max("number"))["newest"] or 0
    draft.number, draft.state = newest + 1, Version.State.PUBLISHED
    draft.notice_days = 0 if is_first else document.notice_days
    draft.published_by, draft.published_by_name, draft.published_at = actor.user_id, actor.name, at
    draft.save()
    if document.title != draft.title:
        document.title, document.version = draft.title, document.version + 1
        document.save(update_fields=["title", "version", "updated_at"])


def _published(version: Version, document: Document, at: datetime) -> AgreementPublished:
    return AgreementPublished(
        version_id=version.pk,
        document_id=document.pk,
        code=document.code,
        kind=document.kind,
        number=version.number,  # type: ignore[arg-type]
        program_id=document.program_id,
        effective_at=version.effective_at,  # type: ignore[arg-type]
        at=at,
    )
