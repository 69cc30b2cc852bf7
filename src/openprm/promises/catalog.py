"""The promises that the domains make, and how a target reads."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openprm.kernel.registry import registry
from openprm.promises.ports import PromiseKind
from openprm.promises.rules.targets import Target, Unit


def kinds() -> tuple[PromiseKind, ...]:
    return tuple(sorted(registry.all("promises"), key=lambda kind: (kind.order, kind.code)))


def find_kind(code: str) -> PromiseKind | None:
    return next((kind for kind in registry.all("promises") if kind.code == code), None)


def in_words(target: Target | None) -> str:
    """ "2 working days", "24 working hours", "5 days"."""
    if target is None:
        return _("no set time")
    words = {
        Unit.BUSINESS_DAYS: ngettext("%(count)d working day", "%(count)d working days", target.amount),
        Unit.BUSINESS_HOURS: ngettext("%(count)d working hour", "%(count)d working hours", target.amount),
        Unit.DAYS: ngettext("%(count)d day", "%(count)d days", target.amount),
    }
    return words[target.unit] % {"count": target.amount}


def name_of(code: str, side: str, target: Target | None) -> str:
    """The promise as one side reads it, with its time; the code itself when no domain makes it any more."""
    kind = find_kind(code)
    return str(kind.name_for(side)).replace("%(target)s", in_words(target)) if kind else code
