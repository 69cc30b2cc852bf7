"""The news of a deal's life after its approval: kinds and words, beside those in `news`."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.inbox.ports import NotificationKind


def _kind(code: str, label: Any, **look: Any) -> NotificationKind:
    return NotificationKind(code=code, label=label, group=_("Deals"), **look)


LIFE_KINDS = (
    _kind("deals.reopened", _("a lost deal is taken up again"), icon="rotate-cw", tone="info"),
    _kind("deals.amendment_proposed", _("a partner asks to change an approved deal"), icon="pencil", tone="info", side="vendor"),
    _kind("deals.amended", _("an approved deal is changed"), icon="badge-check", tone="ok", mail="daily"),
    _kind("deals.amendment_rejected", _("a change of my deal is rejected"), icon="circle-x", tone="bad", side="partner"),
    _kind("deals.renewal_opened", _("a term ends and a renewal begins"), icon="alarm-clock", tone="warn"),
    _kind("deals.renewal_closed", _("a renewal is settled"), icon="calendar-days", side="vendor", mail="daily"),
)
LIFE_WORDS = {
    "deals.reopened": (_("%(title)s is taken up again"), _("%(number)s for %(customer)s, by %(partner)s: %(why)s")),
    "deals.amendment_proposed": (_("%(partner)s asks to change %(title)s"), _("%(number)s: %(what)s. “%(why)s”")),
    "deals.amended": (_("%(title)s is changed"), _("%(number)s: %(what)s. “%(why)s”")),
    "deals.amendment_rejected": (_("The change of %(title)s is rejected"), _("%(number)s stays as it is: %(why)s")),
    "deals.renewal_opened": (_("%(customer)s is up for renewal"), _("What %(number)s sold ends on %(what)s. %(why)s")),
    "deals.renewal_closed": (_("The renewal of %(customer)s is settled"), _("%(number)s: %(what)s. %(why)s")),
}
