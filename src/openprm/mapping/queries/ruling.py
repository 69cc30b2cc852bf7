"""How sure a match must be, and what the own words say about it."""

from decimal import Decimal

from openprm.kernel.actor import Actor
from openprm.kernel.errors import refuse_if
from openprm.mapping import policies
from openprm.mapping.engine.calibration import Calibration, calibrate
from openprm.mapping.engine.matching import THRESHOLD
from openprm.mapping.models import Rule
from openprm.mapping.queries.results import RuleView

STANDARD = round(THRESHOLD * 1000)


def current() -> tuple[int, bool]:
    """(threshold in thousandths, whether a company may be in one match alone), as it holds for every comparison."""
    row = Rule.objects.order_by("pk").first()
    return (row.permille, row.one_only) if row else (STANDARD, False)


def judged(actor: Actor) -> list[tuple[float, bool]]:
    """(score, whether it was confirmed) of every standing word of the own side on a pair that the comparison had scored."""
    rows = policies.reach_verdicts(actor).filter(undone_at=None, permille__isnull=False).values_list("permille", "is_same")
    return [(permille / 1000, is_same) for permille, is_same in rows]


def learned(actor: Actor) -> Calibration:
    """What the confirmed and split pairs say about the threshold. Raises NotAllowed."""
    refuse_if(policies.why_not_rule(actor))
    return calibrate(judged(actor), current=current()[0] / 1000)


def rule(actor: Actor) -> RuleView:
    """The rule that holds for every comparison; both sides may read it. Raises NotAllowed."""
    policies.refuse_outsider(actor)
    row = Rule.objects.order_by("pk").first()
    if row is None:
        return RuleView(percent=Decimal(STANDARD) / 10, one_only=False, judged=0, precision=None, recall=None, person="", set_at=None)
    return RuleView(
        percent=Decimal(row.permille) / 10,
        one_only=row.one_only,
        judged=row.judged,
        precision=_percent(row.precision_permille),
        recall=_percent(row.recall_permille),
        person=row.person,
        set_at=row.set_at,
    )


def _percent(permille: int | None) -> Decimal | None:
    return None if permille is None else Decimal(permille) / 10
