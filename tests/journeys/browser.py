"""A real Chromium over a real server: launching it, looking at a page, checking it with axe. Used by the walks and by shots.py."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "tests/journeys/out"
AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
BUILD = ROOT / "src/openprm/ui/static/dist/app.css"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = {1440: 900, 390: 844, 820: 1100, 1920: 1080, 320: 800}
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

# Playwright's own event loop runs in this thread; the ORM is used here between its calls, never inside them.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


class BrowserMissing(AssertionError):
    """Something a browser walk needs is not on this machine; the message says how to get it."""


def chromium() -> str:
    """The path of Chromium. Raises BrowserMissing with what to install."""
    for name in (os.environ.get("CHROMIUM", ""), "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if name and (found := shutil.which(name)):
            return found
    raise BrowserMissing("No Chromium on this machine. Install it (apt-get install chromium) or name one in CHROMIUM, then run again.")


def check_build() -> None:
    """Raises BrowserMissing when the front end or axe is not built yet."""
    for needed in (BUILD, AXE):
        if not needed.exists():
            raise BrowserMissing(f"{needed.relative_to(ROOT)} is missing. Run: cd frontend && npm ci && npm run build")


@contextmanager
def launched() -> Iterator[Any]:
    """A running Chromium."""
    from playwright.sync_api import sync_playwright

    check_build()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def served() -> Iterator[str]:
    """The application on a free port of this machine, with its static files and its content security policy; gives its address."""
    from django.core.servers.basehttp import ThreadedWSGIServer

    from openprm.config.static import collect_if_changed

    collect_if_changed()
    server = ThreadedWSGIServer(("127.0.0.1", 0), _quiet_handler())
    server.set_app(_application())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)


def _application() -> Any:
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def _quiet_handler() -> type:
    from django.core.servers.basehttp import WSGIRequestHandler

    class Quiet(WSGIRequestHandler):
        def log_message(self, *args: Any) -> None:
            """One line per request would bury the test's own output."""

    return Quiet


@dataclass
class Look:
    """One browser page with what went wrong in it."""

    page: Any
    base: str
    errors: list[str]

    def open(self, path: str) -> Any:
        """Go to a path of the application and wait until it is loaded."""
        return self.page.goto(self.base + path, wait_until="load")


def look(browser: Any, base: str, *, cookies: dict[str, str] | None = None, theme: str = "light", width: int = 1440, javascript: bool = True) -> Look:
    """A fresh page in a context of its own. Console errors (the content security policy's too) are kept in `errors`."""
    is_phone = width < 700
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS.get(width, 900)}, color_scheme=theme, reduced_motion="reduce",
        device_scale_factor=2 if is_phone else 1, has_touch=is_phone, is_mobile=is_phone, java_script_enabled=javascript, base_url=base,
    )  # fmt: skip
    context.add_cookies([{"name": name, "value": value, "url": base} for name, value in (cookies or {}).items()])
    page, errors = context.new_page(), []
    page.set_default_timeout(15_000)
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" and not _is_expected(page, message) else None)
    page.on("pageerror", lambda error: errors.append(f"page error: {error}"))
    return Look(page, base, errors)


LEFT_BEHIND = ("htmx:sendAbort", "htmx:afterRequest")  # what a request says that was under way when the person went on to the next page


def _is_expected(page: Any, message: Any) -> bool:
    return message.text.startswith(LEFT_BEHIND) or _is_own_answer(page, message)


def _is_own_answer(page: Any, message: Any) -> bool:
    """Chromium writes an error when the document itself is a refusal page (404, 422); tests look at the status instead."""
    return message.text.startswith("Failed to load resource") and message.location.get("url") == page.url


def axe_problems(page: Any) -> list[str]:
    """What axe finds on the page as it stands, one line per bad node. Runs in the page's own world, under its policy."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", AXE_TAGS)
    return [
        f"{violation['id']}: {' '.join(map(str, node['target']))}: {(node['any'] or node['all'] or node['none'] or [{}])[0].get('message', '')}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def overflow(page: Any) -> int:
    """How many pixels the page scrolls sideways; should be 0."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def shoot(page: Any, name: str, *, full: bool = True) -> Path:
    OUT.mkdir(parents=True, exist_ok=True)
    path = OUT / f"{name}.png"
    page.screenshot(path=path, full_page=full)
    return path


def session_of(cast: Any, person: str) -> dict[str, str]:
    """The cookies of a signed-in member of the cast; none for the stranger."""
    return {name: morsel.value for name, morsel in cast.client(person).cookies.items()}
