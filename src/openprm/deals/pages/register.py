"""Registering a deal on one page: duplicates, who decides and by when, and the draft keep up while a person types."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.accounts import queries as accounts
from openprm.accounts.queries import AccountDraft
from openprm.deals import queries, services
from openprm.deals.pages.common import MENDABLE, address, attach, uuid_of, version_of
from openprm.deals.pages.forms import CLOSES_IN, DealForm, initial_of
from openprm.deals.queries.results import FormOptions
from openprm.deals.rules.draft import MAX_LINES, RegistrationDraft, merged
from openprm.deals.services import Preview, Saved
from openprm.identity import queries as identity
from openprm.kernel.errors import Invalid, NotFound, Refusal
from openprm.kernel.http import Request, done, page

CANDIDATES = 4
MOST_FILES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The draft behind the form, once there is one."""

    registration_id: UUID
    number: str
    version: int


def register(request: Request, registration_id: UUID | None = None) -> HttpResponse:
    kept, base = _behind(request, registration_id)
    if request.method != "POST":
        return _show(request, _fresh(request, base), kept=kept, first_visit=base is None)
    data, action = request.POST.copy(), request.POST.get("action", "")
    if "use" in data:
        _use(request, data)
    if action == "add_line":
        data["rows"] = str(min(_rows(data) + 1, MAX_LINES))
    form = _form(request, data)
    if action == "submit":
        return _submit(request, form, kept)
    if action == "draft":
        return _save(request, form, kept)
    return _show(request, form, kept=kept)


def _behind(request: Request, registration_id: UUID | None) -> tuple[Kept | None, RegistrationDraft | None]:
    """The draft that the address or the form names; only a draft can be edited here."""
    registration_id = registration_id or uuid_of(request.POST.get("registration_id"))
    if registration_id is None:
        return None, None
    deal = queries.registration_for_partner(request.actor, registration_id, request.at)
    if deal.status != "draft":
        raise NotFound(_("%(number)s is no draft any more. Open the deal to see what can be done.") % {"number": deal.number})
    return Kept(registration_id=deal.id, number=deal.number, version=version_of(request) or deal.version), queries.draft_of(request.actor, registration_id)


def _options(request: Request) -> FormOptions:
    return queries.form_options(request.actor, request.at)


def _fresh(request: Request, base: RegistrationDraft | None) -> DealForm:
    """The form on first sight: what the draft holds, or what a new deal most likely needs."""
    options, locale = _options(request), request.actor.locale
    if base:
        return DealForm(options=options, locale=locale, initial=initial_of(base, locale=locale))
    initial: dict[str, Any] = {
        "customer_country": _home_country(request),
        "expected_close_date": request.at.date() + CLOSES_IN,
        "deal_type": "new",
        "program_id": options.default_program_id,
        "lines": [{"quantity": 1}],
    }
    asked = request.GET.get("customer", "")[:200]
    name = "customer_domain" if "." in asked and " " not in asked else "customer_name"
    return DealForm(options=options, locale=locale, initial=initial | ({name: asked} if asked else {}))


def _home_country(request: Request) -> str:
    organization = identity.organization(request.actor, request.actor.organization_id) if request.actor.organization_id else None
    return organization.country if organization else ""


def _form(request: Request, data: QueryDict) -> DealForm:
    return DealForm(data, options=_options(request), locale=request.actor.locale)


def _rows(data: QueryDict) -> int:
    text = data.get("rows", "1")
    return int(text) if text.isdecimal() and len(text) < 4 else 1


def _use(request: Request, data: QueryDict) -> None:
    """Take the customer's facts from the account that the person chose."""
    account_id = uuid_of(data.get("use"))
    if account_id is None:
        raise NotFound()
    account = accounts.account(request.actor, account_id)
    data["customer_name"], data["customer_domain"] = account.name, account.domain or data.get("customer_domain", "")
    data["customer_country"] = account.country or data.get("customer_country", "")


def _draft(form: DealForm) -> RegistrationDraft | None:
    """What was typed, with a name for the deal when none was given."""
    draft = form.draft()
    if draft is None or draft.title or not draft.customer_name:
        return draft
    names = {product.id: product.name for product in form.options.products}
    first = names.get(draft.lines[0].product_id, "") if draft.lines else ""
    return merged(draft, {"title": ", ".join(filter(None, (draft.customer_name, first)))[:160]})


def _submit(request: Request, form: DealForm, kept: Kept | None) -> HttpResponse:
    draft = _draft(form)
    if draft is None:
        return _show(request, form, kept=kept, status=422)
    try:
        saved = _keep(request, draft, kept)
        problems = _attach_all(request, saved.registration_id)
        if problems:
            return _show(request, form, kept=_kept(saved), problems=problems, status=422)
        result = services.submit(actor=request.actor, registration_id=saved.registration_id, version=None, at=request.at)
    except MENDABLE as refusal:
        form.refuse(refusal) if isinstance(refusal, Invalid) else form.add_error(None, refusal.message)
        return _show(request, form, kept=kept, status=refusal.status)
    title, text = _submitted(result)
    return done(request, reverse("deals:portal_registration", args=[result.registration_id]), title, text)


def _submitted(result: Any) -> tuple[str, str]:
    if result.outcome == "approve":
        return _("%(number)s is approved") % {"number": result.number}, result.clause_text
    if result.outcome == "reject":
        return _("%(number)s cannot be registered") % {"number": result.number}, result.clause_text
    return _("%(number)s is registered") % {"number": result.number}, _("You read here who decides and by when.")


def _keep(request: Request, draft: RegistrationDraft, kept: Kept | None) -> Saved:
    return services.save_draft(
        actor=request.actor,
        draft=draft,
        registration_id=kept.registration_id if kept else None,
        version=kept.version if kept else None,
        at=request.at,
    )


def _kept(saved: Saved) -> Kept:
    return Kept(registration_id=saved.registration_id, number=saved.number, version=saved.version)


def _attach_all(request: Request, registration_id: UUID) -> list[str]:
    files = request.FILES.getlist("files")[:MOST_FILES]
    return [problem for file in files if (problem := attach(request, registration_id, file, "shared"))]


def _save(request: Request, form: DealForm, kept: Kept | None) -> HttpResponse:
    draft = _draft(form)
    if draft is None:
        return _show(request, form, kept=kept, status=422)
    try:
        saved = _keep(request, draft, kept)
    except MENDABLE as refusal:
        form.refuse(refusal) if isinstance(refusal, Invalid) else form.add_error(None, refusal.message)
        return _show(request, form, kept=kept, status=refusal.status)
    problems = _attach_all(request, saved.registration_id)
    if problems:
        return _show(request, form, kept=_kept(saved), problems=problems, status=422)
    return done(request, reverse("deals:portal_registration", args=[saved.registration_id]), _("Draft %(number)s is saved") % {"number": saved.number})


def autosave(request: Request) -> HttpResponse:
    """Keep the draft while a person types; what cannot be read yet is kept the next time."""
    kept, _base = _behind(request, None)
    form = _form(request, request.POST.copy())
    draft = _draft(form)
    if draft is not None and draft.customer_name:
        with suppress(*MENDABLE):  # the form says what is wrong when it is sent
            kept = _kept(_keep(request, draft, kept))
    return page(request, "deals/partner/draft_state.html", draft=kept)


def preview(request: Request) -> HttpResponse:
    form = _form(request, request.POST.copy())
    return page(request, "deals/partner/preview.html", preview=_preview(request, form), rules_url=address("rulebook:portal_rules"))


def _preview(request: Request, form: DealForm) -> Preview | None:
    """Who would decide, and by when; None while there is too little to say."""
    if not form.is_bound:
        return None
    draft = _draft(form)
    if draft is None or not draft.customer_name or not draft.lines:
        return None
    try:
        return services.preview_submission(actor=request.actor, draft=draft, at=request.at)
    except Refusal:
        return None


def candidates(request: Request) -> HttpResponse:
    return page(request, "deals/partner/candidates.html", candidates=_candidates(request, request.POST))


def _candidates(request: Request, data: Any) -> list[Any]:
    """Customers this partner works with already that may be the same one, unless they are exactly it."""
    name, domain = data.get("customer_name", "").replace("\x00", "").strip()[:200], data.get("customer_domain", "").replace("\x00", "").strip()[:253]
    if len(name) < 3 and len(domain) < 4:
        return []
    draft = AccountDraft(name=name, domain=domain, country=data.get("customer_country", "")[:2])
    found = accounts.duplicate_candidates(request.actor, draft, CANDIDATES)
    return [one for one in found if (one.name, one.domain) != (name, domain)]


def _show(
    request: Request, form: DealForm, *, kept: Kept | None, first_visit: bool = False, problems: list[str] | None = None, status: int = 200
) -> HttpResponse:
    return page(
        request,
        "deals/partner/register.html",
        status=status,
        form=form,
        draft=kept,
        first_visit=first_visit,
        has_more=True,
        heading=_("Draft %(number)s") % {"number": kept.number} if kept else _("Register a deal"),
        preview=_preview(request, form),
        candidates=_candidates(request, form.data) if form.is_bound else [],
        file_problems=problems or [],
        preview_url=reverse("deals:portal_preview"),
        autosave_url=reverse("deals:portal_autosave"),
        rules_url=address("rulebook:portal_rules"),
    )
