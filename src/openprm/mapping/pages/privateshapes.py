"""Rows of the pages of private comparisons: what the queries found, in words and with addresses."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openprm.mapping import privatewording as wording
from openprm.mapping.queries import ListView
from openprm.mapping.queries.private import HeadView, PeerView, RunView


def peer_row(one: PeerView) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "address": one.url,
        "state": wording.PEER_STATE[one.state],
        "tone": wording.PEER_TONE[one.state],
        "is_pinned": one.is_pinned,
        "left": ngettext("%(left)d of %(runs)d left", "%(left)d of %(runs)d left", one.limits.runs) % {"left": one.left, "runs": one.limits.runs},
        "least": one.limits.least,
        "url": reverse("mapping:private_peer", args=[one.id]),
    }


def run_row(one: RunView) -> dict[str, Any]:
    return {
        "peer": one.peer,
        "peer_url": reverse("mapping:private_peer", args=[one.peer_id]),
        "purpose": one.purpose,
        "asked": wording.ASKED_FOR[one.mode, one.began_it],
        "state": wording.STATE[one.state],
        "tone": wording.STATE_TONE.get(one.state, ""),
        "list": one.list,
        "common": one.common,
        "created_at": one.created_at,
        "url": reverse("mapping:private_run", args=[one.id]),
    }


def list_choice(one: ListView) -> str:
    said = ngettext("%(name)s (%(count)d company)", "%(name)s (%(count)d companies)", one.row_count)
    return said % {"name": one.name, "count": one.row_count}


def learns(one: RunView) -> dict[str, list[str]]:
    """What each side learns by this comparison, in plain words."""
    return {"them": [_size(one.our_points, theirs=False), _result(one, theirs=True)], "us": [_size(one.their_points, theirs=True), _result(one, theirs=False)]}


def _size(points: int | None, *, theirs: bool) -> str:
    if points is None:
        return _("About how long their list is: its length, rounded up.") if theirs else _("About how long our list is: its length, rounded up.")
    said = _("That their list has at most %(points)d domains.") if theirs else _("That our list has at most %(points)d domains.")
    return said % {"points": points}


def _result(one: RunView, *, theirs: bool) -> str:
    if not one.names:
        return _("How many companies both lists have. Not which, and nothing of the rest.")
    if theirs:
        return _("Which of its own companies we have too, and that we have none of its others. Nothing of our other companies.")
    return _("Which of our own companies they have too, and that they have none of our others. Nothing of their other companies.")


def head_row(one: HeadView, names: dict[str, str]) -> dict[str, Any]:
    return {
        "step": wording.STEP[one.step],
        "mode": wording.MODE[one.mode],
        "at": one.at,
        "sender": one.sender,
        "sender_name": names.get(one.sender, ""),
        "receiver": one.receiver,
        "receiver_name": names.get(one.receiver, ""),
        "purpose": one.purpose,
        "points": one.points,
        "common": one.common,
    }
