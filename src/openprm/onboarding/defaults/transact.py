"""Partners who sell our products."""

from django.utils.translation import gettext as _

from openprm.onboarding.defaults.parts import REGISTER, arrive, happens, ours, review, yours
from openprm.onboarding.rules.content import Content, Kind, LevelSpec


def transact() -> Content:
    return Content(
        levels=(
            arrive(
                yours(
                    "plan",
                    _("Write down your first three target customers"),
                    _("Name them with why they would buy. Your partner manager checks for conflicts."),
                    21,
                    "partner_sales",
                    kind=Kind.FILL,
                ),
                ours("prices", _("Hand over the price list and the discount terms"), _("The list for your country, and who may approve more discount."), 10),
            ),
            LevelSpec(
                key="learn",
                name=_("Learn to sell"),
                about=_("Two people can pitch and give the demo, and your market hears of it."),
                badge=_("Ready to sell"),
                benefit=_("Your questions on deals are answered within one working day."),
                tasks=(
                    yours(
                        "sales-course",
                        _("Finish the sales basics"),
                        _("Two people, about three hours each. Add the certificates as evidence."),
                        45,
                        "partner_sales",
                        kind=Kind.UPLOAD,
                        needs_evidence=True,
                    ),
                    ours("demo", _("Give a demo together"), _("The partner manager shows it once, your people show it back."), 45),
                    yours(
                        "announce",
                        _("Tell your customers about us"),
                        _("A page, a post or a mail to your list. Put the link or a picture here."),
                        50,
                        "partner_marketer",
                        kind=Kind.FILL,
                        is_required=False,
                    ),
                    happens(
                        "first-registration",
                        _("Register the first deal"),
                        _("It takes a minute and protects your work. We answer by the promised time."),
                        60,
                        "deals.first_registration",
                        "partner_sales",
                        link=REGISTER,
                    ),
                ),
            ),
            LevelSpec(
                key="win",
                name=_("Win the first deal"),
                about=_("We sell with you until the first one is won."),
                badge=_("First win"),
                benefit=_("You plan the next quarter together with us."),
                tasks=(
                    ours("deal-desk", _("Join the first customer meeting"), _("The partner manager or a presales colleague comes along."), 70),
                    happens(
                        "first-approved",
                        _("Get the first deal approved"),
                        _("Then nobody else can take this customer for these products."),
                        75,
                        "deals.first_approved",
                        "partner_sales",
                    ),
                    happens(
                        "first-win",
                        _("Win the first deal"),
                        _("Mark it as won. We celebrate, and you keep what you learnt."),
                        90,
                        "deals.first_won",
                        "partner_sales",
                    ),
                    review(),
                ),
            ),
        )
    )
