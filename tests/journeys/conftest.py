"""Browser walks: a live server over a committed database, a Chromium, and the checks that every page must pass.

    def test_a_rep_registers_a_deal(browser_page, assert_accessible, screenshot):
        page = browser_page("partner_rep", theme="dark", width=390)
        page.goto("/portal/")
        assert_accessible(page)
        screenshot(page, "portal-home-dark-390")

Nothing is skipped: without Chromium or the front-end build the walks fail and say what to install.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys import browser as real


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/journeys" in str(item.path):
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def chromium_browser() -> Iterator[Any]:
    with real.launched() as browser:
        yield browser


@pytest.fixture
def server_url(committed_db) -> Iterator[str]:
    """The application over this test's own database, with real commits, static files and content security policy."""
    with real.served() as url:
        yield url


@pytest.fixture
def browser_page(chromium_browser, server_url, cast) -> Iterator[Callable[..., Any]]:
    """browser_page(person, theme="light", width=1440, javascript=True) -> a signed-in page; relative addresses work in goto().

    At the end of the test any console error or policy violation of any page fails it.
    """
    looks: list[real.Look] = []

    def make(person: str = "stranger", theme: str = "light", width: int = 1440, *, javascript: bool = True) -> Any:
        look = real.look(chromium_browser, server_url, cookies=real.session_of(cast, person), theme=theme, width=width, javascript=javascript)
        looks.append(look)
        return look.page

    yield make
    errors = [error for look in looks for error in look.errors]
    for look in looks:
        look.page.context.close()
    assert errors == [], f"the browser's console has errors: {errors}"


@pytest.fixture
def assert_accessible() -> Callable[[Any], None]:
    """No axe violation (WCAG 2.0 to 2.2 A and AA, best practice) and no sideways scroll."""

    def check(page: Any) -> None:
        problems = real.axe_problems(page)
        assert problems == [], f"axe on {page.url}:\n" + "\n".join(problems)
        assert real.overflow(page) <= 0, f"{page.url} scrolls sideways by {real.overflow(page)} px"

    return check


@pytest.fixture
def screenshot() -> Callable[..., Path]:
    """screenshot(page, "deal-approve-light") writes tests/journeys/out/deal-approve-light.png."""
    return real.shoot
