"""Accounts in the portal: those that this partner may see, and its own contacts there."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.accounts import queries, services, words
from openprm.accounts.pages.forms import ContactForm, attempt
from openprm.accounts.pages.lists import PARTNER, Linked
from openprm.audit import queries as audit
from openprm.kernel.countries import country_name
from openprm.kernel.http import Request, done, page
from openprm.ui import exports, lists
from openprm.ui.panels import panels_of


def list_accounts(request: Request) -> HttpResponse:
    """The accounts of this partner."""
    state = lists.parse(request, PARTNER)
    if state.export:
        return exports.respond(request, state, queries.export_accounts(request.actor, search=state.search, filters=state.filters), name="accounts")
    found = queries.list_accounts(request.actor, search=state.search, filters=state.filters, page=state.page)
    empty = lists.Empty(title=_("No customers yet"), text=_("A customer appears here when you register a deal there."))
    linked = found.map(lambda row: Linked(row, _url(row.id)))
    summary = _("The companies where you have a deal, or that were shared with you.")
    return lists.render(request, "accounts/partner/accounts.html", state, linked, empty=empty, title=_("Customers"), summary=summary)


def show_account(request: Request, account_id: UUID) -> HttpResponse:
    return _page(request, account_id)


def add_contact(request: Request, account_id: UUID) -> HttpResponse:
    form = ContactForm(request.POST)
    is_done, _contact = attempt(form, lambda: services.create_contact(actor=request.actor, account_id=account_id, at=request.at, **form.cleaned_data))
    if is_done:
        return done(request, _url(account_id), _("Contact added"), form.cleaned_data["name"])
    return _page(request, account_id, contact_form=form, status=422)


def remove_contact(request: Request, contact_id: UUID) -> HttpResponse:
    contact = queries.contact(request.actor, contact_id)
    services.remove_contact(actor=request.actor, contact_id=contact_id, at=request.at)
    return done(request, _url(contact.account_id), _("Contact removed"), contact.name)


def _page(request: Request, account_id: UUID, *, contact_form: ContactForm | None = None, status: int = 200) -> HttpResponse:
    actor = request.actor
    account = queries.account_for_partner(actor, account_id)
    may = actor.can("accounts.add_contacts")
    return page(
        request,
        "accounts/partner/account.html",
        status=status,
        account=account,
        reason=words.ACCESS[account.reason],
        country=country_name(account.country),
        contacts=queries.contacts_of(actor, account_id),
        panels=panels_of(actor, target="account", workspace="partner", object_id=account_id, at=request.at),
        entries=audit.timeline(actor, account_id, limit=20),
        contact_form=(contact_form or ContactForm()) if may else None,
    )


def _url(account_id: UUID) -> str:
    return reverse("accounts:portal_account", args=[account_id])
