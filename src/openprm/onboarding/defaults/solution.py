"""Partners who build on our products."""

from django.utils.translation import gettext as _

from openprm.onboarding.defaults.parts import REGISTER, arrive, happens, ours, review, yours
from openprm.onboarding.rules.content import Content, Kind, LevelSpec


def solution() -> Content:
    return Content(
        stuck_days=21,
        levels=(
            arrive(
                yours(
                    "offer",
                    _("Describe the offer you will build on ours"),
                    _("What it does, for whom, and what it needs from us. One page is enough."),
                    21,
                    "partner_technical",
                    kind=Kind.UPLOAD,
                    needs_evidence=True,
                ),
                ours("sandbox", _("Open a test environment"), _("With sample data and keys for your developers."), 10),
            ),
            LevelSpec(
                key="build",
                name=_("Build and prove"),
                about=_("Your people know the product and your offer runs."),
                badge=_("Solution builder"),
                benefit=_("Your offer is listed as “in validation” to our sales people."),
                tasks=(
                    yours(
                        "technical-course",
                        _("Finish the technical basics"),
                        _("Two engineers. Add the certificates as evidence."),
                        45,
                        "partner_technical",
                        kind=Kind.UPLOAD,
                        needs_evidence=True,
                    ),
                    yours("prototype", _("Show a running prototype"), _("A recording or a live call; a rough edge is fine."), 60, "partner_technical"),
                    ours("architecture", _("Review the architecture together"), _("Security, data, operations. The findings go into the comments."), 60),
                    happens(
                        "compliance",
                        _("Pass the compliance check"),
                        _("Questionnaire and papers, so that enterprise customers can buy from you."),
                        60,
                        "compliance.cleared",
                    ),
                ),
            ),
            LevelSpec(
                key="launch",
                name=_("Launch"),
                about=_("The market knows the offer, and the first customer uses it."),
                badge=_("Solution launched"),
                benefit=_("Co-marketing for the launch, planned with our marketing manager."),
                tasks=(
                    yours(
                        "story",
                        _("Write the launch page"),
                        _("Problem, offer, proof. Our marketing manager helps with words and pictures."),
                        75,
                        "partner_marketer",
                        kind=Kind.FILL,
                    ),
                    happens(
                        "profile",
                        _("Publish your profile in the directory"),
                        _("With the offer, the regions and the industries."),
                        75,
                        "directory.profile_published",
                        "partner_marketer",
                    ),
                    happens(
                        "first-registration",
                        _("Register the first deal"),
                        _("It takes a minute and protects your work."),
                        80,
                        "deals.first_registration",
                        "partner_sales",
                        link=REGISTER,
                    ),
                    ours("launch-call", _("Present the offer to our sales team"), _("Twenty minutes in the weekly sales call."), 85),
                    review(),
                ),
            ),
        ),
    )
