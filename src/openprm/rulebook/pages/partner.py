"""The partner's pages: rules of engagement in words."""

from uuid import UUID

from django.http import HttpResponse

from openprm.kernel.http import Request, page

from .. import queries
from .asked import program_of

ADDRESSES = {"rules_url": "rulebook:portal_rules", "rule_url": "rulebook:portal_rule", "version_url": "rulebook:portal_version"}


def rules(request: Request) -> HttpResponse:
    """Every rule that concerns partners, in words, with what is about to change."""
    return page(request, "rulebook/partner/rules.html", book=queries.all_in_words(actor=request.actor, at=request.at))


def rule(request: Request, kind: str) -> HttpResponse:
    words = queries.rules_in_words(actor=request.actor, kind=kind, program_id=program_of(request.GET.get("program", "")), at=request.at)
    lines = [line for line in queries.list_rules(actor=request.actor, at=request.at) if line.kind == kind and line.in_force]
    return page(request, "rulebook/words.html", words=words, lines=lines, **ADDRESSES)


def version(request: Request, version_id: UUID) -> HttpResponse:
    found = queries.version(actor=request.actor, version_id=version_id, at=request.at)
    return page(request, "rulebook/version.html", found=found, **ADDRESSES)
