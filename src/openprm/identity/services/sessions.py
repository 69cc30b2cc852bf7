"""Signed-in sessions: listed, ended one by one or all at once."""

from datetime import datetime
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils.translation import gettext as _

from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound, refuse_if


def revoke_session(*, actor: Actor, session_id: int) -> None:
    """End one of one's own sessions; that browser is signed out at its next step. Raises NotFound."""
    _refuse_in_view(actor)
    session = UserSession.objects.filter(pk=session_id, user_id=actor.user_id).first()
    if session is None:
        raise NotFound()
    session.end()


def revoke_other_sessions(*, actor: Actor, current_key: str | None) -> int:
    """End all of one's own sessions but the current one; gives how many ended."""
    _refuse_in_view(actor)
    others = UserSession.objects.filter(user_id=actor.user_id).exclude(session_key=current_key or "")
    return _end(others)


def end_sessions_of(user_id: UUID) -> int:
    """End every session of a person, the current one included."""
    return _end(UserSession.objects.filter(user_id=user_id))


def forget_ended_sessions(*, at: datetime) -> int:
    """Delete sessions past their date, and what was noted about sessions that are gone; gives how many ended."""
    count, _by_model = Session.objects.filter(expire_date__lt=at).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return count


def _end(sessions) -> int:
    keys = list(sessions.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    sessions.delete()
    return len(keys)


def _refuse_in_view(actor: Actor) -> None:
    if actor.read_only:
        refuse_if(_("You are viewing the portal as a partner. Leave the view before you end sessions."))
