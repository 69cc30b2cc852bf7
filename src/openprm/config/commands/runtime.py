"""Starting Django for a command."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from openprm.config.database import database_settings, embedded
from openprm.config.environment import Environment

SETTINGS = "openprm.config.settings"


def start_django(*, db_role: str | None = None, pool: bool = False) -> None:
    """Make Django ready, connecting later as `db_role`. A command needs one connection, so no pool."""
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    if db_role:
        os.environ["OPENPRM_DB_ROLE"] = db_role
    if not pool:
        os.environ["OPENPRM_DB_POOL"] = "0"
    os.environ.setdefault("OPENPRM_LOG_FORMAT", "text" if sys.stderr.isatty() else "json")
    import django

    gc.disable()  # what is loaded stays: looking through it again and again costs a fifth of the start
    django.setup()
    gc.freeze()
    gc.enable()


def start_server(environment: Environment) -> None:
    """Have the embedded server running while this command does; an external one runs anyway."""
    if environment.is_embedded:
        embedded(environment).lease()


@contextmanager
def connected_as(role: str, environment: Environment) -> Iterator[None]:
    """Let the block connect as another role, without starting Django a second time."""
    from django.db import connections

    before = connections.settings["default"]
    _connect_with({**before, **database_settings(replace(environment, db_role=role, db_pool=0))})
    try:
        yield
    finally:
        _connect_with(before)


def _connect_with(settings: dict[str, object]) -> None:
    from django.db import connections

    connections["default"].close()
    del connections["default"]
    connections.settings["default"] = settings
