"""The three dashboards."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from openprm.dashboards import addresses, queries
from openprm.dashboards.pages import common
from openprm.dashboards.rules.asking import Ask
from openprm.kernel.http import Request, page, redirect


def first(request: Request) -> HttpResponse:
    """The dashboard that this person begins with."""
    return redirect(request, addresses.page_of("manager" if "partner_manager" in request.actor.roles else "executive"))


def executive(request: Request) -> HttpResponse:
    choices = queries.every_choice(request.actor)
    ask, problems = common.asked_by(request, "executive", choices)
    board = queries.board(request.actor, "executive", ask, request.at)
    return page(request, "dashboards/executive.html", **common.frame(request, board, choices, problems))


def manager(request: Request) -> HttpResponse:
    choices = queries.every_choice(request.actor)
    ask, problems = common.asked_by(request, "manager", choices)
    board = queries.board(request.actor, "manager", ask, request.at)
    whose = [(name, label, addresses.page_of("manager", _of(ask, name)), name == (ask.whose or "mine")) for name, label in _whose()]
    portfolio = queries.portfolio(request.actor, board, request.at)
    return page(request, "dashboards/manager.html", portfolio=portfolio, whose=whose, **common.frame(request, board, choices, problems))


def _whose() -> tuple[tuple[str, str], ...]:
    return ("mine", _("My partners")), ("all", _("All partners"))


def _of(ask: Ask, whose: str) -> Ask:
    return Ask(**{name: getattr(ask, name) for name in Ask.__dataclass_fields__ if name != "whose"}, whose=whose if whose == "all" else "")


def own(request: Request) -> HttpResponse:
    """A partner's own truth."""
    ask, problems = common.asked_by(request, "partner", {})
    board = queries.board(request.actor, "partner", ask, request.at)
    standing = queries.own_standing(request.actor, board, request.at)
    return page(request, "dashboards/partner.html", standing=standing, **common.frame(request, board, {}, problems))
