"""Which state may follow which, and who may take the step. The same table stands in a trigger of the database."""

from collections.abc import Mapping

from openprm.cosell.rules.words import Group, State

MOVES: Mapping[State, tuple[State, ...]] = {
    State.PENDING: (State.RECEIVED, State.ACCEPTED, State.DECLINED, State.EXPIRED),
    State.RECEIVED: (State.ACCEPTED, State.DECLINED, State.EXPIRED),
    State.ACCEPTED: (State.WON, State.LOST),
}
GROUP: Mapping[State, Group] = {
    State.PENDING: Group.NEW,
    State.RECEIVED: Group.NEW,
    State.ACCEPTED: Group.ACTIVE,
    State.WON: Group.CLOSED,
    State.LOST: Group.CLOSED,
    State.DECLINED: Group.CLOSED,
    State.EXPIRED: Group.CLOSED,
}
OPEN = tuple(state for state, group in GROUP.items() if group is not Group.CLOSED)
NEW = tuple(state for state, group in GROUP.items() if group is Group.NEW)
CLOSED = tuple(state for state, group in GROUP.items() if group is Group.CLOSED)


def may_follow(before: str, after: str) -> bool:
    return State(after) in MOVES.get(State(before), ())


def closings(state: str) -> tuple[State, ...]:
    """The ends that a person can choose from here: declining something new, winning or losing something active."""
    return tuple(after for after in MOVES.get(State(state), ()) if after in CLOSED and after is not State.EXPIRED)
