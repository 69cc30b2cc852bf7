"""Partners who advise and introduce customers."""

from django.utils.translation import gettext as _

from openprm.onboarding.defaults.parts import REGISTER, arrive, happens, ours, review, yours
from openprm.onboarding.rules.content import Content, Kind, LevelSpec


def influence() -> Content:
    return Content(
        levels=(
            arrive(
                yours(
                    "clients",
                    _("Say whom you advise"),
                    _("Industries, regions, company sizes. It tells us whom to bring you together with."),
                    14,
                    kind=Kind.FILL,
                )
            ),
            LevelSpec(
                key="recommend",
                name=_("Learn to recommend"),
                about=_("Know when we fit, when we do not, and how your introduction is honoured."),
                badge=_("Trusted adviser"),
                tasks=(
                    yours(
                        "fit-guide",
                        _("Read the guide to a good fit"),
                        _("Twenty minutes: the three questions that tell whether a customer should talk to us."),
                        35,
                    ),
                    ours("references", _("Share two customer stories from your field"), _("With a contact who is ready for a call."), 40, "marketing_manager"),
                    happens(
                        "profile",
                        _("Publish your profile in the directory"),
                        _("Customers find you by place and skill."),
                        50,
                        "directory.profile_published",
                        "partner_marketer",
                    ),
                    happens(
                        "first-introduction",
                        _("Bring in the first customer"),
                        _("Register the customer you introduce; the credit for it is yours."),
                        60,
                        "deals.first_registration",
                        "partner_sales",
                        link=REGISTER,
                    ),
                ),
            ),
            LevelSpec(
                key="credit",
                name=_("See the first result"),
                about=_("An introduction became a project."),
                badge=_("First result"),
                benefit=_("You are invited to the quarterly briefing on the roadmap."),
                tasks=(
                    ours("feedback", _("Tell you how the introduction went"), _("Honestly and within the promised time, also when it did not fit."), 75),
                    happens(
                        "first-win",
                        _("The first customer you brought decides for us"),
                        _("Won deals that you introduced count as yours."),
                        90,
                        "deals.first_won",
                        "partner_sales",
                    ),
                    review(),
                ),
            ),
        )
    )
