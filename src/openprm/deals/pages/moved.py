"""Addresses that went to another room; what was bookmarked still leads there."""

from django.http import HttpResponse

from openprm.deals.pages.common import address
from openprm.kernel.http import Request, redirect


def pipeline(request: Request) -> HttpResponse:
    """The board of open deals is a page of its own, for deals and engagements of both sides."""
    query = request.META.get("QUERY_STRING", "")
    return redirect(request, address("pipeline:pipeline") + (f"?{query}" if query else ""))
