"""Who hears that a mail was refused."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.correspondence.wording import reason_words
from openprm.inbox import services as inbox
from openprm.kernel.actor import PUBLIC, Actor

FORGED = frozenset({"sender_differs", "not_genuine"})


def write_down(stopped: Any, post: Any) -> None:
    """A mail by somebody who is not the person of its address stands in the audit log, on the timeline of what it was about."""
    address, answer = post.address, stopped.answer
    if answer.reason not in FORGED:
        return
    owner = () if address.organization.is_vendor else (address.organization_id,)
    said = f"{reason_words(answer.reason)} {answer.detail}".strip()
    audit.record(PUBLIC, "mail.refused", address, after={}, refs=(address.subject_id,), visible_to=owner, data={"code": answer.reason}, note=said, at=post.at)


def tell(stopped: Any, post: Any) -> None:
    """The person itself when the mail was its own, by mail; the owner of an address that somebody else used, in the app, once a day."""
    if stopped.tell is not None:
        _refused(stopped.tell, stopped, post)
    elif stopped.answer.reason in FORGED:
        _misused(stopped, post)


def _refused(actor: Actor, stopped: Any, post: Any) -> None:
    answer, address = stopped.answer, post.address
    inbox.notify(
        to=[actor.user_id],
        kind="correspondence.refused",
        title=_("Your mail about %(title)s was not taken") % {"title": address.title},
        body=f"{reason_words(answer.reason)} {answer.detail}".strip(),
        url=reverse("correspondence:mine" if actor.is_vendor else "correspondence:portal_mine"),
        key=f"mail:{post.mail.digest}",
        at=post.at,
    )


def _misused(stopped: Any, post: Any) -> None:
    """No word to the stranger: the From line may be somebody else's."""
    address = post.address
    inbox.notify(
        to=[address.user_id],
        kind="correspondence.misused",
        title=_("Somebody else wrote to your address on %(title)s") % {"title": address.title},
        body=_("%(reason)s %(detail)s Nothing was written. Revoke the address if you passed a mail on.")
        % {"reason": reason_words(stopped.answer.reason), "detail": stopped.answer.detail},
        url=reverse("correspondence:mine" if address.organization.is_vendor else "correspondence:portal_mine"),
        key=f"misused:{address.pk}:{post.at.date()}",
        at=post.at,
    )
