"""The chapters after the deals: each room tells its own part. Chapters that do not touch each other are told side by side."""

import gc
import multiprocessing
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from multiprocessing.connection import Connection

from django.conf import settings

from openprm.demo.play import commit_in_the_background, leave_the_database, play_queued
from openprm.demo.stage import Stage
from openprm.kernel.scope import system_scope

Act = tuple[tuple[str, ...], ...]
ACTS: tuple[Act, ...] = (
    (("recruitment", "applications", "agreements"), ("compliance", "directory")),
    (("offboarding",),),
    (("onboarding",), ("activities", "deal_life", "leads", "cosell", "actionplans")),
    (("tiering",), ("conflicts", "incentives", "mapping")),
    (("earnings",), ("funds", "first_deals", "own_sales", "attribution")),
    (("payouts", "profitability", "ledger"),),
    (("kpis",),),
)
"""What is told at once stands side by side; what an act sets off is played before the next begins."""


def tell_chapters(stage: Stage, *, say: Callable[[str], None]) -> None:
    """Let each room tell its part, and what its events set off in the others."""
    began = time.monotonic()
    with _no_mail_leaves():
        for act in ACTS:
            stage = stage.still_here()
            _tell_side_by_side(act, stage) if len(act) > 1 else _tell_in_turn(act[0], stage)
            play_queued(stage.until)
    say(f"  {sum(len(names) for act in ACTS for names in act)} chapters in {time.monotonic() - began:.0f} s")


def _tell_in_turn(names: Sequence[str], stage: Stage) -> None:
    for name in names:
        _tell(name, stage)


def _tell(name: str, stage: Stage) -> None:
    import_module(f"openprm.demo.chapters.{name}").tell(stage)


def _tell_side_by_side(act: Act, stage: Stage) -> None:
    """Each group in a process of its own; a failure in one is raised here with its trace."""
    leave_the_database()
    context = multiprocessing.get_context("fork")
    running = []
    for names in act:
        ours, theirs = context.Pipe()
        process = context.Process(target=_perform, args=(theirs, names, stage), daemon=True)
        process.start()
        theirs.close()
        running.append((process, ours))
    failures = [_outcome(pipe) for _process, pipe in running]
    for process, _pipe in running:
        process.join(timeout=10)
    commit_in_the_background()
    if any(failures):
        raise RuntimeError("a chapter of the demo failed:\n" + "\n".join(filter(None, failures)))


def _outcome(pipe: Connection) -> str:
    try:
        return str(pipe.recv())
    except EOFError:
        return "a process ended without a word"


def _perform(pipe: Connection, names: Sequence[str], stage: Stage) -> None:
    try:
        gc.disable()  # as in the play: a short life with plenty of memory
        with system_scope():
            commit_in_the_background()
        for name in names:
            _tell(name, stage)
        pipe.send("")
    except Exception:
        pipe.send(traceback.format_exc())


@contextmanager
def _no_mail_leaves() -> Iterator[None]:
    """Whatever sends a mail inside sends it nowhere: the addresses are invented."""
    usual, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.core.mail.backends.dummy.EmailBackend"
    try:
        yield
    finally:
        settings.EMAIL_BACKEND = usual
