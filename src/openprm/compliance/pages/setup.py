"""What administrators set: lists, gate policies, country classes, kinds of certificates."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.compliance import queries, services
from openprm.compliance.pages import forms
from openprm.compliance.pages.common import attempt, large_file_of, version_of
from openprm.compliance.rules.sanctions import MAX_BYTES
from openprm.compliance.wording import LEVELS, RISK_TONE
from openprm.kernel.countries import country_name
from openprm.kernel.errors import Invalid
from openprm.kernel.http import Request, done, page


def lists(request: Request) -> HttpResponse:
    """The sanctions lists that were read in, and the way to read another one in."""
    may = request.actor.can("compliance.configure")
    form = forms.ListForm(request.POST or None, request.FILES or None) if may else None
    status = 200
    if request.method == "POST" and form is not None:
        _result, status = attempt(form, lambda values: _import(request, values))
        if not status:
            return done(request, reverse("compliance:lists"), _("List read in"), _("All approved partners are screened again in the background."))
    return page(request, "compliance/vendor/lists.html", status=status or 200, rows=queries.lists(request.actor), form=form, tab="lists")


def _import(request: Request, values: Mapping[str, Any]) -> UUID:
    file = large_file_of(request, "file", MAX_BYTES)
    aliases = large_file_of(request, "aliases", MAX_BYTES)
    if file is None:
        raise Invalid(_("Choose the file of the list."), field="file")
    return services.import_list(
        actor=request.actor, source=values["source"], name=values["name"], list_date=values["list_date"], file_name=file[0], content=file[1],
        aliases=aliases[1] if aliases else b"", at=request.at,
    )  # fmt: skip


def policies(request: Request) -> HttpResponse:
    """Which lapse closes which actions."""
    return _policies(request, None)


def policy(request: Request, policy_id: UUID) -> HttpResponse:
    return _policies(request, queries.gate_policy(request.actor, policy_id))


def _policies(request: Request, chosen: Any) -> HttpResponse:
    form, status = None, 200
    if request.actor.can("compliance.configure"):
        form = forms.PolicyForm(request.POST or None, initial=_policy_initial(chosen))
    if request.method == "POST" and form is not None:
        _result, status = attempt(form, lambda values: _save_policy(request, chosen, values))
        if not status:
            return done(request, reverse("compliance:policies"), _("Gate policy saved"), _("The gates follow in the background."))
    rows = queries.gate_policies(request.actor)
    return page(request, "compliance/settings/policies.html", status=status or 200, rows=rows, form=form, chosen=chosen, tab="policies")


def _policy_initial(chosen: Any) -> dict[str, Any] | None:
    names = ("lapse", "subject", "actions", "includes_missing", "grace_days", "partner_types", "is_active")
    return {name: getattr(chosen, name) for name in names} if chosen else None


def _save_policy(request: Request, chosen: Any, values: Mapping[str, Any]) -> UUID:
    version = version_of(request) if chosen else None
    return services.save_policy(actor=request.actor, values=values, policy_id=chosen.id if chosen else None, version=version, at=request.at)


def remove_policy(request: Request, policy_id: UUID) -> HttpResponse:
    services.remove_policy(actor=request.actor, policy_id=policy_id, at=request.at)
    return done(request, reverse("compliance:policies"), _("Gate policy removed"), _("What it closed opens in the background."))


def countries(request: Request) -> HttpResponse:
    """The corruption class of each country."""
    form, status = (forms.CountryForm(request.POST or None) if request.actor.can("compliance.configure") else None), 200
    if request.method == "POST" and form is not None:
        _result, status = attempt(form, lambda values: _set_country(request, values))
        if not status:
            return done(request, reverse("compliance:countries"), _("Country classed"), _("It counts from the next rating."))
    rows = sorted(
        ((country_name(code), code, level, LEVELS[level], RISK_TONE[level], note) for code, (level, note) in queries.country_classes().items()),
        key=lambda row: row[0],
    )
    groups = [(LEVELS[level], RISK_TONE[level], [row for row in rows if row[2] == level]) for level in ("high", "medium", "low")]
    return page(request, "compliance/settings/countries.html", status=status or 200, groups=groups, form=form, tab="countries")


def _set_country(request: Request, values: Mapping[str, Any]) -> None:
    services.set_country(actor=request.actor, code=values["country"], level=values["level"], note=values["note"], at=request.at)


def kinds(request: Request) -> HttpResponse:
    return _kinds(request, None)


def kind(request: Request, kind_id: UUID) -> HttpResponse:
    return _kinds(request, kind_id)


def _kinds(request: Request, kind_id: UUID | None) -> HttpResponse:
    """The kinds of certificates; one of them may be open to be changed."""
    rows = queries.kinds()
    chosen = queries.kind(kind_id) if kind_id else None
    initial = {"name": chosen.name, "about": chosen.about, "is_active": chosen.is_active} if chosen else None
    form, status = (forms.KindForm(request.POST or None, initial=initial) if request.actor.can("compliance.configure") else None), 200
    if request.method == "POST" and form is not None:
        _result, status = attempt(form, lambda values: _save_kind(request, chosen, values))
        if not status:
            return done(request, reverse("compliance:kinds"), _("Kind of certificate saved"))
    return page(request, "compliance/settings/kinds.html", status=status or 200, rows=rows, form=form, chosen=chosen, tab="kinds")


def _save_kind(request: Request, chosen: Any, values: Mapping[str, Any]) -> UUID:
    version = version_of(request) if chosen else None
    return services.save_kind(actor=request.actor, kind_id=chosen.id if chosen else None, version=version, at=request.at, **values)
