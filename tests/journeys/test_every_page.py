"""Every page of every domain in a real browser: no axe violation, no sideways scroll, nothing refused by the security policy.

The doors and the rows behind them are those of the access tables. A page is looked at light on a desk and dark on a phone,
whichever way round its name falls, so that half of each domain is seen in either look.
"""

import re
import zlib
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.urls import reverse
from playwright.sync_api import Error

from openprm.kernel.errors import Refusal
from openprm.kernel.registry import registry
from openprm.kernel.scope import system_scope
from tests.journeys import browser as real

LOOKS = (("light", 1440), ("dark", 390))
PERSON = {"vendor": "vendor_admin", "partner": "partner_admin", "public": "stranger"}
NO_DOCUMENT = (
    "export",
    "download",
    "certificate",
    "proof",
    "image",
    "logo",
    "css",
    "sitemap",
    "jwks",
    "did",
    "status_list",
    "credential",
    "svg",
    "json",
    "schema",
    "badge",
    "file",
)


def _seen(domain: str) -> list:
    """The pages a person reads: answered to GET, and no file."""
    pages = [page for of, page in registry.pages() if of == domain and "GET" in page.methods]
    return [page for page in pages if not any(word in page.name for word in NO_DOCUMENT)]


class Rows:
    """What stands behind the addresses of one domain: built once by the access table's builder, and shared when a second would collide."""

    def __init__(self, domain: str, cast):
        has_table = find_spec(f"openprm.{domain}.tests") and find_spec(f"openprm.{domain}.tests.access")
        tables = import_module(f"openprm.{domain}.tests.access") if has_table else None
        self.domain, self.cast, self.builders, self.known = domain, cast, getattr(tables, "ARGS", {}), {}

    def address(self, page) -> str | None:
        """The page's address with rows behind it; None when the page has no row to show here."""
        wanted = re.findall(r"<\w+:(\w+)>", page.path)
        self._build(page)
        if not all(name in self.known for name in wanted):
            return None
        return reverse(f"{self.domain}:{page.name}", kwargs={name: self.known[name] for name in wanted})

    def _build(self, page) -> None:
        builder = self.builders.get(f"{self.domain}:{page.name}")
        with suppress(Refusal, IntegrityError), system_scope():
            self.known |= builder(self.cast) if builder else {}


def _opened(look: real.Look, address: str):
    """The answer, or None for an address that hands out a file."""
    try:
        return look.open(address)
    except Error as error:
        if "Download is starting" in str(error):
            return None
        raise


@pytest.mark.timeout(900)
@pytest.mark.parametrize("domain", [name for name in settings.OPENPRM_DOMAINS if find_spec(f"openprm.{name}.wiring")])
def test_every_page_of_a_domain_is_accessible(domain, cast, server_url, chromium_browser):
    rows, pages = Rows(domain, cast), {}
    problems: list[str] = []
    for page in _seen(domain):
        if not (address := rows.address(page)):
            continue
        theme, width = LOOKS[zlib.crc32(page.name.encode()) % 2]
        key = (PERSON[page.workspace], theme, width)
        if key not in pages:
            pages[key] = real.look(chromium_browser, server_url, cookies=real.session_of(cast, key[0]), theme=theme, width=width)
        look = pages[key]
        answer = _opened(look, address)
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        found = [*real.axe_problems(look.page), *(f"console: {error}" for error in look.errors)]
        look.errors.clear()
        if real.overflow(look.page) > 0:
            found.append(f"scrolls sideways by {real.overflow(look.page)} px")
        if answer.status >= 500:
            found.append(f"answers {answer.status}")
        problems += [f"{address} as {key[0]} {theme} {width}: {one}" for one in found]
    for look in pages.values():
        look.page.context.close()

    assert not problems, "\n" + "\n".join(problems)
