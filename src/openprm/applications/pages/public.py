"""Pages for everybody: the programs that a company can join, one program, and the first page of an application."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.applications import links, queries, rules, services
from openprm.applications.pages.questions import Questions, opened_stamp, refuse_machine
from openprm.applications.rules import Field
from openprm.applications.words import CORE
from openprm.identity import queries as identity
from openprm.kernel.errors import Invalid
from openprm.kernel.http import Request, done, page, redirect
from openprm.kernel.scope import system_scope

CODES = 40


def programs(request: Request) -> HttpResponse:
    """What a company can join."""
    return page(request, "applications/public/programs.html", programs=queries.programs_to_join(request.at), brand=identity.branding(), here=_here(request))


def program(request: Request, code: str) -> HttpResponse:
    """One program: what it is, for whom, what each tier gives, what is promised and by which rules."""
    found = queries.public_program(code, request.at)
    if request.method == "GET":
        services.count_visit(
            program_id=found.id,
            source=source_of(request),
            network_address=address_of(request) or "",
            browser=request.headers.get("User-Agent", ""),
            at=request.at,
        )
    apply_url = reverse("applications:apply", args=[code]) + kept_query(request)
    return page(request, "applications/public/program.html", program=found, brand=identity.branding(), apply_url=apply_url, here=_here(request))


def apply(request: Request, code: str) -> HttpResponse:
    """The first page of an application: the company and the person."""
    head = queries.program_to_apply_for(code, request.at)
    asked = first_questions(head.type_codes)
    if request.method != "POST":
        return _first_page(request, head, Questions(asked))
    form = Questions(asked, request.POST)
    try:
        if refuse_machine(request.POST, request.at):
            return done(request, reverse("applications:program", args=[code]), _("Thank you"))
        application = services.start(
            program=queries.program_behind(code),
            given=form.given,
            source=request.POST.get("source", "")[:60] or source_of(request),
            ref=request.POST.get("ref", "")[:CODES],
            network_address=address_of(request),
            at=request.at,
        )
    except Invalid as refusal:
        return _first_page(request, head, form.refuse(refusal), status=422)
    return redirect(request, reverse("applications:application_page", args=[links.open_token(application), 2]))


def first_questions(type_codes: tuple[str, ...]) -> tuple[Field, ...]:
    """The company and the person; of the types of partner only those that the program is made for."""
    kept = set(type_codes)
    return tuple(replace(field, choices=tuple(one for one in field.choices if one.value in kept)) if kept and field.code == "type" else field for field in CORE)


def _first_page(request: Request, found: queries.PublicProgram, form: Questions, *, status: int = 200) -> HttpResponse:
    with system_scope():
        asked = services.form_in_force(found.id, request.at)
        titles = [title for title, _fields in rules.pages_of(services.whole_form(asked))]
    return page(
        request,
        "applications/public/page.html",
        status=status,
        form=form,
        program=found,
        brand=identity.branding(),
        titles=titles,
        number=1,
        intro=asked.intro,
        opened=opened_stamp(request.at),
        source=source_of(request),
        ref=(request.POST.get("ref") or request.GET.get("ref", ""))[:CODES],
        back_url=reverse("applications:program", args=[found.code]),
    )


def source_of(request: Request) -> str:
    """Where this visitor comes from, by the link or by the site before."""
    host = urlsplit(request.headers.get("Referer", "")).hostname or ""
    return rules.source_of(request.GET, referrer_host=host, own_host=request.get_host().partition(":")[0])


def address_of(request: Request) -> str | None:
    return request.META.get("REMOTE_ADDR") or None


def kept_query(request: Request) -> str:
    """The source and the referral code, carried along to the form."""
    query = request.GET.copy()
    for name in [name for name in query if name not in ("ref", "utm_source", "source")]:
        del query[name]
    if "source" not in query and "utm_source" not in query and source_of(request) != "direct":
        query["source"] = source_of(request)
    return f"?{query.urlencode()}" if query else ""


def _here(request: Request) -> str:
    return request.build_absolute_uri(request.path)


def apply_url(program_id: Any, code: str) -> str:
    """The public address at which a recommended company begins: the program's page, or the list of programs."""
    with system_scope():
        known = queries.public_codes()
    place = reverse("applications:program", args=[known[program_id]]) if program_id in known else reverse("applications:programs_to_join")
    return f"{place}?ref={code}"
