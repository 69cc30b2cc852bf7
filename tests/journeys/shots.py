"""Shoot pages of a throw-away database, light, dark and on a phone, and print what axe says.

    .venv/bin/python -m tests.journeys.shots --as vendor_admin /app/ /app/settings/
    .venv/bin/python -m tests.journeys.shots --as partner_rep --prepare openprm.deals.testing:make_showcase /portal/
    .venv/bin/python -m tests.journeys.shots --demo --as vendor /app/deals/             (a small demo ecosystem; --as partner for the portal)
    .venv/bin/python -m tests.journeys.shots --url http://127.0.0.1:8000 --sign-in LINK /app/

A path that ends in ">" means the first row of that list: "/app/deals/>".
Pictures land in tests/journeys/out. `--prepare module:function` is called with the cast, in system scope, before shooting.
"""

import argparse
import logging
import os
import re
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "openprm.config.testsettings"

from tests.journeys import browser as real

MODES = {"light": ("light", 1440), "dark": ("dark", 1440), "phone": ("light", 390), "phonedark": ("dark", 390), "tablet": ("light", 820)}


def main() -> int:
    asked = _arguments()
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(1))  # so that a half-filled database is dropped
    bad = 0
    with _house(asked) as (base, cookies), real.launched() as browser:
        for mode in asked.modes.split(","):
            theme, width = MODES[mode]
            look = real.look(browser, base, cookies=cookies, theme=theme, width=width)
            if asked.sign_in:
                look.page.goto(asked.sign_in)
                look.page.get_by_role("button", name="Sign in").click()
                look.page.wait_for_load_state("networkidle")
            for path in asked.paths:
                bad += _shoot(look, path, mode, full=not asked.fold)
            look.page.context.close()
    return 1 if bad else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--as", dest="person", default="vendor_admin", help="a member of tests/cast.py")
    parser.add_argument("--modes", default="light,dark,phone", help=f"of {', '.join(MODES)}")
    parser.add_argument("--prepare", default="", help="module:function called with the cast")
    parser.add_argument("--demo", action="store_true", help="over a small demo ecosystem, as `vendor` or `partner`")
    parser.add_argument("--fold", action="store_true", help="only what fits the window")
    parser.add_argument("--url", default="", help="a server that already runs")
    parser.add_argument("--sign-in", default="", help="its sign-in link")
    return parser.parse_args()


@contextmanager
def _house(asked: argparse.Namespace) -> Iterator[tuple[str, dict[str, str]]]:
    if asked.url:
        yield asked.url.rstrip("/"), {}
        return
    with _database(keep=asked.demo), real.served() as base:
        yield base, _demo(asked.person) if asked.demo else real.session_of(_people(asked), asked.person)


@contextmanager
def _database(*, keep: bool) -> Iterator[None]:
    """A clone of the tests' template, dropped at the end; the demo's is kept until the migrations change."""
    import conftest as house
    import django

    django.setup()
    from django.conf import settings
    from django.core.signals import got_request_exception

    settings.ALLOWED_HOSTS = ["*"]
    got_request_exception.connect(_tell)
    logging.getLogger("django.request").disabled = True  # a failing page prints its traceback once, by _tell
    cluster = house._Cluster()
    template = house._template(cluster)
    name = f"shots_demo_{template[-16:]}" if keep else f"shots_{os.getpid()}"
    if not cluster.sql(f"select 1 from pg_database where datname = '{name}'"):
        for (stale,) in cluster.sql("select datname from pg_database where datname like 'shots_demo_%'") if keep else ():
            cluster.drop(stale)
        cluster.clone(name, template)
    try:
        with house._connected_to(name):
            house.install()
            yield
    except BaseException:
        keep = False
        raise
    finally:
        if not keep:
            cluster.drop(name)
        cluster.server.release()


def _tell(**kwargs: Any) -> None:
    print("".join(traceback.format_exc(limit=-6))[:3000], file=sys.stderr)


def _people(asked: argparse.Namespace) -> Any:
    from openprm.kernel.scope import system_scope
    from tests.cast import make_cast

    cast = make_cast()
    if asked.prepare:
        module, _colon, name = asked.prepare.partition(":")
        with system_scope():
            getattr(import_module(module), name)(cast)
    return cast


def _demo(person: str) -> dict[str, str]:
    """A small demo ecosystem, and the session of the person it shows on the vendor's or the partner's side."""
    from django.test import Client

    from openprm.demo import loader
    from openprm.identity.models import User
    from openprm.kernel.clock import now
    from openprm.kernel.scope import system_scope

    if not loader.is_loaded():
        loader.load(at=now(), say=lambda text: print(text, file=sys.stderr), customers=300, registrations=400)
    with system_scope():
        vendor_user, partner_user = loader.people_to_show()
        user = User.objects.get(pk=partner_user if person.startswith("partner") else vendor_user)
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return {name: morsel.value for name, morsel in client.cookies.items()}


def _shoot(look: real.Look, path: str, mode: str, *, full: bool) -> int:
    look.errors.clear()
    response = look.open(path.removesuffix(">"))
    first = look.page.locator("a.row-link, .rows .t a, .deal-card .t a").first
    if path.endswith(">") and first.count():
        response = look.open(first.get_attribute("href"))
    look.page.wait_for_timeout(400)
    name = f"{re.sub(r'[^a-z0-9]+', '-', path.lower()).strip('-') or 'root'}{'-first' if path.endswith('>') else ''}-{mode}"
    picture = real.shoot(look.page, name, full=full)
    problems = real.axe_problems(look.page)
    sideways = real.overflow(look.page)
    verdict = f"{response.status} axe={len(problems)} sideways={sideways}px console={len(look.errors)}"
    print(f"{picture.relative_to(real.ROOT)}: {verdict}")
    for line in [*problems[:8], *look.errors[:5]]:
        print(f"    {line[:220]}")
    return len(problems) + len(look.errors) + (sideways > 0)


if __name__ == "__main__":
    sys.exit(main())
