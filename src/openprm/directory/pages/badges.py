"""Badges as everybody sees them: one badge, its files, the issuer's keys and lists, and a place to check any badge."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from openprm.directory import addresses, queries, wording, words
from openprm.directory.pages.common import badge_state, content_of
from openprm.directory.pages.forms import CheckForm
from openprm.directory.rules import baking, tokens
from openprm.identity import queries as identity
from openprm.kernel.errors import Invalid
from openprm.kernel.http import Request, page
from openprm.ui.fields import add_problems

SVG = "image/svg+xml"
OPEN = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
"""Verifiers run in other people's browsers: what is for them may be read from any site."""
STILL = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}


def badge(request: Request, badge_id: UUID) -> HttpResponse:
    """What a badge is, whether it holds, and its files."""
    found = queries.public_badge(badge_id, request.at)
    said = wording.verdict(found.verdict)
    values = {
        "badge": found,
        "state_badge": badge_state(found.state),
        "said": said,
        "reason": words.REASONS.get(found.revoked_because, ""),
        "words": queries.words(),
    }
    return page(request, "directory/public/badge.html", **values, canonical=found.url)


def badge_picture(request: Request, badge_id: UUID) -> HttpResponse:
    """The picture with the credential in it; for a website's <img> it turns grey when the badge is taken back."""
    svg = queries.picture(badge_id, request.at, void_word=_("No longer valid"))
    return _file(svg, SVG, request, f"badge-{badge_id}.svg", **STILL, **{"Cross-Origin-Resource-Policy": "cross-origin"})


def badge_token(request: Request, badge_id: UUID) -> HttpResponse:
    """The credential as it was signed."""
    return _file(queries.public_badge(badge_id, request.at).token, "text/plain; charset=utf-8", request, f"badge-{badge_id}.jwt")


def badge_json(request: Request, badge_id: UUID) -> HttpResponse:
    """What the credential says, for reading; the proof is in the .jwt."""
    payload = tokens.read(queries.public_badge(badge_id, request.at).token).payload
    return _file(_pretty(payload), "application/json", request, f"badge-{badge_id}.json")


def achievement(request: Request, achievement_id: UUID) -> HttpResponse:
    """What a badge stands for, for people, and for programs that ask for JSON."""
    found = queries.achievement(achievement_id)
    if "json" in request.headers.get("Accept", "") and "html" not in request.headers.get("Accept", ""):
        values = {"id": addresses.achievement(found.id), "type": ["Achievement"], "name": found.name, "description": found.description}
        return _file(_pretty(values | {"criteria": {"narrative": found.criteria}}), "application/json", request, "")
    return page(request, "directory/public/achievement.html", achievement=found, words=queries.words())


def achievement_picture(request: Request, achievement_id: UUID) -> HttpResponse:
    brand = identity.branding()
    svg = queries.achievement_picture(achievement_id, issuer=brand.name, color=brand.color or "#2f54eb")
    return _file(svg, SVG, request, "", **STILL)


def status_list(request: Request, number: int) -> HttpResponse:
    """The signed list that says which badges were taken back."""
    return _file(queries.status_list_token(number), "application/vc+jwt", request, "", **{"Cache-Control": "public, max-age=300"})


def issuer_key(request: Request, thumbprint: str) -> HttpResponse:
    return _file(_pretty(queries.issuer_jwk(thumbprint)), "application/jwk+json", request, "")


def jwks(request: Request) -> HttpResponse:
    return _file(_pretty(queries.jwks()), "application/jwk-set+json", request, "", **{"Cache-Control": "public, max-age=300"})


def did(request: Request) -> HttpResponse:
    return _file(_pretty(queries.did_document()), "application/did+json", request, "", **{"Cache-Control": "public, max-age=300"})


def check(request: Request) -> HttpResponse:
    """Bring a badge, get the verdict. Nothing of it is kept."""
    if request.method != "POST":
        return page(request, "directory/public/check.html", form=CheckForm(), said=None, words=queries.words())
    form = CheckForm(request.POST, request.FILES)
    said, status, facts = None, 422, {}
    if form.is_valid():
        try:
            content = content_of(form.cleaned_data["file"], "file") or form.cleaned_data["text"].encode()
            verdict = queries.check(content, request.at)
            said, status, facts = wording.verdict(verdict), 200, verdict.facts
        except baking.NotABadge as error:
            form.add_error("file" if form.cleaned_data["file"] else "text", wording.no_credential(str(error)))
        except Invalid as refusal:
            add_problems(form, refusal)
    return page(request, "directory/public/check.html", status=status, form=form, said=said, facts=facts, words=queries.words())


def _file(content: str, kind: str, request: Request, name: str, **headers: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind, headers={**OPEN, **headers})
    if name and "download" in request.GET:
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    if "Content-Security-Policy" in headers:
        response._csp_exempt = True  # type: ignore[attr-defined]  the picture has a stricter policy of its own
    return response


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
