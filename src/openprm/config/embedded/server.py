"""The embedded PostgreSQL: started by whoever needs it first, stopped by the last one out.

Every process that uses it holds a shared lock on ROOT/lease while it lives; a keeper process watches
the lease, restarts a server that was killed, and stops it when nobody holds the lease any more, also
when the last user died by kill -9. ROOT/mutex guards starting and stopping.
"""

from __future__ import annotations

import atexit
import os
import threading
from pathlib import Path

from openprm.config.embedded import keeper, locks
from openprm.config.embedded.bootstrap import bootstrap
from openprm.config.embedded.cluster import Cluster
from openprm.config.embedded.errors import EmbeddedPostgresError

DATABASE = "openprm"
_leases: dict[Path, int] = {}  # one per server and process, however many objects ask
_leases_guard = threading.Lock()


class EmbeddedPostgres:
    """A server in a folder. Making the object starts nothing; `lease` does."""

    def __init__(self, root: str | Path, *, keep: bool = False, test: bool = False, os_user: str | None = None):
        self.cluster = Cluster(Path(root), test=test, os_user=os_user)
        self.keep = keep

    @property
    def root(self) -> Path:
        return self.cluster.root

    def parameters(self, *, user: str = "openprm_app", database: str = DATABASE) -> dict[str, str]:
        """What libpq needs to connect as a role; "postgres" is the administrator."""
        return self.cluster.parameters(user=user, database=database)

    def binary(self, name: str) -> str:
        """The path of one of PostgreSQL's own programs (pg_dump, psql, ...)."""
        return self.cluster.binary(name)

    def lease(self) -> None:
        """Start or join the server and keep it running while this process lives. Raises EmbeddedPostgresError."""
        with _leases_guard:
            if self.root in _leases:
                return
            try:
                self._join()
            except PermissionError as error:
                raise EmbeddedPostgresError(
                    f"{error.filename} belongs to another user of this machine. Run OpenPRM as the user who made "
                    f"{self.root}, or set OPENPRM_DATA to a folder of your own."
                ) from error
        atexit.register(self.release)

    def _join(self) -> None:
        self.cluster.make_root()
        with locks.exclusive(self.root / "mutex"):
            lease = locks.take_shared(self.root / "lease")
            try:
                self.cluster.make()
                self.cluster.start()
                bootstrap(self.cluster, database=DATABASE)
                keeper.spawn(self)
            except BaseException:
                os.close(lease)
                raise
            _leases[self.root] = lease

    def release(self) -> None:
        """Give the lease back; the last one out stops the server."""
        with _leases_guard:
            lease = _leases.pop(self.root, None)
            if lease is None:
                return
            with locks.exclusive(self.root / "mutex"):
                os.close(lease)
                self.stop_if_unused()

    def stop_if_unused(self) -> bool:
        """Stop the server if no process holds a lease; call it holding the mutex."""
        alone = locks.try_exclusive(self.root / "lease")
        if alone is None:
            return False
        try:
            if not self.keep:
                self.cluster.stop()
        finally:
            os.close(alone)
        return True

    def restart_if_dead(self) -> None:
        """Bring back a server whose process is gone; call it holding the mutex."""
        if not self.cluster.is_alive():
            self.cluster.start()
