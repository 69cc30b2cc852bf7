"""The settings that come from the environment: typed, checked at start, one message for each wrong one.

`load()` reads them all and either returns an `Environment` or raises `BadEnvironment` naming every
variable that is wrong. `docs/configuration.md` lists them; a test keeps the two alike.
"""

import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any, get_args, get_type_hints
from urllib.parse import urlsplit

from psycopg import conninfo

CHECKOUT = Path(__file__).resolve().parents[3]
OURS = ("OPENPRM_TEST_", "OPENPRM_BENCH_")  # for the project's own tests and benchmarks, not for operators
EMAIL_SCHEMES = ("file", "console", "smtp", "smtp+tls", "smtp+ssl")


class BadEnvironment(Exception):
    """One or more environment variables are wrong; `problems` holds one sentence for each."""

    def __init__(self, problems: list[str]):
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True)
class Variable:
    """How one environment variable is read. `default` is a value, or a function of the settings read before it."""

    name: str
    read: Callable[[str], Any]
    default: Any = None


# -- readers: text in, value out; a ValueError carries what is expected -----------------------------


def _text(value: str) -> str:
    return value


def _flag(value: str) -> bool:
    if value.lower() in ("1", "true", "yes", "on"):
        return True
    if value.lower() in ("0", "false", "no", "off", ""):
        return False
    raise ValueError("say 1 or 0")


def _count(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not re.fullmatch(r"\d{1,6}", value) or not low <= int(value) <= high:
            raise ValueError(f"give a whole number from {low} to {high}")
        return int(value)

    return read


def _choice(*allowed: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"choose {', '.join(allowed[:-1])} or {allowed[-1]}")
        return value

    return read


def _names(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _networks(value: str) -> tuple[str, ...]:
    try:
        return tuple(str(ip_network(part)) for part in _names(value))
    except ValueError:
        raise ValueError("give networks like 10.20.0.0/16, separated by commas") from None


def _folder(value: str) -> Path:
    path = Path(value).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise ValueError("that is a file; name a folder")
    return path


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise ValueError("give an address like https://partners.example.com, without a path")
    return value.rstrip("/")


def _database_url(value: str) -> str:
    if not value.startswith(("postgres://", "postgresql://")):
        raise ValueError("give an address like postgresql://user:password@host:5432/openprm")
    try:
        parsed = conninfo.conninfo_to_dict(value)
    except Exception as error:
        raise ValueError(f"PostgreSQL cannot read it: {str(error).strip()}") from error
    if not parsed.get("dbname"):
        raise ValueError("the address names no database; add /openprm at its end")
    return value


def _currency(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise ValueError("give an ISO 4217 code of three capital letters, like EUR")
    return value


def _secret(value: str) -> str:
    if len(value) < 32:
        raise ValueError("it is too short to protect sessions; use at least 32 random characters")
    return value


def _email_url(value: str) -> str:
    if urlsplit(value).scheme not in EMAIL_SCHEMES:
        raise ValueError("start it with smtp://, smtp+tls://, smtp+ssl://, file:// or console://")
    return value


def _mail_domain(value: str) -> str:
    if not re.fullmatch(r"(?=.{4,190}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", value.lower()):
        raise ValueError("give the domain alone, like reply.partners.example.com")
    return value.lower()


def _analytics(value: str) -> str:
    if value != "duckdb" and not re.fullmatch(r"local(\[(\d{1,3}|\*)\])?|spark://[^\s/]+(:\d+)?(,[^\s/]+(:\d+)?)*", value):
        raise ValueError("say duckdb, or the address of a Spark master like spark://host:7077 or local[2]")
    return value


def _default_data() -> Path:
    inside_checkout = (CHECKOUT / "pyproject.toml").exists() and CHECKOUT.joinpath("src", "openprm").is_dir()
    return (CHECKOUT if inside_checkout else Path.cwd()) / ".openprm"


@dataclass(frozen=True, kw_only=True)
class Environment:
    """Every setting an operator can make."""

    data: Annotated[Path, Variable("OPENPRM_DATA", _folder, lambda e: _default_data())]
    database_url: Annotated[str | None, Variable("DATABASE_URL", _database_url)]
    owner_database_url: Annotated[str | None, Variable("OPENPRM_OWNER_DATABASE_URL", _database_url, lambda e: e.database_url)]
    db_role: Annotated[str, Variable("OPENPRM_DB_ROLE", _choice("app", "owner", "none"), "app")]
    db_pool: Annotated[int, Variable("OPENPRM_DB_POOL", _count(0, 200), 8)]
    pg_keep: Annotated[bool, Variable("OPENPRM_PG_KEEP", _flag, False)]
    pg_durable: Annotated[bool, Variable("OPENPRM_PG_DURABLE", _flag, True)]
    pg_os_user: Annotated[str | None, Variable("OPENPRM_PG_OS_USER", _text)]
    secret_key: Annotated[str, Variable("OPENPRM_SECRET_KEY", _secret, lambda e: kept_secret(e.data / "secret-key"))] = field(repr=False)
    debug: Annotated[bool, Variable("OPENPRM_DEBUG", _flag, False)]
    url: Annotated[str, Variable("OPENPRM_URL", _web_address, "http://127.0.0.1:8000")]
    hosts: Annotated[tuple[str, ...], Variable("OPENPRM_HOSTS", _names, lambda e: _default_hosts(e.url))]
    currency: Annotated[str, Variable("OPENPRM_CURRENCY", _currency, "EUR")]
    email_url: Annotated[str, Variable("OPENPRM_EMAIL_URL", _email_url, lambda e: f"file://{e.data / 'outbox'}")] = field(repr=False)
    email_from: Annotated[str, Variable("OPENPRM_EMAIL_FROM", _text, lambda e: f"OpenPRM <openprm@{urlsplit(e.url).hostname}>")]
    reply_domain: Annotated[str, Variable("OPENPRM_REPLY_DOMAIN", _mail_domain, "")]
    mail_authserv: Annotated[str, Variable("OPENPRM_MAIL_AUTHSERV", _mail_domain, "")]
    media: Annotated[Path, Variable("OPENPRM_MEDIA", _folder, lambda e: e.data / "media")]
    web_workers: Annotated[int, Variable("OPENPRM_WEB_WORKERS", _count(1, 64), lambda e: min(os.cpu_count() or 1, 4))]
    web_threads: Annotated[int, Variable("OPENPRM_WEB_THREADS", _count(1, 64), 4)]
    job_workers: Annotated[int, Variable("OPENPRM_JOB_WORKERS", _count(1, 64), 4)]
    log_format: Annotated[str, Variable("OPENPRM_LOG_FORMAT", _choice("json", "text"), "json")]
    log_level: Annotated[str, Variable("OPENPRM_LOG_LEVEL", _choice("debug", "info", "warning", "error"), "info")]
    peer_networks: Annotated[tuple[str, ...], Variable("OPENPRM_PEER_NETWORKS", _networks, ())]
    analytics: Annotated[str, Variable("OPENPRM_ANALYTICS", _analytics, "duckdb")]
    trusted_proxies: Annotated[int, Variable("OPENPRM_TRUSTED_PROXIES", _count(0, 10), 0)]

    @property
    def is_embedded(self) -> bool:
        """Whether OpenPRM runs its own PostgreSQL."""
        return self.database_url is None

    @property
    def is_https(self) -> bool:
        return self.url.startswith("https://")


def variables() -> dict[str, Variable]:
    """How each field of Environment is read, in order."""
    hints = get_type_hints(Environment, include_extras=True)
    return {f.name: get_args(hints[f.name])[1] for f in fields(Environment)}


def load(environ: Mapping[str, str] | None = None) -> Environment:
    """Read and check the environment. Raises BadEnvironment naming every wrong variable."""
    environ = os.environ if environ is None else environ
    found, problems = SimpleNamespace(), _unknown(environ)
    for name, variable in variables().items():
        try:
            setattr(found, name, _value(variable, environ, found))
        except ValueError as error:
            problems.append(f"{variable.name} is wrong: {error}.")
            setattr(found, name, _value(variable, {}, found))  # so that the variables after it are checked too
        except OSError as error:
            raise BadEnvironment([*problems, f"{variable.name} is wrong: {error.strerror} ({error.filename})."]) from error
    if problems:
        raise BadEnvironment(problems)
    return Environment(**vars(found))


def _value(variable: Variable, environ: Mapping[str, str], found: SimpleNamespace) -> Any:
    given = environ.get(variable.name, "").strip()
    if given:
        return variable.read(given)
    return variable.default(found) if callable(variable.default) else variable.default


def _unknown(environ: Mapping[str, str]) -> list[str]:
    known = {variable.name for variable in variables().values()}
    strangers = sorted(name for name in environ if name.startswith("OPENPRM_") and name not in known and not name.startswith(OURS))
    return [f"{name} is not a setting of OpenPRM: see docs/configuration.md for those that are." for name in strangers]


def _default_hosts(url: str | None) -> tuple[str, ...]:
    host = urlsplit(url or "").hostname
    return tuple(dict.fromkeys(filter(None, (host, "127.0.0.1", "localhost", "[::1]"))))


def kept_secret(path: Path) -> str:
    """The secret kept in a file only its owner can read; made on first use, once, whoever comes first."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret-")  # mkstemp makes it 0600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50) + "\n")
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first: its secret counts
    finally:
        os.unlink(draft)
    return path.read_text().strip()
