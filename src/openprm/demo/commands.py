"""`openprm demo`."""

import click

from openprm.demo import loader
from openprm.identity import services as identity
from openprm.kernel.clock import now
from openprm.kernel.scope import system_scope


@click.command("demo")
@click.option("--customers", default=loader.CUSTOMERS, show_default=True, type=click.IntRange(50, 5000))
@click.option("--registrations", default=loader.REGISTRATIONS, show_default=True, type=click.IntRange(1, 20000))
def demo(customers: int, registrations: int) -> None:
    """Load two years of a believable partner ecosystem, unless it is there, and print a sign-in link for each side."""
    at = now()
    if not loader.is_loaded():
        loader.load(at=at, say=_say, customers=customers, registrations=registrations)
    for label, link in sign_in_links():
        click.echo(f"{label}: {link}")


def _say(text: str) -> None:
    click.echo(text, err=True)


def sign_in_links() -> list[tuple[str, str]]:
    """Fresh links for the vendor's administrator and for the sales person of one partner."""
    with system_scope():
        people = zip(("Vendor", "Partner"), loader.people_to_show(), strict=True)
        return [(label, identity.sign_in_link(user_id, at=now(), long_lived=True)) for label, user_id in people]
