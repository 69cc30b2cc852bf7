"""The vendor's pages: what waits, one profile, references, badges, and how the directory works."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.audit import queries as audit
from openprm.directory import addresses, queries, services, words
from openprm.directory.pages import common
from openprm.directory.pages.forms import CertificateForm, ReasonForm, RevokeForm, SettingsForm, attempt
from openprm.kernel.countries import country_name
from openprm.kernel.http import Request, done, page
from openprm.partners import queries as partners
from openprm.promises import queries as promises
from openprm.ui import exports, lists
from openprm.ui.cells import Badge, Company
from openprm.ui.listspec import Column, Filter, ListSpec


@dataclass(frozen=True, slots=True)
class Linked:
    """A row with the address it opens."""

    id: UUID
    url: str
    row: Any


def _of(name: str) -> Any:
    return lambda linked: getattr(linked.row, name)


PROFILES = ListSpec(
    key="directory.profiles",
    search=gettext_lazy("Search by partner or summary"),
    default_sort="-updated",
    columns=(
        Column("name", gettext_lazy("Partner"), "company", sortable=True, always=True, value=lambda one: Company(one.row.name)),
        Column("state", gettext_lazy("Profile"), "badge", sortable=True, value=lambda one: common.state_badge(one.row.state)),
        Column("listed", gettext_lazy("Public"), "badge", value=lambda one: Badge(_("Public"), "ok") if one.row.is_listed else Badge(_("Private"))),
        Column("percent", gettext_lazy("Complete"), "percent", value=lambda one: one.row.percent / 100),
        Column("references", gettext_lazy("References"), "number", value=_of("references")),
        Column("waiting", gettext_lazy("References waiting"), "number", value=_of("waiting_references")),
        Column("messages", gettext_lazy("Messages of visitors"), "number", value=_of("messages")),
        Column("submitted", gettext_lazy("Sent"), "datetime", sortable=True, value=_of("submitted_at")),
        Column("updated", gettext_lazy("Changed"), "datetime", sortable=True, value=_of("updated_at")),
    ),
    filters=(
        Filter("waiting", gettext_lazy("Waits for us"), "bool"),
        Filter("state", gettext_lazy("Profile"), "choice", choices=tuple((code, label) for code, (label, _tone) in words.STATES.items())),
        Filter("visibility", gettext_lazy("Wished visibility"), "choice", choices=(("public", gettext_lazy("Public")), ("private", gettext_lazy("Private")))),
    ),
)
REFERENCES = ListSpec(
    key="directory.references",
    search=gettext_lazy("Search by customer, partner or title"),
    default_sort="-created",
    columns=(
        Column("customer", gettext_lazy("Customer"), "title", sortable=True, always=True, value=_of("customer")),
        Column("partner", gettext_lazy("Partner"), "company", sortable=True, value=lambda one: Company(one.row.partner_name)),
        Column("title", gettext_lazy("Title"), value=_of("title")),
        Column("state", gettext_lazy("Status"), "badge", value=lambda one: common.reference_badge(one.row.state)),
        Column("consent", gettext_lazy("Consent of"), value=_of("consent_by")),
        Column("consent_date", gettext_lazy("Consent on"), "date", value=_of("consent_date")),
        Column("submitted", gettext_lazy("Sent"), "datetime", sortable=True, value=_of("submitted_at")),
        Column("created", gettext_lazy("Added"), "datetime", sortable=True, default=False, value=_of("created_at")),
    ),
    filters=(
        Filter(
            "state",
            gettext_lazy("Status"),
            "choice",
            choices=tuple((code, label) for code, (label, _tone) in words.REFERENCE_STATES.items() if code != "draft"),
        ),
    ),
)
BADGES = ListSpec(
    key="directory.badges",
    search=gettext_lazy("Search by partner or badge"),
    default_sort="-issued",
    columns=(
        Column("name", gettext_lazy("Badge"), "title", sortable=True, always=True, value=_of("name")),
        Column("subtitle", gettext_lazy("Second line"), value=_of("subtitle")),
        Column("partner", gettext_lazy("Partner"), "company", sortable=True, value=lambda one: Company(one.row.partner_name)),
        Column("state", gettext_lazy("Status"), "badge", value=lambda one: common.badge_state(one.row.state)),
        Column("issued", gettext_lazy("Issued"), "date", sortable=True, value=_of("issued_at")),
        Column("until", gettext_lazy("Valid until"), "date", sortable=True, value=_of("valid_until")),
        Column("revoked", gettext_lazy("Taken back"), "date", default=False, value=_of("revoked_at")),
        Column("note", gettext_lazy("Why"), default=False, value=lambda one: one.row.revoked_note or str(words.REASONS.get(one.row.revoked_because, ""))),
    ),
    filters=(
        Filter("state", gettext_lazy("Status"), "choice", choices=tuple((code, label) for code, (label, _tone) in words.BADGE_STATES.items())),
        Filter("kind", gettext_lazy("Kind"), "choice", choices=(("tier", gettext_lazy("Tier")), ("certificate", gettext_lazy("Certificate")))),
    ),
)


def profiles(request: Request) -> HttpResponse:
    """All profiles, what waits first to filter by."""
    state = lists.parse(request, PROFILES)
    link = _linker("directory:profile")
    if state.export:
        rows = map(link, queries.export_profiles(request.actor, search=state.search, filters=state.filters))
        return exports.respond(request, state, rows, name="profiles")
    found = queries.profiles(request.actor, search=state.search, filters=state.filters, page=state.page).map(link)
    empty = lists.Empty(title=_("No profiles yet"), text=_("Partners write their profile in the portal. What they send stands here and in your decisions."))
    summary = _("What partners say about themselves in public, and what waits for your look.")
    values = {
        "title": _("Public profiles"),
        "summary": summary,
        "may_configure": request.actor.can("directory.configure"),
        "waiting": queries.waiting_count(request.actor),
    }
    return lists.render(request, "directory/vendor/profiles.html", state, found, empty=empty, **values)


def profile(request: Request, profile_id: UUID) -> HttpResponse:
    return _profile(request, profile_id)


def approve(request: Request, profile_id: UUID) -> HttpResponse:
    services.approve_profile(actor=request.actor, profile_id=profile_id, version=common.version_of(request), at=request.at)
    return done(request, reverse("directory:profile", args=[profile_id]), _("Profile approved"), _("What you saw is public now."))


def turn_down(request: Request, profile_id: UUID) -> HttpResponse:
    return _with_reason(request, profile_id, services.return_profile, _("Profile sent back"))


def hide(request: Request, profile_id: UUID) -> HttpResponse:
    return _with_reason(request, profile_id, services.hide_profile, _("Profile taken off the directory"))


def references(request: Request) -> HttpResponse:
    state = lists.parse(request, REFERENCES)
    link = _linker("directory:reference")
    if state.export:
        rows = map(link, queries.export_references(request.actor, search=state.search, filters=state.filters))
        return exports.respond(request, state, rows, name="references")
    found = queries.reference_list(request.actor, search=state.search, filters=state.filters, page=state.page).map(link)
    empty = lists.Empty(title=_("No references yet"), text=_("Partners name customers that agreed to be named. You decide what is published."))
    summary = _("Customers that agreed to be named, with who agreed and when.")
    return lists.render(request, "directory/vendor/references.html", state, found, empty=empty, title=_("Customer references"), summary=summary)


def reference(request: Request, reference_id: UUID) -> HttpResponse:
    return _reference(request, reference_id, ReasonForm())


def decide_reference(request: Request, reference_id: UUID) -> HttpResponse:
    is_published = request.POST.get("decision") == "publish"
    form = ReasonForm(request.POST)
    if is_published:
        form.fields["reason"].required = False
    is_done, _nothing, status = attempt(
        form,
        lambda values: services.decide_reference(
            actor=request.actor,
            reference_id=reference_id,
            is_published=is_published,
            reason=values["reason"],
            version=common.version_of(request),
            at=request.at,
        ),
    )
    if is_done:
        return done(request, reverse("directory:reference", args=[reference_id]), _("Reference published") if is_published else _("Reference sent back"))
    return _reference(request, reference_id, form, status)


def badges(request: Request) -> HttpResponse:
    state = lists.parse(request, BADGES)
    link = _linker("directory:badge_of")
    if state.export:
        rows = map(link, queries.export_badges(request.actor, search=state.search, filters=state.filters, at=request.at))
        return exports.respond(request, state, rows, name="badges")
    found = queries.badges(request.actor, search=state.search, filters=state.filters, page=state.page, at=request.at).map(link)
    empty = lists.Empty(title=_("No badges yet"), text=_("A badge is issued the day a partner reaches a tier, and taken back the day it loses it."))
    summary = _("Signed proofs of tiers and certificates that anybody can check without asking you.")
    return lists.render(request, "directory/vendor/badges.html", state, found, empty=empty, title=_("Badges"), summary=summary)


def badge(request: Request, badge_id: UUID) -> HttpResponse:
    return _badge(request, badge_id, RevokeForm())


def revoke_badge(request: Request, badge_id: UUID) -> HttpResponse:
    form = RevokeForm(request.POST)
    is_done, _nothing, status = attempt(form, lambda values: services.revoke_badge(actor=request.actor, badge_id=badge_id, note=values["note"], at=request.at))
    if is_done:
        return done(request, reverse("directory:badge_of", args=[badge_id]), _("Badge taken back"), _("Every check of it fails from now on."))
    return _badge(request, badge_id, form, status)


def issue_badge(request: Request, partner_id: UUID) -> HttpResponse:
    """A certificate given by hand."""
    partner = partners.partner(request.actor, partner_id)
    form = CertificateForm(request.POST or None, initial={"partner_id": partner_id})
    form.fields["partner_id"].required = False
    if request.method == "POST":
        is_done, badge_id, status = attempt(form, lambda values: _issued(request, partner_id, values))
        if is_done:
            return done(request, reverse("directory:badge_of", args=[badge_id]), _("Badge issued"), partner.name)
        return page(request, "directory/vendor/issue.html", form=form, partner=partner, status=status)
    return page(request, "directory/vendor/issue.html", form=form, partner=partner)


def settings(request: Request) -> HttpResponse:
    """Which changes are looked at first, and the words above the directory."""
    view = queries.settings()
    form = SettingsForm(request.POST or None, initial={name: getattr(view, name) for name in SettingsForm.base_fields})
    if request.method == "POST":
        is_done, _nothing, status = attempt(form, lambda values: services.update_settings(actor=request.actor, at=request.at, **values))
        if is_done:
            return done(request, request.path, _("Saved"))
        return page(request, "directory/vendor/settings.html", form=form, status=status)
    return page(request, "directory/vendor/settings.html", form=form)


def partner_panel(actor: Any, partner_id: UUID, at: datetime) -> dict[str, Any] | None:
    """On the partner's page: its profile and its valid badges."""
    own = queries.own_profile(actor, partner_id)
    rows = queries.valid_badges(partner_id, at)
    values = {"profile": own, "badges": rows, "state_badge": common.state_badge(own.state), "may_award": queries.may_award(actor), "partner_id": partner_id}
    return values | {"profile_url": reverse("directory:profile", args=[own.id]) if own.id else ""}


def portal_panel(actor: Any, at: datetime) -> dict[str, Any] | None:
    """On the partner's home: what its profile lacks, until it is public and complete."""
    if actor.partner_id is None or not queries.may_edit(actor):
        return None
    own = queries.own_profile(actor, actor.partner_id)
    if own.is_listed and own.completeness.percent >= 90:
        return None
    return {"profile": own, "missing": [words.FIELDS[name] for name in own.completeness.missing[:3]]}


def _linker(name: str) -> Any:
    return lambda row: Linked(row.id, reverse(name, args=[row.id]), row)


def _profile(request: Request, profile_id: UUID, form: ReasonForm | None = None, status: int = 200) -> HttpResponse:
    found = queries.profile_for_review(request.actor, profile_id)
    own = found.profile
    rows = [(row, common.reference_badge(row.state)) for row in queries.references(request.actor, own.partner_id)]
    differences = [(words.FIELDS[one.field], common.shown(one.field, one.before), common.shown(one.field, one.after), one) for one in found.differences]
    values = {
        "found": found,
        "profile": own,
        "differences": differences,
        "references": rows,
        "state_badge": common.state_badge(own.state),
        "clock": promises.clock(profile_id, "directory.review", request.at),
        "waiting": [words.FIELDS[name] for name in own.waiting],
        "missing": [words.FIELDS[name] for name in own.completeness.missing],
        "public_url": addresses.listing(own.slug) if own.is_listed else "",
        "form": form or ReasonForm(),
        "badges": [(row, common.badge_state(row.state)) for row in queries.badges_of(request.actor, own.partner_id, request.at)],
        "may_award": queries.may_award(request.actor),
        "entries": audit.timeline(request.actor, own.partner_id, limit=10),
    }
    return page(request, "directory/vendor/profile.html", status=status, **values)


def _with_reason(request: Request, profile_id: UUID, act: Any, title: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    is_done, _nothing, status = attempt(
        form, lambda values: act(actor=request.actor, profile_id=profile_id, reason=values["reason"], version=common.version_of(request), at=request.at)
    )
    if is_done:
        return done(request, reverse("directory:profile", args=[profile_id]), title)
    return _profile(request, profile_id, form, status)


def _reference(request: Request, reference_id: UUID, form: ReasonForm, status: int = 200) -> HttpResponse:
    found = queries.reference(request.actor, reference_id)
    values = {
        "reference": found,
        "state_badge": common.reference_badge(found.state),
        "country": country_name(found.country) if found.country else "–",
        "industry": words.INDUSTRIES.get(found.industry, "–"),
        "clock": promises.clock(reference_id, "directory.reference", request.at),
        "form": form,
        "may_review": queries.may_review(request.actor),
    }
    return page(request, "directory/vendor/reference.html", status=status, **values)


def _badge(request: Request, badge_id: UUID, form: RevokeForm, status: int = 200) -> HttpResponse:
    found = queries.badge(request.actor, badge_id, request.at)
    values = {
        "badge": found,
        "state_badge": common.badge_state(found.state),
        "reason": found.revoked_note or words.REASONS.get(found.revoked_because, ""),
        "url": addresses.badge(found.id),
        "form": form,
        "may_award": queries.may_award(request.actor),
    }
    return page(request, "directory/vendor/badge.html", status=status, **values)


def _issued(request: Request, partner_id: UUID, values: Any) -> UUID:
    until = datetime.combine(values["valid_until"], time(23, 59, 59), UTC) if values["valid_until"] else None
    return services.give_certificate(
        actor=request.actor,
        partner_id=partner_id,
        at=request.at,
        valid_until=until,
        **{name: values[name] for name in ("name", "subtitle", "description", "criteria")},
    )
