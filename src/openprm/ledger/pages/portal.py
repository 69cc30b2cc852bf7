"""A partner's own account in the vendor's books: what is owed to it, line by line."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, page
from openprm.ledger import queries
from openprm.ledger.pages.forms import SpanForm
from openprm.ledger.pages.vendor import LINES
from openprm.ui import exports

MONTHS_SHOWN = 3


def statement(request: Request) -> HttpResponse:
    """The statement of one of the partner's accounts; the first is what is owed to it. Raises NotFound for an account that is not its own."""
    accounts = queries.own_accounts(request.actor)
    since, until = SpanForm(request.GET or None).span(request.at.date(), months=MONTHS_SHOWN)
    chosen = _chosen(accounts, request.GET.get("account", ""))
    found = queries.statement_of(request.actor, chosen.id, since, until) if chosen else None
    if found and request.GET.get("export") == "csv":
        return exports.csv_response(f"statement-{since:%Y%m%d}-{until:%Y%m%d}-{found.currency}", LINES, found.lines)
    return page(
        request, "ledger/partner/statement.html", statement=found, accounts=accounts, chosen=chosen, title=_("Statement of account"),
        since=since, until=until,
    )  # fmt: skip


def _chosen(accounts: tuple[queries.AccountRow, ...], asked: str) -> queries.AccountRow | None:
    if not asked:
        return accounts[0] if accounts else None
    try:
        wanted = UUID(asked)
    except ValueError:
        raise NotFound() from None
    found = next((one for one in accounts if one.id == wanted), None)
    if found is None:
        raise NotFound()
    return found
