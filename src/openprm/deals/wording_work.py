"""The words of protection that reflects work, and of the customer's choice."""

from django.utils.translation import gettext_lazy as _

CAUSE = {
    "call": _("Call"),
    "email": _("E-mail"),
    "meeting": _("Meeting"),
    "demo": _("Demo"),
    "proposal": _("Proposal"),
    "visit": _("Visit"),
    "stage": _("New stage"),
    "document": _("File"),
    "quiet": _("Quiet week"),
}
CAUSE_ICON = {
    "call": "phone",
    "email": "mail",
    "meeting": "users-round",
    "demo": "eye",
    "proposal": "file-text",
    "visit": "map-pin",
    "stage": "columns-3",
    "document": "paperclip",
    "quiet": "clock",
}
STEP = {
    "opened": _("The protection begins"),
    "gained": _("Work counts"),
    "announced": _("A shortening is announced"),
    "shortened": _("The announced shortening holds"),
    "lifted": _("The announcement is lifted"),
    "by_hand": _("Changed by a person"),
}
STEP_TONE = {"opened": "info", "gained": "ok", "announced": "warn", "shortened": "bad", "lifted": "ok", "by_hand": "info"}
CHOICE_STATE = {
    "notice": (_("Notice runs"), "warn"),
    "objected": (_("Partner objects"), "bad"),
    "released": (_("Released"), "neutral"),
    "dropped": (_("Dropped"), "neutral"),
}
WORK_DONE = {
    "none": _("Work already done is not compensated."),
    "credit": _("Work already done is credited to the partner."),
    "paid": _("Work already done is compensated by agreement."),
}
