"""How sure a match must be: set by an administrator, or learned from the pairs that the own side confirmed and split."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, refuse_if
from openprm.kernel.events import publish
from openprm.kernel.scope import system_scope
from openprm.mapping import policies
from openprm.mapping.engine.calibration import FEWEST, Calibration
from openprm.mapping.events import RuleChanged
from openprm.mapping.models import Rule
from openprm.mapping.queries.ruling import judged, learned

LOWEST, HIGHEST = 300, 990


@transaction.atomic
def set_rule(*, actor: Actor, permille: int, one_only: bool, at: datetime) -> None:
    """Say how sure a match must be and whether a company may be in several; everything is compared anew by a job. Raises NotAllowed, Invalid."""
    refuse_if(policies.why_not_rule(actor))
    if not LOWEST <= permille <= HIGHEST:
        raise Invalid(_("Choose between 30 and 99 percent."), field="percent", code="out_of_range")
    _write(actor, {"permille": permille, "one_only": one_only, "judged": 0, "precision_permille": None, "recall_permille": None}, at)


@transaction.atomic
def take_learned(*, actor: Actor, at: datetime) -> Calibration:
    """Let the threshold that the own words say hold from now on. Raises NotAllowed, and Conflict while there are too few words."""
    found = learned(actor)
    if not found.enough:
        said = _("The line is drawn from at least %(fewest)d pairs, some confirmed and some split. Review more pairs first.")
        raise Conflict(said % {"fewest": FEWEST}, code="too_few_words")
    permille = min(HIGHEST, max(LOWEST, round(found.threshold * 1000)))
    told = {"precision_permille": round(found.precision * 1000), "recall_permille": round(found.recall * 1000)}
    _write(actor, {"permille": permille, "judged": len(judged(actor)), **told}, at)
    return found


def _write(actor: Actor, values: dict, at: datetime) -> None:
    home: UUID | None = policies.home_of(actor)
    if home is None:
        raise NotAllowed(_("Lists are seen by the people of the company that keeps them, and nobody in their place."))
    with system_scope():
        row, _made = Rule.objects.update_or_create(owner_id=home, defaults=values | {"person": actor.name[:120], "set_at": at})
    audit.record(actor, "mapping.rule_set", row, after={}, data={"percent": row.permille / 10, "one_only": row.one_only}, at=at)
    publish(RuleChanged(owner_id=home, at=at))
