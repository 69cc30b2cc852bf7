"""What identity's pages share: addresses on both sides, one way to try a change."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.urls import reverse

from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, TooMany
from openprm.ui.fields import add_problems


def address(actor: Actor, name: str, *args: Any) -> str:
    """The address of a page that both workspaces have, on the actor's side."""
    prefix = "portal_" if actor.is_partner else ""
    return reverse(f"identity:{prefix}{name}", args=args)


def tried(form: forms.Form, change: Callable[[], Any]) -> tuple[bool, Any]:
    """Run `change` when the form is well-formed; a refusal goes beside its field. Gives (done, result)."""
    if not form.is_valid():
        return False, None
    try:
        return True, change()
    except (Invalid, Conflict, TooMany) as refusal:
        add_problems(form, refusal)
        return False, None
