"""The templates that stand when nobody has written any: 30, 60 and 90 days for each way of working together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.onboarding.rules.content import Content, Kind, LevelSpec, Side, TaskSpec

TEAM, RULES, PROMISES, REGISTER, PRECHECK = "/portal/settings/team/", "/portal/rules/", "/portal/promises/", "/portal/deals/register/", "/portal/check/"
WELCOME = "/portal/welcome/"


@dataclass(frozen=True)
class Default:
    code: str
    name: Any
    about: Any
    motion: str
    content: Callable[[], Content]


def _ours(key: str, title: str, about: str, days: int, role: str = "partner_manager", **more: Any) -> TaskSpec:
    return TaskSpec(key=key, title=title, about=about, side=Side.VENDOR, role=role, offset_days=days, **more)


def _yours(key: str, title: str, about: str, days: int, role: str = "partner_admin", **more: Any) -> TaskSpec:
    return TaskSpec(key=key, title=title, about=about, side=Side.PARTNER, role=role, offset_days=days, **more)


def _happens(key: str, title: str, about: str, days: int, milestone: str, role: str = "partner_admin", **more: Any) -> TaskSpec:
    return _yours(key, title, about, days, role, kind=Kind.MILESTONE, milestone=milestone, **more)


def _arrive(*more: TaskSpec) -> LevelSpec:
    """The first 30 days are the same for everybody: people, papers, a plan."""
    return LevelSpec(
        key="arrive",
        name=_("Arrive"),
        about=_("Know each other, settle the papers, get your people in."),
        badge=_("Welcome aboard"),
        tasks=(
            _happens(
                "kit", _("Open your welcome kit"), _("Who looks after you, where to sign in, and what comes first."), 3, "onboarding.kit_opened", link=WELCOME
            ),
            _ours("kick-off", _("Hold the kick-off call"), _("Thirty minutes: who does what on both sides, and what a good first quarter looks like."), 5),
            _happens(
                "team",
                _("Bring in two colleagues"),
                _("Invite the people who sell and who deliver. Each signs in with an own account."),
                10,
                "partner.team_of_three",
                link=TEAM,
                is_required=False,
            ),
            _happens(
                "agreement",
                _("Accept the partner agreement"),
                _("Read it, ask about it, accept it. It says what each side owes the other."),
                14,
                "agreements.accepted",
            ),
            _yours(
                "rules",
                _("Read how we decide"),
                _("The rules for deals and the times we promise, in plain words. Comment here on what is unclear."),
                14,
                link=RULES,
            ),
            *more,
        ),
    )


def _review() -> TaskSpec:
    return _ours(
        "review", _("Look back at the first 90 days"), _("What worked, what did not, and one thing each side changes. Write the result into the comments."), 90
    )


def _transact() -> Content:
    return Content(
        levels=(
            _arrive(
                _yours(
                    "plan",
                    _("Write down your first three target customers"),
                    _("Name them with why they would buy. Your partner manager checks for conflicts."),
                    21,
                    "partner_sales",
                    kind=Kind.FILL,
                ),
                _ours("prices", _("Hand over the price list and the discount terms"), _("The list for your country, and who may approve more discount."), 10),
            ),
            LevelSpec(
                key="learn",
                name=_("Learn to sell"),
                about=_("Two people can pitch and give the demo, and your market hears of it."),
                badge=_("Ready to sell"),
                benefit=_("Your questions on deals are answered within one working day."),
                tasks=(
                    _yours(
                        "sales-course",
                        _("Finish the sales basics"),
                        _("Two people, about three hours each. Add the certificates as evidence."),
                        45,
                        "partner_sales",
                        kind=Kind.UPLOAD,
                        needs_evidence=True,
                    ),
                    _ours("demo", _("Give a demo together"), _("The partner manager shows it once, your people show it back."), 45),
                    _yours(
                        "announce",
                        _("Tell your customers about us"),
                        _("A page, a post or a mail to your list. Put the link or a picture here."),
                        50,
                        "partner_marketer",
                        kind=Kind.FILL,
                        is_required=False,
                    ),
                    _happens(
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
                    _ours("deal-desk", _("Join the first customer meeting"), _("The partner manager or a presales colleague comes along."), 70),
                    _happens(
                        "first-approved",
                        _("Get the first deal approved"),
                        _("Then nobody else can take this customer for these products."),
                        75,
                        "deals.first_approved",
                        "partner_sales",
                    ),
                    _happens(
                        "first-win",
                        _("Win the first deal"),
                        _("Mark it as won. We celebrate, and you keep what you learnt."),
                        90,
                        "deals.first_won",
                        "partner_sales",
                    ),
                    _review(),
                ),
            ),
        )
    )


def _influence() -> Content:
    return Content(
        levels=(
            _arrive(
                _yours(
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
                    _yours(
                        "fit-guide",
                        _("Read the guide to a good fit"),
                        _("Twenty minutes: the three questions that tell whether a customer should talk to us."),
                        35,
                    ),
                    _ours("references", _("Share two customer stories from your field"), _("With a contact who is ready for a call."), 40, "marketing_manager"),
                    _happens(
                        "profile",
                        _("Publish your profile in the directory"),
                        _("Customers find you by place and skill."),
                        50,
                        "directory.profile_published",
                        "partner_marketer",
                    ),
                    _happens(
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
                    _ours("feedback", _("Tell you how the introduction went"), _("Honestly and within the promised time, also when it did not fit."), 75),
                    _happens(
                        "first-win",
                        _("The first customer you brought decides for us"),
                        _("Won deals that you introduced count as yours."),
                        90,
                        "deals.first_won",
                        "partner_sales",
                    ),
                    _review(),
                ),
            ),
        )
    )


def _solution() -> Content:
    return Content(
        stuck_days=21,
        levels=(
            _arrive(
                _yours(
                    "offer",
                    _("Describe the offer you will build on ours"),
                    _("What it does, for whom, and what it needs from us. One page is enough."),
                    21,
                    "partner_technical",
                    kind=Kind.UPLOAD,
                    needs_evidence=True,
                ),
                _ours("sandbox", _("Open a test environment"), _("With sample data and keys for your developers."), 10),
            ),
            LevelSpec(
                key="build",
                name=_("Build and prove"),
                about=_("Your people know the product and your offer runs."),
                badge=_("Solution builder"),
                benefit=_("Your offer is listed as “in validation” to our sales people."),
                tasks=(
                    _yours(
                        "technical-course",
                        _("Finish the technical basics"),
                        _("Two engineers. Add the certificates as evidence."),
                        45,
                        "partner_technical",
                        kind=Kind.UPLOAD,
                        needs_evidence=True,
                    ),
                    _yours("prototype", _("Show a running prototype"), _("A recording or a live call; a rough edge is fine."), 60, "partner_technical"),
                    _ours("architecture", _("Review the architecture together"), _("Security, data, operations. The findings go into the comments."), 60),
                    _happens(
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
                    _yours(
                        "story",
                        _("Write the launch page"),
                        _("Problem, offer, proof. Our marketing manager helps with words and pictures."),
                        75,
                        "partner_marketer",
                        kind=Kind.FILL,
                    ),
                    _happens(
                        "profile",
                        _("Publish your profile in the directory"),
                        _("With the offer, the regions and the industries."),
                        75,
                        "directory.profile_published",
                        "partner_marketer",
                    ),
                    _happens(
                        "first-registration",
                        _("Register the first deal"),
                        _("It takes a minute and protects your work."),
                        80,
                        "deals.first_registration",
                        "partner_sales",
                        link=REGISTER,
                    ),
                    _ours("launch-call", _("Present the offer to our sales team"), _("Twenty minutes in the weekly sales call."), 85),
                    _review(),
                ),
            ),
        ),
    )


def _retain() -> Content:
    return Content(
        levels=(
            _arrive(
                _yours("services", _("List the services you run for customers"), _("Operation, support, success. With your service hours."), 14, kind=Kind.FILL)
            ),
            LevelSpec(
                key="operate",
                name=_("Ready to operate"),
                about=_("Your people can run the product for customers, and both sides know whom to call."),
                badge=_("Ready to operate"),
                tasks=(
                    _yours(
                        "operations-course",
                        _("Finish the operations basics"),
                        _("Two people of your service desk. Add the certificates as evidence."),
                        40,
                        "partner_technical",
                        kind=Kind.UPLOAD,
                        needs_evidence=True,
                    ),
                    _ours("escalation", _("Agree on the way to escalate"), _("Names and numbers on both sides, tested once."), 40),
                    _yours("health", _("Choose the customers you look after"), _("The ones with renewals in the next two quarters first."), 55, kind=Kind.FILL),
                    _happens(
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
                    _ours("success-plan", _("Write a success plan for one customer together"), _("Goals of the customer, risks, next review."), 70),
                    _happens(
                        "first-registration",
                        _("Register the first renewal or extension"),
                        _("So that nobody else works on it at the same time."),
                        75,
                        "deals.first_registration",
                        "partner_sales",
                        link=REGISTER,
                    ),
                    _happens("first-win", _("Close the first renewal or extension"), _("Mark it as won."), 90, "deals.first_won", "partner_sales"),
                    _review(),
                ),
            ),
        )
    )


TEMPLATES = (
    Default(
        "resell-90",
        gettext_lazy("First 90 days: resell"),
        gettext_lazy("For partners who sell our products: papers, sales skills, the first deal won together."),
        "transact",
        _transact,
    ),
    Default(
        "influence-90",
        gettext_lazy("First 90 days: recommend"),
        gettext_lazy("For partners who advise and introduce customers: know the fit, bring the first one, see the result."),
        "influence",
        _influence,
    ),
    Default(
        "solution-90",
        gettext_lazy("First 90 days: build a solution"),
        gettext_lazy("For partners who build on our products: skills, a proven offer, a launch."),
        "solution",
        _solution,
    ),
    Default(
        "retain-90",
        gettext_lazy("First 90 days: run and renew"),
        gettext_lazy("For partners who operate the product for customers: readiness, success plans, the first renewal."),
        "retain",
        _retain,
    ),
)
