"""Which step waits for which: cycles are refused by naming the way round."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID


def cycle(waits_for: Mapping[UUID, Collection[UUID]]) -> tuple[UUID, ...]:
    """The steps of one circle in order, the first again at the end; () when there is none."""
    done: set[UUID] = set()
    for start in waits_for:
        path = _walk(start, waits_for, done)
        if path:
            return path
    return ()


def _walk(start: UUID, waits_for: Mapping[UUID, Collection[UUID]], done: set[UUID]) -> tuple[UUID, ...]:
    """Depth first without recursion: a plan of a hundred steps in a row is walked like any other."""
    path: list[UUID] = []
    on_path: set[UUID] = set()
    stack: list[tuple[UUID, bool]] = [(start, False)]
    while stack:
        node, leaves = stack.pop()
        if leaves:
            path.pop()
            on_path.discard(node)
            done.add(node)
        elif node in on_path:
            return (*path[path.index(node) :], node)
        elif node not in done:
            path.append(node)
            on_path.add(node)
            stack.append((node, True))
            stack.extend((other, False) for other in sorted(waits_for.get(node, ()), reverse=True))
    return ()


def blockers(step_id: UUID, waits_for: Mapping[UUID, Collection[UUID]], open_ids: Collection[UUID]) -> tuple[UUID, ...]:
    """The open steps that this one waits for directly."""
    return tuple(sorted(other for other in waits_for.get(step_id, ()) if other in open_ids))


def blocked_by(step_id: UUID, waits_for: Mapping[UUID, Collection[UUID]], open_ids: Iterable[UUID]) -> tuple[UUID, ...]:
    """The open steps that wait for this one directly."""
    return tuple(sorted(other for other in open_ids if step_id in waits_for.get(other, ())))
