"""The directory as everybody sees it: search, tiers, one partner, writing to it. Works without JavaScript."""

import json
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from openprm.directory import addresses, dotmap, queries, services, words
from openprm.directory.pages.forms import ContactForm, attempt
from openprm.directory.queries.listings import DEFAULT_KM, Found, GradeView, ListingView, Offered, Wanted
from openprm.kernel.countries import country_name
from openprm.kernel.errors import NotFound
from openprm.kernel.http import Request, page, redirect

DISTANCES = (25, 50, 100, 250, 500, 1000)
LONGEST = 100


def listings(request: Request) -> HttpResponse:
    """The locator."""
    _refuse_closed(request)
    wanted = _wanted(request)
    return page(request, "directory/public/listings.html", **_results(request, wanted), canonical=addresses.absolute(reverse("directory:listings")))


def grade(request: Request, program: str, tier: str) -> HttpResponse:
    """Every partner that holds one tier."""
    _refuse_closed(request)
    offered = queries.offered()
    found = next((one for one in offered.grades if (one.program, one.tier) == (program, tier)), None)
    if found is None:
        raise NotFound()
    wanted = _wanted(request, tier=f"{program}/{tier}")
    canonical = addresses.absolute(reverse("directory:grade", args=[program, tier]))
    return page(request, "directory/public/grade.html", **_results(request, wanted), grade=found, canonical=canonical)


def listing(request: Request, slug: str) -> HttpResponse:
    """One partner: what it does, where it is, its badges and references, and a way to write to it."""
    _refuse_closed(request)
    return _listing(request, queries.listing(slug), ContactForm())


def contact(request: Request, slug: str) -> HttpResponse:
    """A visitor's message. The answer looks the same for a robot that was caught."""
    _refuse_closed(request)
    found = queries.listing(slug)
    if not found.takes_messages:
        raise NotFound()
    if request.method != "POST":
        return redirect(request, reverse("directory:listing", args=[slug]) + "#contact")
    form = ContactForm(request.POST)
    done, _message, status = attempt(form, lambda values: _send(request, slug, values))
    if done:
        return page(request, "directory/public/sent.html", listing=found, **_frame())
    return _listing(request, found, form, status=status)


def sitemap(request: Request) -> HttpResponse:
    """Addresses of all public profiles and tiers, for search engines."""
    _refuse_closed(request)
    pages = [(reverse("directory:listings"), None), *((reverse("directory:grade", args=[one.program, one.tier]), None) for one in queries.offered().grades)]
    pages += [(reverse("directory:listing", args=[slug]), changed) for slug, changed in queries.slugs()]
    lines = [_entry(addresses.absolute(path), changed) for path, changed in pages[:50_000]]
    body = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n' + "\n".join(lines) + "\n</urlset>\n"
    return HttpResponse(body, content_type="application/xml", headers={"Cache-Control": "public, max-age=3600"})


def _entry(url: str, changed: Any) -> str:
    moment = f"<lastmod>{changed:%Y-%m-%d}</lastmod>" if changed else ""
    return f"<url><loc>{escape(url)}</loc>{moment}</url>"


def _refuse_closed(request: Request) -> None:
    """A closed directory is not there for visitors; the vendor's people still see it."""
    if not queries.words().is_open and not request.actor.is_vendor:
        raise NotFound()


def _send(request: Request, slug: str, values: Any) -> Any:
    return services.send_message(
        slug=slug,
        values=values,
        stamp=request.POST.get("opened", "")[:300],
        trap=request.POST.get("fax_number", ""),
        network=request.META.get("REMOTE_ADDR", ""),
        at=request.at,
    )


def _wanted(request: Request, **fixed: str) -> Wanted:
    """What the address asks for; what cannot be used is left out."""
    asked = {name: request.GET.get(name, "").strip()[:LONGEST] for name in ("text", "program", "tier", "service", "industry", "language", "country", "near")}
    asked = {name: value.replace("\x00", "") for name, value in asked.items()}
    return Wanted(**asked | fixed, within_km=_number(request.GET.get("within"), DEFAULT_KM, 5000), page=_number(request.GET.get("page"), 1, 400))


def _number(text: str | None, default: int, most: int) -> int:
    return min(max(1, int(text)), most) if text and text.isascii() and text.isdecimal() and len(text) < 6 else default


def _results(request: Request, wanted: Wanted) -> dict[str, Any]:
    found, offered = queries.find(wanted), queries.offered()
    points = queries.points(wanted) if not wanted.near and wanted.page == 1 else [(0, 0, "", "")][:0]
    return _frame() | {
        "wanted": wanted,
        "found": found,
        "cards": [_card(row) for row in found.rows],
        "offered": offered,
        "filters": _filters(wanted, offered),
        "distances": DISTANCES,
        "map": dotmap.draw([(latitude, longitude) for latitude, longitude, _name, _slug in points]) if points else None,
        "place": _place(found.town),
        "guesses": [(f"{town.name}, {country_name(town.country)}", _with(wanted, near=f"{town.name}, {town.country}")) for town in found.guesses],
        "chips": _chips(wanted, offered),
        "previous": _with(wanted, page=found.page - 1) if found.page > 1 else "",
        "next": _with(wanted, page=found.page + 1) if found.page < found.pages else "",
        "grades": [
            (one, offered.grade_counts.get(f"{one.program}/{one.tier}", 0), reverse("directory:grade", args=[one.program, one.tier])) for one in offered.grades
        ],
    }


def _frame() -> dict[str, Any]:
    return {"words": queries.words()}


def _filters(wanted: Wanted, offered: Offered) -> list[dict[str, Any]]:
    grades = [(f"{one.program}/{one.tier}", f"{one.tier_name}, {one.program_name}") for one in offered.grades]
    choices = (
        ("service", _("Service"), [(code, words.SERVICES.get(code, code)) for code, _count in offered.services]),
        ("industry", _("Industry"), [(code, words.INDUSTRIES.get(code, code)) for code, _count in offered.industries]),
        ("country", _("Country"), sorted(((code, country_name(code)) for code, _count in offered.countries), key=lambda pair: pair[1])),
        ("language", _("Language"), sorted(((code, words.language(code)) for code, _count in offered.languages), key=lambda pair: pair[1])),
        ("tier", _("Tier"), grades),
        ("program", _("Program"), offered.programs if len(offered.programs) > 1 else ()),
    )
    return [{"name": name, "label": label, "choices": found, "value": getattr(wanted, name)} for name, label, found in choices if found]


def _chips(wanted: Wanted, offered: Offered) -> list[tuple[str, str]]:
    """What narrows the results, each with the address without it."""
    labels = {(one["name"], code): label for one in _filters(wanted, offered) for code, label in one["choices"]}
    names = ("text", "service", "industry", "country", "language", "tier", "program", "near")
    return [
        (str(labels.get((name, getattr(wanted, name)), getattr(wanted, name))), _with(wanted, **{name: "", "page": 1}))
        for name in names
        if getattr(wanted, name)
    ]


def _with(wanted: Wanted, **changes: Any) -> str:
    names = ("text", "program", "tier", "service", "industry", "language", "country", "near")
    values = {name: changes.get(name, getattr(wanted, name)) for name in names}
    values = {name: value for name, value in values.items() if value}
    if values.get("near"):
        values["within"] = wanted.within_km
    if changes.get("page", 1) > 1:
        values["page"] = changes["page"]
    return f"?{urlencode(values)}"


def _place(town: Any) -> str:
    if town is None:
        return ""
    return f"{town.name}, {country_name(town.country)}" if town.country else town.name


def _card(row: Found) -> dict[str, Any]:
    where = ", ".join(filter(None, (row.city, country_name(row.countries[0]) if row.countries else "")))
    return {
        "row": row,
        "url": reverse("directory:listing", args=[row.slug]),
        "where": where,
        "services": words.names(words.SERVICES, row.services[:4]),
        "more_services": max(0, len(row.services) - 4),
        "grade": row.grades[0] if row.grades else None,
        "km": round(row.distance_km) if row.distance_km is not None else None,
    }


def _listing(request: Request, found: ListingView, form: ContactForm, status: int = 200) -> HttpResponse:
    points = [(office.latitude, office.longitude) for office in found.offices]
    return page(
        request,
        "directory/public/listing.html",
        status=status,
        **listing_values(found),
        form=form,
        opened=services.stamp(slug=found.slug, at=request.at),
        badges=queries.valid_badges(found.partner_id, request.at),
        map=dotmap.draw(points),
        canonical=addresses.listing(found.slug),
        linked_data=linked_data(found),
        is_preview=False,
    )


def listing_values(found: ListingView) -> dict[str, Any]:
    """A listing with its codes in words."""
    return _frame() | {
        "listing": found,
        "paragraphs": [part.strip() for part in found.description.split("\n\n") if part.strip()],
        "services": words.names(words.SERVICES, found.services),
        "industries": words.names(words.INDUSTRIES, found.industries),
        "languages": [words.language(code) for code in found.languages],
        "regions": words.names(words.REGIONS, found.regions),
        "offices": [(office, country_name(office.country)) for office in found.offices],
        "references": [(one, country_name(one.country) if one.country else "", words.INDUSTRIES.get(one.industry, "")) for one in found.references],
        "website_host": found.website.partition("://")[2].rstrip("/").removeprefix("www."),
        "grades": [(one, _grade_url(one)) for one in found.grades],
    }


def _grade_url(one: GradeView) -> str:
    return reverse("directory:grade", args=[one.program, one.tier])


def linked_data(found: ListingView) -> SafeString:
    """schema.org's Organization as JSON-LD; "<" is written so that no text can end the script element."""
    values: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": found.name,
        "description": found.summary,
        "url": found.website or addresses.listing(found.slug),
        "knowsLanguage": list(found.languages),
        "address": [
            {"@type": "PostalAddress", "streetAddress": one.street, "postalCode": one.postal_code, "addressLocality": one.city, "addressCountry": one.country}
            for one in found.offices
        ],
    }
    if found.logo_url:
        values["logo"] = addresses.absolute(found.logo_url)
    text = json.dumps({name: value for name, value in values.items() if value}, ensure_ascii=False)
    return mark_safe(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S308  escaped in this line
