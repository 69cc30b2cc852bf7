"""The words people read for kinds, sides and directions."""

from django.utils.translation import gettext_lazy as _

KIND = {
    "call": _("Call"),
    "email": _("E-mail"),
    "meeting": _("Meeting"),
    "demo": _("Demo"),
    "proposal": _("Proposal"),
    "visit": _("Visit"),
    "other": _("Other"),
}
ICON = {
    "call": "phone",
    "email": "mail",
    "meeting": "users-round",
    "demo": "eye",
    "proposal": "file-text",
    "visit": "map-pin",
    "other": "message-square",
}
PURPOSE = {
    "support": _("Support"),
    "partner_invited": _("The partner invited us"),
    "customer_asked": _("The customer asked for us"),
    "sales": _("Sales"),
    "other": _("Something else"),
}
SIDE = {"vendor": _("Vendor"), "partner": _("Partner")}
DIRECTION = {"out": _("We reached out"), "in": _("The customer came to us")}
