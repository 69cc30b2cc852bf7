"""How kinds, states, steps and data kinds are called in front of people."""

from django.utils.translation import gettext_lazy as _

KIND = {"mutual": _("By agreement"), "vendor": _("By the vendor"), "partner": _("By the partner"), "cause": _("For cause")}
STATUS = {
    "requested": (_("Requested"), "warn"),
    "open": (_("Leaving"), "info"),
    "done": (_("Left"), ""),
    "declined": (_("Declined"), ""),
    "canceled": (_("Called off"), ""),
    "reinstated": (_("Taken back"), "ok"),
}
STEP_STATE = {
    "waiting": (_("Waiting"), ""),
    "running": (_("Running"), "info"),
    "done": (_("Done"), "ok"),
    "skipped": (_("Nothing to do"), ""),
    "failed": (_("Failed"), "bad"),
}
DATA_KIND = {
    "people": (_("Names and addresses of its people"), _("Accounts stay without a name, so that deals still say that one and the same person acted.")),
    "export": (_("The export and its link"), _("The file with everything the partner could read, behind an address of its own.")),
}
KEPT = (
    (_("Deals and their decisions"), _("Kept: they are facts about customers and money, and other partners' protections stand on them.")),
    (_("Money"), _("Kept as long as the law on bookkeeping asks.")),
    (_("The sealed log"), _("Kept unchanged. It names who acted at the time; nobody, not even the vendor, can edit it.")),
)
FAREWELL = _("Thank you for the years in which we sold together. If your plans change, our door is open.")
