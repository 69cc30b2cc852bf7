"""The way of a prospect, from a name to a partner. Pure."""

from collections.abc import Mapping
from enum import StrEnum


class Stage(StrEnum):
    IDENTIFIED = "identified"
    CONTACTED = "contacted"
    ENGAGED = "engaged"
    QUALIFIED = "qualified"
    INVITED = "invited"
    CONVERTED = "converted"
    LOST = "lost"


OPEN = (Stage.IDENTIFIED, Stage.CONTACTED, Stage.ENGAGED, Stage.QUALIFIED, Stage.INVITED)
MOVES: Mapping[str, tuple[Stage, ...]] = {
    **{stage: (*(other for other in OPEN if other is not stage), Stage.LOST, Stage.CONVERTED) for stage in OPEN},
    Stage.LOST: (Stage.IDENTIFIED,),
    Stage.CONVERTED: (),
}


def can_move(before: str, after: str) -> bool:
    """Whether a prospect may go from one stage to another. Staying is not a move, a partner is no prospect again."""
    return after in MOVES.get(before, ())


def is_open(stage: str) -> bool:
    return stage in OPEN
