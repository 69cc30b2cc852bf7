"""Django's PostgreSQL backend, which starts the embedded server when the first connection is asked for."""

from __future__ import annotations

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
