"""Django's PostgreSQL backend, which starts the embedded server when the first connection is asked for."""

from __future__ import annotations

import os
from typing import Any

from django.db.backends.postgresql import base

from openprm.config.postgres.features import DatabaseFeatures


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures

    def get_connection_params(self) -> dict[str, Any]:
        parameters = super().get_connection_params()
        server = parameters.pop("embedded", None)
        if server is not None:
            server.lease()
        return parameters


_inherited: list[Any] = []  # kept, not closed: their connections belong to the parent


def _forget_pools() -> None:
    """A forked process must open connections of its own: two processes on one connection mix their people's rows."""
    _inherited.append(dict(DatabaseWrapper._connection_pools))
    DatabaseWrapper._connection_pools.clear()


os.register_at_fork(after_in_child=_forget_pools)
