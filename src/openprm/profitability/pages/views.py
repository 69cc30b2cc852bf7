"""The partner's pages of its own books. They answer its administrators who act as themselves, and nobody else."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from openprm.deals import queries as deals
from openprm.kernel.errors import Conflict, Invalid, NotFound, Stale
from openprm.kernel.http import Request, addresses, done, page
from openprm.kernel.money import Money, minor_units, parse_amount
from openprm.partners import queries as partners
from openprm.profitability import queries, services
from openprm.profitability.pages import forms, lists
from openprm.profitability.pages.asked import asked_of, choices_of
from openprm.ui import exports
from openprm.ui import lists as ui_lists
from openprm.ui.fields import add_problems
from openprm.ui.listspec import Column, Empty

PRIVATE = {"Cache-Control": "private, no-store"}
EXPORTED = (
    Column("label", _("What")),
    Column("income", _("Income"), "money"),
    Column("cost", _("Cost"), "money"),
    Column("result", _("Result"), "money"),
    Column("left_of_hundred", _("Left of 100"), "number"),
    Column("hours", _("Hours"), "number"),
)


def to(name: str, *args: Any) -> str:
    return reverse(f"profitability:{name}", args=args)


def show_profit(request: Request) -> HttpResponse:
    """What is left of each euro; a door to the settings while the books are not opened."""
    book = queries.book(request.actor, request.at)
    if book is None:
        return _private(page(request, "profitability/begin.html", settings_url=to("book")))
    asked = asked_of(request.GET)
    found = queries.statement(request.actor, asked, request.at)
    if request.GET.get("export") in ("csv", "xlsx"):
        make = exports.csv_response if request.GET["export"] == "csv" else exports.xlsx_response
        return _private(make("our-profit", EXPORTED, found.lines))
    return _private(_drawn(request, book, asked, found))


def what_if(request: Request) -> HttpResponse:
    """The same statement with other hourly rates. Sent, never in an address, and kept nowhere."""
    book = queries.book(request.actor, request.at)
    if book is None:
        raise NotFound(_("Open your books first: say in which currency you count."))
    asked = asked_of(request.POST)
    now = queries.statement(request.actor, asked, request.at)
    typed = {group.id: request.POST.get(f"rate-{group.id}", "")[:24] for group in book.groups}
    try:
        hourly = {key: parse_amount(text, book.currency, request.actor.locale, field="rates").minor for key, text in typed.items() if text.strip()}
        if any(minor <= 0 for minor in hourly.values()):
            raise Invalid(_("An hour costs more than nothing. Enter amounts above zero."), field="rates")
    except Invalid as refusal:
        return _private(_drawn(request, book, asked, now, typed=typed, problem=refusal.message, status=422))
    then = queries.statement(request.actor, asked_of(request.POST, hourly=hourly), request.at)
    return _private(_drawn(request, book, asked, now, then=then, typed=typed))


def _drawn(request: Request, book: queries.BookView, asked: queries.Asked, found: queries.Statement, *, status: int = 200, **extra: Any) -> HttpResponse:
    typed = extra.pop("typed", {})
    then = extra.get("then")
    highest = max((abs(one.result.minor) for one in found.months), default=0) or 1
    return page(
        request,
        "profitability/profit.html",
        status=status,
        book=book,
        found=found,
        asked=asked,
        choices=choices_of(request.actor, asked, to("profit")),
        bars=[(one, round(100 * abs(one.result.minor) / highest, 1)) for one in found.months],
        groups=[(group, typed.get(group.id, "")) for group in book.groups],
        difference=Money(then.result.minor - found.result.minor, found.currency) if then else None,
        journal=queries.journal(request.actor, 4),
        urls={name: to(name) for name in ("profit", "what_if", "entries", "new_entry", "file", "book", "take", "forget")},
        opened=request.GET.get("do", ""),
        **extra,
    )


def list_entries(request: Request) -> HttpResponse:
    state = ui_lists.parse(request, lists.ENTRIES)
    filters, address = lists.filters_of(state), addresses("profitability:entry")
    if state.export:
        rows = (lists.Listed(row.id, address(row.id), row) for row in queries.export(request.actor, filters))
        return _private(exports.respond(request, state, rows, name="our-entries"))
    found = queries.entries(request.actor, filters, state.page).map(lambda row: lists.Listed(row.id, address(row.id), row))
    empty = Empty(title=_("Nothing entered yet"), text=_("Enter the hours your people spend on the program, or read a CSV file."))
    return _private(
        ui_lists.render(
            request,
            "profitability/entries.html",
            state,
            found,
            empty=empty,
            title=_("Our entries"),
            summary=_("What you put in and take out. Only administrators of your company see this."),
            new_url=to("new_entry"),
            file_url=to("file"),
        )
    )


def new_entry(request: Request) -> HttpResponse:
    book = _opened(request)
    sent = request.method == "POST"
    form = _entry_form(request, book, initial={"kind": request.GET.get("kind", ""), "month": request.at.strftime("%Y-%m"), "deal": request.GET.get("deal", "")})
    if sent and form.is_valid():
        try:
            services.record(actor=request.actor, draft=form.draft(), at=request.at)
        except (Invalid, Conflict, NotFound) as refusal:
            add_problems(form, refusal)
        else:
            return done(request, to("entries"), _("Entered"), _("It counts in your profit from now on."))
    return _private(page(request, "profitability/entry.html", form=form, book=book, entry=None, list_url=to("entries"), status=422 if sent else 200))


def show_entry(request: Request, entry_id: UUID) -> HttpResponse:
    """One entry, to be changed or taken out."""
    book, entry = _opened(request), queries.entry(request.actor, entry_id)
    form = _entry_form(request, book, initial=_typed(entry))
    sent = request.method == "POST"
    if sent and form.is_valid():
        draft = form.draft
        try:
            services.change_entry(actor=request.actor, entry_id=entry_id, draft=draft(entry.external_id), version=form.cleaned_data["version"], at=request.at)
        except (Invalid, Conflict, NotFound, Stale) as refusal:
            add_problems(form, refusal)
        else:
            return done(request, to("entries"), _("Saved"))
    urls = {"list_url": to("entries"), "remove_url": to("remove_entry", entry_id)}
    return _private(page(request, "profitability/entry.html", form=form, book=book, entry=entry, status=422 if sent else 200, **urls))


def remove_entry(request: Request, entry_id: UUID) -> HttpResponse:
    services.remove_entry(actor=request.actor, entry_id=entry_id, at=request.at)
    return done(request, to("entries"), _("Taken out"))


def read_file(request: Request) -> HttpResponse:
    book = _opened(request)
    sent = request.method == "POST"
    form = forms.FileForm(request.POST if sent else None, request.FILES if sent else None)
    if sent and form.is_valid():
        try:
            file = form.cleaned_data["file"]
            found = services.record_file(actor=request.actor, content=file.read(services.LARGEST_BYTES + 1), at=request.at)
        except (Invalid, Conflict) as refusal:
            for problem in refusal.problems or ():
                form.add_error("file", str(problem.message))
            if not refusal.problems:
                form.add_error(None, refusal.message)
        else:
            text = _("%(known)d rows were in your books already.") % {"known": found.known} if found.known else ""
            return done(request, to("entries"), _("%(count)d entries read") % {"count": found.created}, text)
    return _private(page(request, "profitability/file.html", form=form, book=book, list_url=to("entries"), status=422 if sent else 200))


def edit_book(request: Request) -> HttpResponse:
    """Open the books, and later their settings with the groups of people."""
    book = queries.book(request.actor, request.at)
    sent = request.method == "POST"
    first = book.currency if book else deals.base_currency()
    initial = {
        "currency": first,
        "margin": f"{book.margin_percent:f}" if book and book.margin_bp is not None else "",
        "version": book.version if book else None,
    }
    initial["training_group"] = str(book.training_group_id or "") if book else ""
    form = forms.BookForm(request.POST if sent else None, initial=initial, book=book, first=first)
    if sent and form.is_valid():
        try:
            services.save_book(actor=request.actor, at=request.at, **form.values())
        except (Invalid, Conflict, Stale) as refusal:
            add_problems(form, refusal)
        else:
            return done(request, to("book") if book is None else to("profit"), _("Saved"), "" if book else _("Now say what an hour of your people costs."))
    return _settings(request, book, form, status=422 if sent else 200)


def save_group(request: Request) -> HttpResponse:
    """A new group of people, or a new rate of one."""
    book = _opened(request)
    form = forms.GroupForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            hourly = parse_amount(typed["hourly"], book.currency, request.actor.locale, field="hourly").minor
            shared = {"actor": request.actor, "hourly_minor": hourly, "since": typed["since"], "at": request.at}
            if typed["group"]:
                services.set_rate(group_id=_uuid(typed["group"]), **shared)
            else:
                services.add_group(name=typed["name"], **shared)
        except (Invalid, Conflict) as refusal:
            add_problems(form, refusal)
        else:
            return done(request, to("book"), _("Saved"), _("Hours from that month on are priced with it."))
    return _settings(request, book, None, group_form=form, status=422)


def _settings(
    request: Request, book: queries.BookView | None, form: forms.BookForm | None, *, group_form: forms.GroupForm | None = None, status: int = 200
) -> HttpResponse:
    initial = {"currency": book.currency, "margin": f"{book.margin_percent:f}" if book.margin_bp is not None else "", "version": book.version} if book else {}
    first = book.currency if book else deals.base_currency()
    this_month = request.at.strftime("%Y-%m")
    return _private(
        page(
            request,
            "profitability/book.html",
            status=status,
            book=book,
            form=form or forms.BookForm(initial=initial, book=book, first=first),
            group_form=group_form or forms.GroupForm(initial={"since": this_month}),
            profit_url=to("profit"),
            group_url=to("groups"),
        )
    )


def take(request: Request) -> HttpResponse:
    """Everything in one file of the partner's own."""
    services.note_taken(actor=request.actor)
    body = json.dumps(queries.everything(request.actor, request.at), ensure_ascii=False, indent=1)
    disposition = content_disposition_header(True, "our-profit.json") or "attachment"
    return _private(HttpResponse(body, content_type="application/json", headers={"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}))


def forget(request: Request) -> HttpResponse:
    """Delete the books; the word must be typed."""
    if request.POST.get("confirm", "").strip().casefold() != _("delete"):
        raise Invalid(_("Type the word “delete” to delete your books for good. Nothing was deleted."), field="confirm")
    services.forget_everything(actor=request.actor, at=request.at)
    return done(request, to("profit"), _("Deleted"), _("Nothing of your books is kept."))


def about(request: Request) -> HttpResponse:
    """What the vendor reads of it: that it is not theirs to read."""
    return page(request, "profitability/about.html")


def _opened(request: Request) -> queries.BookView:
    book = queries.book(request.actor, request.at)
    if book is None:
        raise Conflict(_("Open your books first: say in which currency you count."), code="books_not_opened")
    return book


def _entry_form(request: Request, book: queries.BookView, *, initial: dict[str, Any]) -> forms.EntryForm:
    rows = deals.listed(request.actor, deals.Filters(status=("approved", "closed_won", "closed_lost"))).order_by("-created_at")
    places = {
        "deal": [(str(pk), f"{number} {name}") for pk, number, name in rows.values_list("pk", "number", "customer_name")[:500]],
        "program": [(str(one.id), one.name) for one in partners.programs(request.actor)],
        "product_line": [(str(one.id), one.name) for one in deals.product_lines(request.actor)],
    }
    data = request.POST if request.method == "POST" else None
    return forms.EntryForm(data, initial=initial, book=book, places=places, locale=request.actor.locale)


def _typed(entry: queries.EntryView) -> dict[str, Any]:
    """An entry as its form shows it."""
    digits = minor_units(entry.amount.currency)
    return {
        "kind": entry.kind,
        "month": f"{entry.month:%Y-%m}",
        "hours": f"{entry.hours.normalize():f}" if entry.hours is not None else "",
        "group": str(entry.group_id or ""),
        "amount": f"{entry.amount.major:.{digits}f}" if entry.minutes is None else "",
        "deal": str(entry.deal_id or ""),
        "program": str(entry.program_id or ""),
        "product_line": str(entry.product_line_id or ""),
        "note": entry.note,
        "version": entry.version,
    }


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(_("There is no such group of people.")) from None


def _private(response: HttpResponse) -> HttpResponse:
    for name, value in PRIVATE.items():
        response[name] = value
    return response
