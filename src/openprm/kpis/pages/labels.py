"""Program facts: what everybody may read, and the page on which the vendor decides it."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.html import escape
from django.utils.translation import gettext as _

from openprm.kernel.api.etags import etag_of, is_fresh
from openprm.kernel.api.limits import Policy, charge
from openprm.kernel.errors import Invalid
from openprm.kernel.http import Request, done, page
from openprm.kpis import queries, services, wording
from openprm.kpis.definitions.registry import BY_NAME
from openprm.kpis.pages.forms import LabelForm
from openprm.kpis.rules import label as rules

ASKED = Policy("facts", 120)
OPEN = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "cross-origin"}
STILL = "default-src 'none'; sandbox"
AN_HOUR = "public, max-age=3600"
JSON_LD = "application/ld+json"


def _spend(request: Request) -> None:
    """Strangers read as often as people do. Raises TooMany."""
    charge(key=salted_hmac("openprm.kpis.facts", request.META.get("REMOTE_ADDR", "")).hexdigest(), policy=ASKED, at=request.at)


def index(request: Request) -> HttpResponse:
    """The programs whose facts are public."""
    _spend(request)
    return page(request, "kpis/public/index.html", labels=[(one, reverse("kpis:facts", args=[one.code])) for one in queries.public_labels()])


def facts(request: Request, code: str) -> HttpResponse:
    """The label for people."""
    _spend(request)
    found = queries.public_label(code)
    lines = [(_name(one), _said(one), _about(one), one) for one in found.body["facts"]]
    values = {"label": found, "lines": lines, "rules": found.body["rules"], "least": (found.body["leastCases"], found.body["leastPartners"])}
    response = page(request, "kpis/public/facts.html", **values, canonical=queries.absolute("facts", code))
    response["Link"] = f'<{queries.absolute("facts_json", code)}>; rel="alternate"; type="{JSON_LD}"'
    return response


def _name(one: Mapping[str, Any]) -> str:
    kpi = BY_NAME.get(one["name"])
    return str(kpi.label) if kpi else one["label"]


def _said(one: Mapping[str, Any]) -> str:
    if one["status"] == "too_few":
        return _("too few cases")
    if one["status"] != "told":
        return _("not measured")
    text = f"{one['value']} {wording.UNITS[one['unit']]}".strip()
    if one["bound"] == "at_least":
        return _("%(value)s or more") % {"value": text}
    return _("%(value)s or less") % {"value": text} if one["bound"] == "at_most" else text


def _about(one: Mapping[str, Any]) -> str:
    return _("of at least %(cases)d cases") % {"cases": one["cases"]} if one["status"] == "told" else ""


def facts_json(request: Request, code: str) -> HttpResponse:
    """The label for programs: JSON-LD with a schema of its own."""
    _spend(request)
    found = queries.public_label(code)
    return _open(request, json.dumps(found.body, indent=2, ensure_ascii=False), JSON_LD, found.sha256)


def facts_schema(request: Request) -> HttpResponse:
    """The schema of the label, for those who read it by program."""
    _spend(request)
    text = json.dumps(rules.schema(queries.absolute("facts_schema")), indent=2)
    return _open(request, text, "application/schema+json", rules.SCHEMA_TAG)


def facts_badge(request: Request, code: str) -> HttpResponse:
    """A picture for other web sites: three facts and the month they are of."""
    _spend(request)
    found = queries.public_label(code)
    shown = [(_name(one), _said(one)) for one in found.body["facts"] if one["status"] == "told"][:3]
    response = _open(request, _picture(found, shown), "image/svg+xml", f"{found.sha256}-badge")
    response["Content-Security-Policy"] = STILL
    response._csp_exempt = True  # type: ignore[attr-defined]  the picture has a stricter policy of its own
    return response


def _picture(found: queries.LabelView, shown: list[tuple[str, str]]) -> str:
    """Drawn without style, so that the strictest policy shows it."""
    title = f"{found.body['vendor']['schema:name']}: {found.body['program']['name']}"
    lines = shown or [(_("Program facts"), _("too few cases"))]
    height = 62 + 26 * len(lines)
    font = 'font-family="Inter,system-ui,sans-serif"'
    rows = "".join(
        f'<text x="20" y="{66 + 26 * place}" {font} font-size="13" fill="#4a505c">{escape(name[:34])}</text>'
        f'<text x="340" y="{66 + 26 * place}" {font} font-size="13" font-weight="600" fill="#16181d" text-anchor="end">{escape(said[:24])}</text>'
        for place, (name, said) in enumerate(lines)
    )
    said = escape(", ".join((title, *(f"{name}: {value}" for name, value in lines))))
    period = escape(_("Program facts, twelve months to %(day)s") % {"day": found.as_of.isoformat()})
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="360" height="{height}" viewBox="0 0 360 {height}" role="img" aria-label="{said}">'
        f"<title>{escape(title)}</title>"
        f'<rect x="0.5" y="0.5" width="359" height="{height - 1}" rx="10" fill="#ffffff" stroke="#d9dce3"/>'
        f'<text x="20" y="28" {font} font-size="14" font-weight="600" fill="#16181d">{escape(title[:44])}</text>'
        f'<text x="20" y="44" {font} font-size="10.5" fill="#5b616e">{period}</text>'
        f"{rows}</svg>"
    )


def _open(request: Request, body: str, content_type: str, tag: str) -> HttpResponse:
    """For everybody, kept for an hour, and not sent again while it is the same."""
    etag = etag_of(tag)
    headers = {**OPEN, "ETag": etag, "Cache-Control": AN_HOUR}
    if is_fresh(request, etag):
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(body, content_type=content_type, headers=headers)


def labels(request: Request) -> HttpResponse:
    """Which programs tell their facts in public."""
    return _labels(request)


def _labels(request: Request, *, problem: str = "", status: int = 200) -> HttpResponse:
    rows = []
    for one in queries.labels(request.actor):
        told = [(_name(fact), _said(fact), _about(fact)) for fact in one.public.body["facts"]] if one.public else []
        rows.append((one, LabelForm(initial={"least_cases": one.least_cases, "version": one.version}, prefix=one.code), told, _embed(one)))
    return page(request, "kpis/labels.html", status=status, rows=rows, problem=problem, may_publish=request.actor.can("kpis.publish"))


def _embed(one: queries.LabelState) -> str:
    """What another web site copies."""
    return f'<a href="{one.url}"><img src="{queries.absolute("facts_badge", one.code)}" alt="{escape(one.name)}" width="360"></a>'


def publish(request: Request, program_id: UUID) -> HttpResponse:
    state = next((one for one in queries.labels(request.actor) if one.program_id == program_id), None)
    form = LabelForm(request.POST, prefix=state.code if state else None)
    if not form.is_valid():
        return _labels(request, problem=_("A number is told from 10 to 1,000 cases on."), status=422)
    try:
        services.publish_label(actor=request.actor, program_id=program_id, at=request.at, **form.cleaned_data)
    except Invalid as refusal:
        return _labels(request, problem=str(refusal.message), status=422)
    return done(request, reverse("kpis:labels"), _("The facts are public"))


def withdraw(request: Request, program_id: UUID) -> HttpResponse:
    services.withdraw_label(actor=request.actor, program_id=program_id, at=request.at)
    return done(request, reverse("kpis:labels"), _("The facts are not public any more"))
