"""What the templates share: tasks of either side, the first 30 days, the look back."""

from typing import Any

from django.utils.translation import gettext as _

from openprm.onboarding.rules.content import Kind, LevelSpec, Side, TaskSpec

TEAM, RULES, REGISTER, WELCOME = "/portal/settings/team/", "/portal/rules/", "/portal/deals/register/", "/portal/welcome/"


def ours(key: str, title: str, about: str, days: int, role: str = "partner_manager", **more: Any) -> TaskSpec:
    return TaskSpec(key=key, title=title, about=about, side=Side.VENDOR, role=role, offset_days=days, **more)


def yours(key: str, title: str, about: str, days: int, role: str = "partner_admin", **more: Any) -> TaskSpec:
    return TaskSpec(key=key, title=title, about=about, side=Side.PARTNER, role=role, offset_days=days, **more)


def happens(key: str, title: str, about: str, days: int, milestone: str, role: str = "partner_admin", **more: Any) -> TaskSpec:
    return yours(key, title, about, days, role, kind=Kind.MILESTONE, milestone=milestone, **more)


def arrive(*more: TaskSpec) -> LevelSpec:
    """The first 30 days are the same for everybody: people, papers, a plan."""
    return LevelSpec(
        key="arrive",
        name=_("Arrive"),
        about=_("Know each other, settle the papers, get your people in."),
        badge=_("Welcome aboard"),
        tasks=(
            happens(
                "kit", _("Open your welcome kit"), _("Who looks after you, where to sign in, and what comes first."), 3, "onboarding.kit_opened", link=WELCOME
            ),
            ours("kick-off", _("Hold the kick-off call"), _("Thirty minutes: who does what on both sides, and what a good first quarter looks like."), 5),
            happens(
                "team",
                _("Bring in two colleagues"),
                _("Invite the people who sell and who deliver. Each signs in with an own account."),
                10,
                "partner.team_of_three",
                link=TEAM,
                is_required=False,
            ),
            happens(
                "agreement",
                _("Accept the partner agreement"),
                _("Read it, ask about it, accept it. It says what each side owes the other."),
                14,
                "agreements.accepted",
            ),
            yours(
                "rules",
                _("Read how we decide"),
                _("The rules for deals and the times we promise, in plain words. Comment here on what is unclear."),
                14,
                link=RULES,
            ),
            *more,
        ),
    )


def review() -> TaskSpec:
    return ours(
        "review", _("Look back at the first 90 days"), _("What worked, what did not, and one thing each side changes. Write the result into the comments."), 90
    )
