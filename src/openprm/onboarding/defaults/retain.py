"""Partners who run the product for customers."""

from django.utils.translation import gettext as _

from openprm.onboarding.defaults.parts import REGISTER, arrive, happens, ours, review, yours
from openprm.onboarding.rules.content import Content, Kind, LevelSpec


def retain() -> Content:
    return Content(
        levels=(
            arrive(
                yours("services", _("List the services you run for customers"), _("Operation, support, success. With your service hours."), 14, kind=Kind.FILL)
            ),
            LevelSpec(
                key="operate",
                name=_("Ready to operate"),
                about=_("Your people can run the product for customers, and both sides know whom to call."),
                badge=_("Ready to operate"),
                tasks=(
                    yours(
                        "operations-course",
                        _("Finish the operations basics"),
                        _("Two people of your service desk. Add the certificates as evidence."),
                        40,
                        "partner_technical",
                        kind=Kind.UPLOAD,
                        needs_evidence=True,
                    ),
                    ours("escalation", _("Agree on the way to escalate"), _("Names and numbers on both sides, tested once."), 40),
                    yours("health", _("Choose the customers you look after"), _("The ones with renewals in the next two quarters first."), 55, kind=Kind.FILL),
                    happens(
                        "compliance",
                        _("Pass the compliance check"),
                        _("You work with customers' data; the papers protect both of us."),
                        60,
                        "compliance.cleared",
                    ),
                ),
            ),
            LevelSpec(
                key="renew",
                name=_("Keep and grow"),
                about=_("The first renewal or extension goes through you."),
                badge=_("Customer keeper"),
                benefit=_("Renewals of your customers are offered to you first."),
                tasks=(
                    ours("success-plan", _("Write a success plan for one customer together"), _("Goals of the customer, risks, next review."), 70),
                    happens(
                        "first-registration",
                        _("Register the first renewal or extension"),
                        _("So that nobody else works on it at the same time."),
                        75,
                        "deals.first_registration",
                        "partner_sales",
                        link=REGISTER,
                    ),
                    happens("first-win", _("Close the first renewal or extension"), _("Mark it as won."), 90, "deals.first_won", "partner_sales"),
                    review(),
                ),
            ),
        )
    )
