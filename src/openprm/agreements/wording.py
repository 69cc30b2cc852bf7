"""How states, roles and closed actions are called in front of people."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from openprm.ui.cells import Badge

STANDING = {
    "draft": (_("Draft"), "warn"),
    "announced": (_("Announced"), "info"),
    "in_force": (_("In force"), "ok"),
    "superseded": (_("Replaced"), ""),
    "withdrawn": (_("Withdrawn"), "warn"),
}
STATUS = {
    "sent": (_("To sign"), "info"),
    "declined": (_("Declined"), "bad"),
    "accepted": (_("Signed"), "ok"),
    "superseded": (_("Overtaken"), ""),
    "expired": (_("No longer asked"), ""),
}
KIND_ICON = {
    "charter": "heart-handshake",
    "partner_agreement": "file-check",
    "rules_of_engagement": "scale",
    "data_processing": "shield-check",
    "other": "file-text",
}
ROLE = {
    "partner_admin": _("Administrators"),
    "partner_sales": _("Sales people"),
    "partner_marketer": _("Marketers"),
    "partner_technical": _("Technical people"),
}
BLOCK = {
    "deals": _("register deals"),
    "leads": _("receive leads"),
    "funds": _("request market funds"),
    "payouts": _("receive payouts"),
}
KIND = (
    ("charter", _("Charter")),
    ("partner_agreement", _("Partner agreement")),
    ("rules_of_engagement", _("Rules of engagement")),
    ("data_processing", _("Data processing terms")),
    ("other", _("Another kind")),
)


def standing_badge(standing: str) -> Badge:
    label, tone = STANDING[standing]
    return Badge(label, tone)


def status_badge(status: str, *, is_overdue: bool = False) -> Badge:
    if is_overdue:
        return Badge(_("Declined, overdue") if status == "declined" else _("Overdue"), "bad")
    label, tone = STATUS[status]
    return Badge(label, tone)


def blocks_in_words(blocks: Iterable[str]) -> str:
    return ", ".join(str(BLOCK[one]) for one in blocks)
