"""The templates that stand when nobody has written any: 30, 60 and 90 days for each way of working together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from openprm.onboarding.defaults.influence import influence
from openprm.onboarding.defaults.retain import retain
from openprm.onboarding.defaults.solution import solution
from openprm.onboarding.defaults.transact import transact
from openprm.onboarding.rules.content import Content


@dataclass(frozen=True)
class Default:
    code: str
    name: Any
    about: Any
    motion: str
    content: Callable[[], Content]


TEMPLATES = (
    Default(
        "resell-90",
        gettext_lazy("First 90 days: resell"),
        gettext_lazy("For partners who sell our products: papers, sales skills, the first deal won together."),
        "transact",
        transact,
    ),
    Default(
        "influence-90",
        gettext_lazy("First 90 days: recommend"),
        gettext_lazy("For partners who advise and introduce customers: know the fit, bring the first one, see the result."),
        "influence",
        influence,
    ),
    Default(
        "solution-90",
        gettext_lazy("First 90 days: build a solution"),
        gettext_lazy("For partners who build on our products: skills, a proven offer, a launch."),
        "solution",
        solution,
    ),
    Default(
        "retain-90",
        gettext_lazy("First 90 days: run and renew"),
        gettext_lazy("For partners who operate the product for customers: readiness, success plans, the first renewal."),
        "retain",
        retain,
    ),
)
