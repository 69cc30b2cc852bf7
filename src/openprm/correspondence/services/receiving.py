"""A mail comes in: whose it is, whether it is what it says, and then it is a note like any other.

Whatever happens is written into the log. Only a person whom the address and the sender name alike is told why a mail
was refused; a stranger gets the answer of the mail server and nothing else, so that nobody can make us write to others.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from openprm.correspondence import kinds, rules
from openprm.correspondence.engine import message
from openprm.correspondence.engine.message import Incoming
from openprm.correspondence.models import ActionLink, ReceivedMail, ReplyAddress
from openprm.correspondence.ports import About, MailFile, ThreadKind
from openprm.correspondence.services import addresses, telling
from openprm.correspondence.services.common import actor_at
from openprm.correspondence.wording import reason_words
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, NotAllowed, NotFound, Refusal, refused_by
from openprm.kernel.files import MAX_BYTES, sniff
from openprm.kernel.scope import scope, system_scope

OUTCOME = ReceivedMail.Outcome
MOST_PER_HOUR = 60

ANSWERS = {
    "unknown_address": "550 5.1.1",
    "unreadable": "554 5.6.0",
    "empty": "554 5.6.0",
    "file_refused": "554 5.6.1",
    "not_accepted": "554 5.6.0",
    "too_large": "552 5.3.4",
    "too_many": "451 4.7.1",
    "not_genuine": "550 5.7.26",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a mail. `reply` is the line for the mail server."""

    outcome: str
    reason: str = ""
    detail: str = ""

    @property
    def reply(self) -> str:
        if self.outcome != OUTCOME.REFUSED:
            return "250 2.0.0 OK"
        said = f"{reason_words(self.reason)} {self.detail}".strip() if self.reason in _TOLD else reason_words(self.reason)
        return f"{ANSWERS.get(self.reason, '550 5.7.1')} {' '.join(said.split())}".encode("ascii", "replace").decode()[:400]

    @property
    def is_refused(self) -> bool:
        return self.outcome == OUTCOME.REFUSED


_TOLD = {"thread_gone", "not_allowed", "empty", "file_refused", "not_accepted"}


class Stopped(Exception):
    """The mail goes no further. `tell` names the person who may hear why."""

    def __init__(self, reason: str, detail: str = "", *, outcome: str = OUTCOME.REFUSED, tell: Actor | None = None):
        self.answer, self.tell = Answer(outcome=outcome, reason=reason, detail=detail[:500]), tell
        super().__init__(reason)


@dataclass(slots=True)
class Post:
    """One mail on its way through the checks, with what is known of it so far."""

    raw: bytes = field(repr=False)
    envelope_sender: str | None
    recipient: str
    at: datetime
    mail: Incoming | None = None
    address: ReplyAddress | None = None
    about: About | None = None


def receive(*, raw: bytes, recipient: str, envelope_sender: str | None = None, at: datetime) -> Answer:
    """Take one mail for one of our addresses. Never raises for what a mail can hold; a failing database rises."""
    post = Post(raw=raw, envelope_sender=envelope_sender, recipient=recipient, at=at)
    with system_scope():
        try:
            _take(post)
            return Answer(outcome=OUTCOME.ACCEPTED)
        except Stopped as stopped:
            _log(post, stopped.answer)
            telling.tell(stopped, post)
            telling.write_down(stopped, post)
            return stopped.answer


def refuse_recipient(*, recipient: str, envelope_sender: str | None, at: datetime) -> Answer | None:
    """The first question of a mail server: None when the address is one of ours. A stranger's is logged, within bounds."""
    if addresses.is_genuine(recipient):
        return None
    answer = Answer(outcome=OUTCOME.REFUSED, reason="unknown_address")
    with system_scope():
        _log(Post(raw=b"", envelope_sender=envelope_sender, recipient=recipient, at=at), answer)
    return answer


def refuse_size(*, recipient: str, envelope_sender: str | None, at: datetime) -> Answer:
    answer = Answer(outcome=OUTCOME.REFUSED, reason="too_large")
    with system_scope():
        _log(Post(raw=b"", envelope_sender=envelope_sender, recipient=recipient, at=at, address=addresses.find(recipient)), answer)
    return answer


def _take(post: Post) -> None:
    post.address = addresses.find(post.recipient)
    if post.address is None:
        raise Stopped("unknown_address")
    if len(post.raw) > rules.LONGEST_MAIL:
        raise Stopped("too_large")
    post.mail = _read(post.raw)
    if post.envelope_sender is None:
        post.envelope_sender = post.mail.return_path
    _stop_machines(post, post.mail)
    _stop_closed(post, post.address)
    _stop_strangers(post.address, post.mail)
    _keep(post, post.address, post.mail)


def _read(raw: bytes) -> Incoming:
    try:
        return message.read(raw)
    except message.Unreadable as error:
        raise Stopped("unreadable", str(error)) from None


def _stop_machines(post: Post, mail: Incoming) -> None:
    """Answers of machines are taken and thrown away: refusing them would make the other machine answer again."""
    found = rules.written_by_machine(mail.headers, envelope_sender=post.envelope_sender, hops=mail.hops)
    if found:
        raise Stopped(found.code, found.said, outcome=OUTCOME.IGNORED)
    ours = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    if mail.sender.endswith(f"@{kinds.reply_domain()}") or rules.same_address(mail.sender, ours):
        raise Stopped("own_mail", outcome=OUTCOME.IGNORED)


def _stop_closed(post: Post, address: ReplyAddress) -> None:
    if not addresses.may_answer(address.user_id):
        raise Stopped("replies_off")
    if (state := address.state(post.at)) != "active":
        raise Stopped(state)
    lately = ReceivedMail.objects.filter(address=address, at__gt=post.at - timedelta(hours=1), outcome=OUTCOME.ACCEPTED)
    if lately.count() >= MOST_PER_HOUR:
        raise Stopped("too_many")


def _stop_strangers(address: ReplyAddress, mail: Incoming) -> None:
    """The secret address alone is not enough: whoever a mail was forwarded to knows it too."""
    if len(mail.from_addresses) != 1 or not rules.same_address(mail.sender, address.user.email):
        raise Stopped("sender_differs", _("From %(sender)s.") % {"sender": mail.sender[:200]})
    if kinds.authserv():
        verdict = rules.judged(mail.results, authserv=kinds.authserv(), sender=mail.sender)
        if not verdict.is_genuine:
            raise Stopped("not_genuine", verdict.said)


def _keep(post: Post, address: ReplyAddress, mail: Incoming) -> None:
    """As the person, with the person's rights of this moment. All of it or nothing."""
    kind, actor = _writer(address)
    with translation.override(actor.locale):
        files = _files(actor, mail)
        text = mail.text()
        if not text and not files:
            raise Stopped("empty", _("Write above the quoted mail."), tell=actor)
        try:
            with transaction.atomic(), refused_by("mail_accepted_once", Twice()):
                _log(post, Answer(outcome=OUTCOME.ACCEPTED), files=len(files))
                ReplyAddress.objects.filter(pk=address.pk).update(last_used_at=post.at)
                with scope(actor):
                    post.about = kind.describe(actor=actor, subject_id=address.subject_id, at=post.at)
                    kind.receive(actor=actor, subject_id=address.subject_id, text=text, files=files, at=post.at)
        except Twice:
            raise Stopped("", outcome=OUTCOME.REPEATED) from None
        except Refusal as refusal:
            raise Stopped(_reason_of(refusal), refusal.message, tell=actor) from None


class Twice(Conflict):
    """This very mail was taken before."""


def _writer(address: ReplyAddress) -> tuple[ThreadKind, Actor]:
    kind = kinds.find_thread(address.thread)
    if kind is None:
        raise Stopped("thread_gone")
    try:
        return kind, actor_at(address.user_id, address.organization_id)
    except NotFound:
        raise Stopped("person_gone") from None


def _files(actor: Actor, mail: Incoming) -> tuple[MailFile, ...]:
    if len(mail.files) > rules.MOST_FILES:
        raise Stopped("file_refused", _("A mail brings at most %(most)d files.") % {"most": rules.MOST_FILES}, tell=actor)
    for attached in mail.files:
        said = {"name": attached.name or "?", "most": MAX_BYTES // 2**20}
        if len(attached.content) > MAX_BYTES:
            raise Stopped("file_refused", _("%(name)s is larger than %(most)d MB.") % said, tell=actor)
        if sniff(attached.content) is None:
            raise Stopped("file_refused", _("%(name)s is not a PDF, PNG, JPEG, Word, Excel, PowerPoint or plain text file.") % said, tell=actor)
    return tuple(MailFile(name=attached.name or "file", content=attached.content) for attached in mail.files)


def _reason_of(refusal: Refusal) -> str:
    if isinstance(refusal, NotFound):
        return "thread_gone"
    return "not_allowed" if isinstance(refusal, NotAllowed) else "not_accepted"


def _log(post: Post, answer: Answer, *, files: int = 0) -> None:
    """One row of the log. The words of the mail are not kept, nor the secret part of the address."""
    if answer.reason == "unknown_address" and _enough_strangers(post.at):
        return
    mail, address = post.mail, post.address
    ReceivedMail.objects.create(
        at=post.at,
        outcome=answer.outcome,
        reason=answer.reason,
        detail=_line(answer.detail, 500),
        sender=_line(mail.sender if mail else "", 254),
        envelope_sender=_line(post.envelope_sender or "", 254),
        subject=_line(mail.subject if mail else "", 200),
        message_digest=mail.digest if mail else "",
        size=len(post.raw),
        files=files,
        address=address,
        user_id=address.user_id if address else None,
        thread=address.thread if address else "",
        thread_title=address.title if address else "",
        subject_id=address.subject_id if address else None,
    )


def _enough_strangers(at: datetime) -> bool:
    """Whoever tries addresses by the million fills no disk."""
    lately = ReceivedMail.objects.filter(reason="unknown_address", at__gt=at - timedelta(days=1))
    return lately[: rules.UNKNOWN_LOGGED_PER_DAY].count() >= rules.UNKNOWN_LOGGED_PER_DAY


def _line(text: str, longest: int) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()[:longest]


def forget_old(*, at: datetime) -> int:
    """Throw away what ended half a year ago: addresses, links, the log. Gives how many rows."""
    before = at - rules.KEPT_FOR
    found = (
        ReceivedMail.objects.filter(at__lt=before),
        ActionLink.objects.filter(expires_at__lt=before),
        ReplyAddress.objects.filter(expires_at__lt=before),
    )
    return sum(rows.delete()[0] for rows in found)
