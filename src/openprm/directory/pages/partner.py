"""The partner's own pages: profile, references, messages, badges."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openprm.directory import addresses, queries, services, words
from openprm.directory.pages import common
from openprm.directory.pages.forms import MENDABLE, OfficeForm, ProfileForm, ReferenceForm, attempt, office_forms, place_problems
from openprm.directory.pages.public import listing_values
from openprm.directory.queries import OwnProfile
from openprm.directory.queries.listings import ListedOfficeView, ListingView
from openprm.kernel.errors import Invalid, NotFound
from openprm.kernel.http import Request, done, page, redirect
from openprm.promises import queries as promises
from openprm.ui import exports, lists
from openprm.ui.listspec import Column, ListSpec

MESSAGES = ListSpec(
    key="directory.messages",
    default_sort="-created",
    columns=(
        Column("name", gettext_lazy("Name"), "title", always=True),
        Column("company", gettext_lazy("Company")),
        Column("email", gettext_lazy("E-mail")),
        Column("text", gettext_lazy("Message")),
        Column("created", gettext_lazy("Received"), "datetime", sortable=True, value=lambda row: row.created_at),
    ),
    filters=(),
)
OFFICE_FIELDS = ("label", "street", "postal_code", "city", "country", "latitude", "longitude")


def profile(request: Request) -> HttpResponse:
    """The profile with everything in one form; saving shows at once what is public and what waits."""
    own = queries.own_profile(request.actor, _partner_id(request))
    if request.method == "POST":
        return _save(request, own)
    return _page(request, own, ProfileForm(initial=ProfileForm.of(own)), _office_rows(own))


def submit(request: Request) -> HttpResponse:
    """Ask for it to be public."""
    services.submit_profile(actor=request.actor, partner_id=_partner_id(request), at=request.at)
    own = queries.own_profile(request.actor, _partner_id(request))
    title = _("Your profile is public") if own.is_listed else _("Sent")
    return done(request, reverse("directory:portal_profile"), title, "" if own.is_listed else _("The vendor looks at it and you hear from us."))


def make_private(request: Request) -> HttpResponse:
    services.make_private(actor=request.actor, partner_id=_partner_id(request), at=request.at)
    return done(request, reverse("directory:portal_profile"), _("Your profile is private"), _("It is off the public pages."))


def preview(request: Request) -> HttpResponse:
    """The profile as visitors would see it with everything that is written now."""
    own = queries.own_profile(request.actor, _partner_id(request))
    values = listing_values(_as_listing(own, request))
    return page(request, "directory/partner/preview.html", **values, is_preview=True, badges=queries.valid_badges(own.partner_id, request.at), map=None)


def references(request: Request) -> HttpResponse:
    rows = queries.references(request.actor, _partner_id(request))
    values = {"rows": [(row, common.reference_badge(row.state)) for row in rows], "published": sum(row.state == "published" for row in rows)}
    return page(request, "directory/partner/references.html", **values, may_edit=queries.may_edit(request.actor))


def new_reference(request: Request) -> HttpResponse:
    form = ReferenceForm(request.POST or None)
    if request.method != "POST":
        return page(request, "directory/partner/reference.html", form=form, reference=None)
    return _save_reference(request, form, None)


def reference(request: Request, reference_id: UUID) -> HttpResponse:
    found = queries.reference(request.actor, reference_id)
    if request.method == "POST":
        return _save_reference(request, ReferenceForm(request.POST), reference_id)
    form = ReferenceForm(initial=ReferenceForm.of(found))
    values = {"form": form, "reference": found, "state_badge": common.reference_badge(found.state), "may_edit": queries.may_edit(request.actor)}
    return page(request, "directory/partner/reference.html", **values)


def submit_reference(request: Request, reference_id: UUID) -> HttpResponse:
    services.submit_reference(actor=request.actor, reference_id=reference_id, at=request.at)
    return done(request, reverse("directory:portal_references"), _("Reference sent"), _("It is public as soon as the vendor has approved it."))


def withdraw_reference(request: Request, reference_id: UUID) -> HttpResponse:
    services.withdraw_reference(actor=request.actor, reference_id=reference_id, at=request.at)
    return done(request, reverse("directory:portal_references"), _("Reference withdrawn"), _("It is off the public pages."))


def messages(request: Request) -> HttpResponse:
    """What visitors wrote. Opening the page counts as having read it."""
    state = lists.parse(request, MESSAGES)
    if state.export:
        rows = (queries.message_row(row) for row in queries.newest_messages(request.actor))
        return exports.respond(request, state, rows, name="messages")
    response = page(request, "directory/partner/messages.html", found=queries.messages(request.actor, page=state.page))
    if queries.may_edit(request.actor):
        services.mark_read(actor=request.actor, at=request.at)
    return response


def badges(request: Request) -> HttpResponse:
    rows = queries.badges_of(request.actor, _partner_id(request), request.at)
    return page(request, "directory/partner/badges.html", rows=[(row, common.badge_state(row.state)) for row in rows])


def badge(request: Request, badge_id: UUID) -> HttpResponse:
    """One badge: its files, and the lines for one's own website."""
    row = queries.badge(request.actor, badge_id, request.at)
    url, picture = addresses.badge(row.id), addresses.badge_picture(row.id)
    alternative = f"{row.name}, {row.subtitle}" if row.subtitle else row.name
    snippet = (
        f'<a href="{url}" rel="noopener"><img src="{picture}" width="160" height="184" alt="{alternative.replace(chr(34), "&quot;").replace("<", "&lt;")}"></a>'
    )
    values = {"badge": row, "state_badge": common.badge_state(row.state), "url": url, "snippet": snippet, "reason": words.REASONS.get(row.revoked_because, "")}
    return page(request, "directory/partner/badge.html", **values)


def _partner_id(request: Request) -> UUID:
    if request.actor.partner_id is None:
        raise NotFound()
    return request.actor.partner_id


def _save(request: Request, own: OwnProfile) -> HttpResponse:
    count = int(request.POST.get("offices", "1")) if request.POST.get("offices", "").isdecimal() and len(request.POST["offices"]) < 3 else 1
    form, offices = ProfileForm(request.POST, request.FILES), office_forms(request.POST, count)
    if request.POST.get("action") == "add_office":
        return _page(request, own, form, [*offices, OfficeForm(prefix=f"office{len(offices)}")])
    are_read = all([form.is_valid(), *(office.is_valid() for office in offices)])
    if not are_read:
        return _page(request, own, form, offices, status=422)
    filled = [place for place, office in enumerate(offices) if not office.is_empty]
    main = request.POST.get("main", "")
    try:
        held = services.save_profile(
            actor=request.actor,
            partner_id=own.partner_id,
            changes=form.changes(),
            offices=[offices[place].cleaned_data | {"is_main": main == str(place)} for place in filled],
            logo=common.content_of(form.cleaned_data["logo"], "logo"),
            remove_logo=form.cleaned_data["remove_logo"],
            version=form.cleaned_data["version"],
            at=request.at,
        )
    except Invalid as refusal:
        place_problems(refusal, form, offices, filled)
        return _page(request, own, form, offices, status=refusal.status)
    except MENDABLE as refusal:
        form.add_error(None, refusal.message)
        return _page(request, own, form, offices, status=refusal.status)
    text = _("%(fields)s: public as soon as the vendor has looked.") % {"fields": ", ".join(str(words.FIELDS[name]) for name in held)} if held else ""
    return done(request, reverse("directory:portal_profile"), _("Profile saved"), text)


def _page(request: Request, own: OwnProfile, form: ProfileForm, offices: list[OfficeForm], status: int = 200) -> HttpResponse:
    clock = promises.clock(own.id, "directory.review", request.at) if own.id and own.state == "submitted" else None
    main = next((place for place, office in enumerate(own.offices) if office.is_main), 0)
    values: dict[str, Any] = {
        "profile": own,
        "form": form,
        "offices": offices,
        "main": main,
        "state_badge": common.state_badge(own.state),
        "missing": [words.FIELDS[name] for name in own.completeness.missing],
        "waiting": [words.FIELDS[name] for name in own.waiting],
        "reviewed": [words.FIELDS[name] for name in own.reviewed],
        "clock": clock,
        "may_edit": queries.may_edit(request.actor),
        "public_url": addresses.listing(own.slug) if own.is_listed else "",
    }
    return page(request, "directory/partner/profile.html", status=status, **values)


def _office_rows(own: OwnProfile) -> list[OfficeForm]:
    rows = [OfficeForm(prefix=f"office{place}", initial={name: getattr(office, name) for name in OFFICE_FIELDS}) for place, office in enumerate(own.offices)]
    return rows or [OfficeForm(prefix="office0")]


def _save_reference(request: Request, form: ReferenceForm, reference_id: UUID | None) -> HttpResponse:
    is_done, saved, status = attempt(form, lambda values: _saved(request, form, reference_id))
    if is_done:
        return (
            redirect(request, reverse("directory:portal_reference", args=[saved]))
            if reference_id is None
            else done(request, request.path, _("Reference saved"))
        )
    found = queries.reference(request.actor, reference_id) if reference_id else None
    values = {
        "form": form,
        "reference": found,
        "state_badge": common.reference_badge(found.state) if found else None,
        "may_edit": queries.may_edit(request.actor),
    }
    return page(request, "directory/partner/reference.html", status=status, **values)


def _saved(request: Request, form: ReferenceForm, reference_id: UUID | None) -> UUID:
    return services.save_reference(
        actor=request.actor,
        partner_id=_partner_id(request),
        reference_id=reference_id,
        values=form.changes(),
        version=form.cleaned_data["version"] if reference_id else None,
        at=request.at,
    )


def _as_listing(own: OwnProfile, request: Request) -> ListingView:
    names = [name for name in ListingView.__dataclass_fields__ if hasattr(own, name) and name not in ("offices", "partner_id", "slug")]
    try:
        grades = queries.listing(own.slug).grades if own.is_listed else ()
    except NotFound:
        grades = ()
    return ListingView(
        partner_id=own.partner_id,
        slug=own.slug or "preview",
        name=own.partner_name,
        countries=(),
        grades=grades,
        offices=tuple(ListedOfficeView(**{name: getattr(office, name) for name in OFFICE_FIELDS}) for office in own.offices),
        references=(),
        since=request.at,
        updated_at=request.at,
        **{name: getattr(own, name) for name in names if name not in ("countries", "grades", "references", "name", "since", "updated_at")},
    )
