"""Small readings that several queries share."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from openprm.cosell.models import Engagement
from openprm.cosell.rules.lifecycle import GROUP
from openprm.cosell.rules.words import State
from openprm.cosell.wording import DEAL_TYPE, STATE, tone_of
from openprm.deals import queries as deals
from openprm.identity import queries as identity
from openprm.kernel.actor import SYSTEM
from openprm.kernel.scope import scope


def names_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of companies whose ids the reader was allowed to read: a partner's own scope knows no other partner's name."""
    wanted = {one for one in ids if one}
    if not wanted:
        return {}
    with scope(SYSTEM):
        return identity.organization_names(wanted)


def state_words(row: Engagement) -> dict[str, Any]:
    label, tone = tone_of(STATE, row.state)
    return {"state": row.state, "state_label": label, "state_tone": tone, "group": str(GROUP[State(row.state)])}


def type_words(row: Engagement) -> dict[str, str]:
    return {"deal_type": row.deal_type, "deal_type_label": str(DEAL_TYPE.get(row.deal_type, row.deal_type))}


def stage_label(code: str) -> str:
    return str(deals.stage_named(code).name) if code else ""
