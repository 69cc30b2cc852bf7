"""The roles in words: for forms, lists and mails."""

from django.utils.translation import gettext_lazy as _

LABELS = {
    "vendor_admin": _("Administrator"),
    "partner_manager": _("Partner manager"),
    "marketing_manager": _("Partner marketing"),
    "finance_manager": _("Finance"),
    "vendor_reader": _("Read-only"),
    "partner_admin": _("Administrator"),
    "partner_sales": _("Sales"),
    "partner_marketer": _("Marketing"),
    "partner_technical": _("Technical"),
    "partner_reader": _("Read-only"),
    "partner_collaborator": _("Collaborator only"),
}
ABOUT = {
    "vendor_admin": _("Everything, with people, rules and branding"),
    "partner_manager": _("Decides deals, runs partners and accounts"),
    "marketing_manager": _("Campaigns, content and market funds"),
    "finance_manager": _("Commissions, claims and payouts"),
    "vendor_reader": _("Sees everything, changes nothing"),
    "partner_admin": _("Everything of this partner, with its people"),
    "partner_sales": _("Registers and works deals"),
    "partner_marketer": _("Campaigns and market funds"),
    "partner_technical": _("Training, certificates and technical help"),
    "partner_reader": _("Sees everything of this partner, changes nothing"),
    "partner_collaborator": _("Sees only the deals it is added to"),
}


def label(role: str) -> str:
    return str(LABELS.get(role, role))


def in_words(roles: tuple[str, ...]) -> str:
    """For a form's help: "Sales: registers and works deals. Read-only: ..."."""
    return " ".join(f"{LABELS[role]}: {str(ABOUT[role])[0].lower()}{str(ABOUT[role])[1:]}." for role in roles)


def label_choices(roles: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(role, str(LABELS[role])) for role in roles]
