"""How motions and reasons are called in front of people."""

from django.utils.translation import gettext_lazy as _

MOTION = {"direct": _("We sell directly"), "channel": _("Partners sell"), "shared": _("Both sell")}
MOTION_TONE = {"direct": "warn", "channel": "ok", "shared": ""}
ACCESS = {"registration": _("registered a deal"), "shared": _("shared by the vendor"), "imported": _("imported")}
REASON = {"domain": _("Web domain"), "name": _("Company"), "trigram": _("Company, spelt nearly so"), "country": _("Country")}
