"""Accounts in the vendor's workspace: the list, one account, adding and changing, twins."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.accounts import queries, services, words
from openprm.accounts.pages.forms import AccountForm, ContactForm, attempt
from openprm.accounts.pages.lists import VENDOR, Linked
from openprm.audit import queries as audit
from openprm.kernel.countries import country_name
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, done, page
from openprm.kernel.ids import parse_id
from openprm.kernel.money import Money
from openprm.ui import exports, lists
from openprm.ui.cells import Badge
from openprm.ui.panels import panels_of


def list_accounts(request: Request) -> HttpResponse:
    """Every account, with search, filters, saved views and export."""
    state = lists.parse(request, VENDOR)
    if state.export:
        return exports.respond(request, state, queries.export_accounts(request.actor, search=state.search, filters=state.filters), name="accounts")
    found = queries.list_accounts(request.actor, search=state.search, filters=state.filters, page=state.page)
    may = queries.may_manage(request.actor)
    empty = lists.Empty(
        title=_("No accounts yet"),
        text=_("Add the first company, or import a list."),
        action=_("Add an account"),
        url=reverse("accounts:new_account") if may else "",
    )
    linked = found.map(lambda row: Linked(row, _url(row.id)))
    summary = _("The companies that are sold to, by you, by partners, or by both.")
    return lists.render(request, "accounts/vendor/accounts.html", state, linked, empty=empty, title=_("Accounts"), summary=summary, may_manage=may)


def show_account(request: Request, account_id: UUID) -> HttpResponse:
    """One account: facts, people, deals, who sees it, possible twins, history."""
    return _page(request, account_id)


def new_account(request: Request) -> HttpResponse:
    """Add a company; when it may be known already, the candidates are shown first."""
    form = AccountForm(request.POST or None)
    candidates: list[Any] = []
    if request.method == "POST" and form.is_valid():
        candidates = [] if "anyway" in request.POST else _candidates(request, form)
        is_done, account_id = (
            (False, None)
            if candidates
            else attempt(form, lambda: services.create_account(actor=request.actor, at=request.at, **form.values(request.actor.locale)))
        )
        if is_done:
            return done(request, _url(account_id), _("Account added"), form.cleaned_data["name"])
    status = 409 if candidates else 422 if form.is_bound else 200
    return page(request, "accounts/vendor/form.html", form=form, account=None, candidates=candidates, status=status)


def edit_account(request: Request, account_id: UUID) -> HttpResponse:
    account = queries.account(request.actor, account_id)
    form = AccountForm(request.POST or None, initial=_initial(account))
    if request.method == "POST":
        is_done, _nothing = attempt(
            form, lambda: services.update_account(actor=request.actor, account_id=account_id, changes=form.values(request.actor.locale), at=request.at)
        )
        if is_done:
            return done(request, _url(account_id), _("Account saved"), account.name)
    return page(request, "accounts/vendor/form.html", form=form, account=account, candidates=[], status=422 if form.is_bound else 200)


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


def decide_twin(request: Request, account_id: UUID) -> HttpResponse:
    """Merge a possible twin into this account, or note that the two differ."""
    other_id = parse_id(request.POST.get("other"))
    if other_id is None:
        raise NotFound()
    if request.POST.get("decision") == "apart":
        services.keep_apart(actor=request.actor, account_id=account_id, other_id=other_id, at=request.at)
        return done(request, _url(account_id), _("Noted"), _("These two will not be shown as possible twins again."))
    name = queries.account(request.actor, other_id).name
    services.merge_accounts(actor=request.actor, kept_id=account_id, merged_id=other_id, at=request.at)
    return done(request, _url(account_id), _("Merged"), _("%(name)s is part of this account now. You can undo it below.") % {"name": name})


def undo_merge(request: Request, merge_id: UUID) -> HttpResponse:
    account_id = services.undo_merge(actor=request.actor, merge_id=merge_id, at=request.at)
    return done(request, _url(account_id), _("Merge undone"))


def share(request: Request, account_id: UUID) -> HttpResponse:
    """Let a partner see the account, or take its sight away."""
    partner_id = parse_id(request.POST.get("partner"))
    if partner_id is None:
        raise NotFound()
    act = services.revoke_access if request.POST.get("decision") == "revoke" else services.grant_access
    act(actor=request.actor, account_id=account_id, partner_id=partner_id, at=request.at)
    return done(request, _url(account_id), _("Saved"))


def _page(request: Request, account_id: UUID, *, contact_form: ContactForm | None = None, status: int = 200) -> HttpResponse:
    actor = request.actor
    account = queries.account(actor, account_id)
    may = queries.may_manage(actor)
    twins = [_twin(one) for one in queries.duplicates_of(actor, account_id)] if may else []
    return page(
        request,
        "accounts/vendor/account.html",
        status=status,
        account=account,
        motion=Badge(words.MOTION[account.motion], words.MOTION_TONE[account.motion]),
        country=country_name(account.country),
        contacts=queries.contacts_of(actor, account_id),
        twins=twins,
        merges=queries.merges_of(actor, account_id),
        shared=[(one, words.ACCESS[one.reason]) for one in queries.shared_with(actor, account_id)],
        panels=panels_of(actor, target="account", workspace="vendor", object_id=account_id, at=request.at),
        entries=audit.timeline(actor, account_id, limit=20),
        may_manage=may,
        contact_form=(contact_form or ContactForm()) if may else None,
    )


def _candidates(request: Request, form: AccountForm) -> list[Any]:
    values = form.cleaned_data
    draft = queries.AccountDraft(values["name"], values["legal_name"], values["domain"], values["country"])
    return [_twin(one) for one in queries.duplicate_candidates(request.actor, draft) if one.score >= 80]


def _twin(one: queries.Candidate) -> dict[str, Any]:
    tone = "bad" if one.score >= 95 else "warn" if one.score >= 80 else "ok"
    return {"row": one, "tone": tone, "reasons": [(words.REASON[reason.kind], reason.percent, reason.text) for reason in one.reasons]}


def _initial(account: queries.AccountView) -> dict[str, Any]:
    money: Money | None = account.revenue
    initial = {name: getattr(account, name) for name in AccountForm.base_fields if hasattr(account, name)}
    return initial | {"revenue": f"{money.major:f}" if money else "", "currency": money.currency if money else ""}


def _url(account_id: Any) -> str:
    return reverse("accounts:account", args=[account_id])
