"""What an operator does at the terminal."""

import click

from openprm.identity import queries, services
from openprm.kernel.clock import now
from openprm.kernel.errors import NotFound, Refusal


@click.command("sign-in-link")
@click.argument("email")
@click.option("--long-lived", is_flag=True, help="Good for 30 days and any number of times: for demos only.")
def sign_in_link(email: str, long_lived: bool) -> None:
    """Print a link that signs EMAIL in: single use, 15 minutes."""
    try:
        click.echo(services.sign_in_link(_person(email), now(), long_lived=long_lived))
    except Refusal as refusal:
        click.echo(refusal.message, err=True)
        raise SystemExit(2) from None


def _person(email: str):
    user_id = queries.user_id_of(email)
    if user_id is None:
        raise NotFound(f"Nobody signs in with {email}. Check the address, or invite the person first.")
    return user_id
