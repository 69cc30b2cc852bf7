"""The words of intake: grounds, fields of forms, referrals, outcomes."""

from django.utils.translation import gettext_lazy as _

from openprm.leads.rules.consent import Ground

GROUND = {
    "double_opt_in": (_("Opt-in, confirmed by mail"), "ok"),
    "opt_in": (_("Opt-in"), "ok"),
    "existing_customer": (_("Existing customer"), ""),
    "legitimate_interest": (_("Legitimate interest"), ""),
    "none": (_("No person's data, or none asked for"), ""),
}
GROUND_ASKED = {
    Ground.OPT_IN: _("The person agreed (opt-in)"),
    Ground.DOUBLE_OPT_IN: _("The person agreed and confirmed it by mail (double opt-in)"),
    Ground.CUSTOMER: _("The company is a customer of ours"),
    Ground.INTEREST: _("Legitimate interest, weighed and written down"),
    Ground.NONE: _("None: only the company is named, or the law asks for none"),
}
NEED = {
    "double_opt_in": _("a confirmed opt-in"),
    "opt_in": _("an opt-in"),
    "interest": _("a legitimate interest"),
    "nothing": _("nothing"),
}
FIELD = {
    "contact_title": _("Role of the person"),
    "contact_phone": _("Telephone"),
    "company_domain": _("Web site"),
    "city": _("Town"),
    "postal_code": _("Postal code"),
    "employees": _("Employees"),
    "amount": _("Budget"),
    "product_line_id": _("Product line"),
    "message": _("What they need"),
}
ASKED = {
    "company_name": _("Company"),
    "contact_name": _("Your name"),
    "contact_email": _("E-mail at work"),
    "country": _("Country"),
    "contact_title": _("Your role"),
    "contact_phone": _("Telephone"),
    "company_domain": _("Web site"),
    "city": _("Town"),
    "postal_code": _("Postal code"),
    "employees": _("Employees"),
    "amount": _("Budget you have in mind"),
    "product_line_id": _("What it is about"),
    "message": _("What can we do for you?"),
}
DIRECTION = {
    "to_vendor": _("To us"),
    "to_partner": _("To another partner"),
    "from_vendor": _("From us"),
}
DIRECTION_OWN = {"to_vendor": _("To the vendor"), "to_partner": _("To another partner"), "from_vendor": _("From the vendor")}
OUTCOME = {
    "waiting": (_("Waits for an answer"), "warn"),
    "known": (_("Known before"), ""),
    "declined": (_("Declined"), "bad"),
    "routing": (_("Being placed"), "info"),
    "offered": (_("Offered to a partner"), "info"),
    "working": (_("Somebody works on it"), "info"),
    "won": (_("Won"), "ok"),
    "lost": (_("Ended without a deal"), ""),
}
STATE = {"waiting": _("Waits for an answer"), "taken_up": _("Taken up"), "declined": _("Declined"), "known": _("Known before")}
EVENT = {"created": (_("New lead"), "ok"), "known": (_("Joined a known lead"), ""), "erased": (_("Erased"), ""), "refused": (_("Refused"), "bad")}
CONFIDENCE = {
    "none": _("Too few partners or offers to say anything."),
    "little": _("Few partners or offers: read this as a picture, not as a measure."),
    "some": _("Enough partners to compare groups; single partners vary by chance."),
    "good": _("Many partners and offers stand behind these figures."),
}
