"""What stands: of every month the one run that counts."""

from openprm.attribution.models import Credit, LateTouch, Month, Result
from openprm.kernel.models import ScopedQuerySet


def standing_results() -> ScopedQuerySet:
    return Result.objects.filter(run__in=Month.objects.values("run")).order_by("-closed_at", "-id")


def standing_credits() -> ScopedQuerySet:
    return Credit.objects.filter(run__in=Month.objects.values("run")).select_related("partner").order_by("-closed_at", "-id")


def standing_late() -> ScopedQuerySet:
    return LateTouch.objects.filter(run__in=Month.objects.values("run")).order_by("-closed_at", "-id")
