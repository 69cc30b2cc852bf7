"""Settings of the test runs: a server in memory that nobody else uses, no pool, quick password hashes."""

import hashlib
import os
import tempfile
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[3]
_MEMORY = Path("/dev/shm")  # noqa: S108  memory is the fastest disk there is
_FOLDER = _MEMORY if os.access(_MEMORY, os.W_OK) else Path(tempfile.gettempdir())

os.environ.pop("DATABASE_URL", None)
os.environ.setdefault("OPENPRM_DATA", str(_FOLDER / f"openprm-test-{hashlib.sha256(str(_CHECKOUT).encode()).hexdigest()[:8]}"))
os.environ.setdefault("OPENPRM_DB_POOL", "0")
os.environ.setdefault("OPENPRM_PG_DURABLE", "0")
os.environ.setdefault("OPENPRM_SECRET_KEY", "a secret for tests that protects nothing at all")
os.environ.setdefault("OPENPRM_LOG_LEVEL", "error")

from openprm.config.settings import *  # noqa: E402,F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
