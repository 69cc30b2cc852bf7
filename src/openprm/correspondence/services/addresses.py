"""Addresses under which one person can write on one thread."""

from datetime import datetime
from uuid import UUID

from openprm.correspondence import kinds, queries, rules
from openprm.correspondence.models import ReplyAddress
from openprm.correspondence.ports import ThreadKind
from openprm.kernel.actor import Actor


def may_answer(user_id: UUID) -> bool:
    """Whether this person's mails can carry an address at all. In the system's scope."""
    return queries.ways().can_answer and queries.choice_of(user_id).replies


def address_for(*, kind: ThreadKind, actor: Actor, subject_id: UUID, title: str, at: datetime) -> str:
    """The person's address on this thread, living on with each mail that names it. In the system's scope."""
    place = {"user_id": actor.user_id, "organization_id": actor.organization_id, "thread": kind.code, "subject_id": subject_id, "revoked_at": None}
    row, _made = ReplyAddress.objects.update_or_create(**place, defaults={"title": title[:200], "expires_at": at + rules.ADDRESS_LASTS})
    return written(row.pk)


def written(row_id: UUID) -> str:
    return f"{rules.PREFIX}{rules.token_of(row_id, kinds.signing_key())}@{kinds.reply_domain()}"


def find(address: str) -> ReplyAddress | None:
    """The row that an address names; None for one that was not given out here. In the system's scope."""
    token = rules.token_in(address, kinds.reply_domain())
    row_id = rules.row_of(token, kinds.signing_key()) if token else None
    return ReplyAddress.objects.filter(pk=row_id).first() if row_id else None


def is_genuine(address: str) -> bool:
    """Whether an address carries our signature, without a look into the database: for the first question of a mail server."""
    token = rules.token_in(address, kinds.reply_domain())
    return bool(token and rules.row_of(token, kinds.signing_key()))
