"""Private comparisons with other installations, for the vendor: our key, peers, comparisons and their results."""

import csv
import io
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from openprm.audit import queries as audit
from openprm.kernel.api import paginate
from openprm.kernel.errors import Conflict, Invalid, Stale
from openprm.kernel.http import Request, done, page
from openprm.mapping import queries as lists
from openprm.mapping.pages import privateforms as forms
from openprm.mapping.pages import privateshapes as shapes
from openprm.mapping.queries import private as queries
from openprm.mapping.services import private
from openprm.ui.exports import neutral
from openprm.ui.fields import add_problems

ON_A_PAGE = 50
REFUSALS = (Invalid, Conflict, Stale)


def home(request: Request) -> HttpResponse:
    """Our key, the peers, and the comparisons."""
    found = paginate(queries.newest_runs(request.actor), request.GET.get("after") or None, ON_A_PAGE)
    return page(
        request,
        "mapping/private/home.html",
        key=queries.own_key(request.actor),
        peers=[shapes.peer_row(one) for one in queries.peers(request.actor, request.at)],
        runs=[shapes.run_row(one) for one in queries.runs(found.items)],
        next_cursor=found.next_cursor,
        may=_may(request),
    )


def _may(request: Request) -> dict[str, bool]:
    return {"compare": request.actor.can("mapping.compare_private"), "peers": request.actor.can("mapping.manage_peers")}


def make_key(request: Request) -> HttpResponse:
    again = request.POST.get("say") == "renew"
    if again:
        private.renew_key(actor=request.actor, at=request.at)
        return done(request, reverse("mapping:private_home"), _("The key is renewed"), _("Every peer must compare and pin it before the next comparison."))
    private.make_key(actor=request.actor, at=request.at)
    return done(request, reverse("mapping:private_home"), _("The key is made"), _("Give its line to the other side, and read them the words."))


# peers


def new_peer(request: Request) -> HttpResponse:
    sent = request.method == "POST"
    form = forms.PeerForm(request.POST if sent else None)
    if sent and form.is_valid():
        try:
            peer_id = private.add_peer(actor=request.actor, draft=form.draft(), at=request.at)
        except REFUSALS as refusal:
            add_problems(form, refusal)
        else:
            return done(request, _of_peer(peer_id), _("The peer is added"), _("Compare the words before anything is sent."))
    return page(request, "mapping/private/new_peer.html", form=form, status=422 if sent else 200)


def show_peer(request: Request, peer_id: UUID) -> HttpResponse:
    """One peer: words to compare, limits, its comparisons and its journal."""
    return _peer_page(request, peer_id)


def _peer_page(request: Request, peer_id: UUID, *, status: int = 200, **changed: Any) -> HttpResponse:
    found = queries.peer(request.actor, peer_id, request.at)
    initial = {"name": found.name, "url": found.url, "public": found.line, "certificate": found.certificate}
    limits = {name: getattr(found.limits, name) for name in ("least", "most", "runs", "days", "few")}
    given = {"words_form": forms.WordsForm(), "limits_form": forms.LimitsForm(initial=limits), "peer_form": forms.PeerForm(initial=initial)}
    rows = paginate(queries.newest_runs(request.actor, peer_id), None, ON_A_PAGE)
    return page(
        request,
        "mapping/private/peer.html",
        status=status,
        one=shapes.peer_row(found),
        found=found,
        key=queries.own_key(request.actor),
        runs=[shapes.run_row(one) for one in queries.runs(rows.items)],
        timeline=audit.timeline(request.actor, peer_id),
        may=_may(request),
        **(given | changed),
    )


def _of_peer(peer_id: UUID) -> str:
    return reverse("mapping:private_peer", args=[peer_id])


def pin_peer(request: Request, peer_id: UUID) -> HttpResponse:
    form = forms.WordsForm(request.POST)
    if form.is_valid():
        try:
            private.pin_peer(actor=request.actor, peer_id=peer_id, words=form.cleaned_data["words"], at=request.at)
        except REFUSALS as refusal:
            add_problems(form, refusal)
        else:
            return done(request, _of_peer(peer_id), _("The key is pinned"), _("Messages signed by it are taken from now on."))
    return _peer_page(request, peer_id, words_form=form, status=422)


def set_limits(request: Request, peer_id: UUID) -> HttpResponse:
    form = forms.LimitsForm(request.POST)
    if form.is_valid():
        try:
            private.set_limits(actor=request.actor, peer_id=peer_id, limits=form.limits(), at=request.at)
        except REFUSALS as refusal:
            add_problems(form, refusal)
        else:
            return done(request, _of_peer(peer_id), _("The limits are set"), _("The stricter of both sides counts."))
    return _peer_page(request, peer_id, limits_form=form, status=422)


def change_peer(request: Request, peer_id: UUID) -> HttpResponse:
    form = forms.PeerForm(request.POST)
    if form.is_valid():
        try:
            private.change_peer(actor=request.actor, peer_id=peer_id, draft=form.draft(), at=request.at)
        except REFUSALS as refusal:
            add_problems(form, refusal)
        else:
            return done(request, _of_peer(peer_id), _("The peer is changed"))
    return _peer_page(request, peer_id, peer_form=form, status=422)


def revoke_peer(request: Request, peer_id: UUID) -> HttpResponse:
    private.revoke_peer(actor=request.actor, peer_id=peer_id, at=request.at)
    return done(request, _of_peer(peer_id), _("The peer is revoked"), _("What was open with it ended, and its messages are refused."))


# comparisons


def start(request: Request) -> HttpResponse:
    """Choose with whom, which list, what for and how much; what the other side will learn stands beside it."""
    sent = request.method == "POST"
    peers = [one for one in queries.peers(request.actor, request.at) if one.is_pinned]
    chosen = request.GET.get("peer", "")
    offered = {"peers": [(str(one.id), one.name) for one in peers], "lists": _own_lists(request)}
    form = forms.StartForm(request.POST if sent else None, initial={"peer": chosen, "mode": "count", "days": 7}, **offered)
    if sent and form.is_valid():
        try:
            run_id = private.start(actor=request.actor, draft=form.draft(), at=request.at)
        except REFUSALS as refusal:
            add_problems(form, refusal)
        else:
            return done(request, _of_run(run_id), _("The comparison is begun"), _("The offer is computed and brought to the other side, whose people decide."))
    return page(request, "mapping/private/start.html", form=form, peers=[shapes.peer_row(one) for one in peers], status=422 if sent else 200)


def _own_lists(request: Request) -> list[tuple[str, str]]:
    return [(str(one.id), shapes.list_choice(one)) for one in lists.lists(request.actor)]


def show_run(request: Request, run_id: UUID) -> HttpResponse:
    """One comparison: what each side learns, how far it is, its result."""
    return _run_page(request, run_id)


def _run_page(request: Request, run_id: UUID, *, form: Any = None, status: int = 200) -> HttpResponse:
    found = queries.run(request.actor, run_id)
    rows = paginate(queries.common(request.actor, run_id), request.GET.get("after") or None, ON_A_PAGE)
    agree = form or (forms.AgreeForm(lists=_own_lists(request), initial={"mode": found.mode}) if found.waits_for_us else None)
    return page(
        request,
        "mapping/private/run.html",
        status=status,
        found=found,
        one=shapes.run_row(found),
        learns=shapes.learns(found),
        way=queries.way(request.actor, run_id) if found.is_open or found.problem else None,
        agree_form=agree,
        rows=queries.companies(rows.items),
        next_cursor=rows.next_cursor,
        timeline=audit.timeline(request.actor, run_id),
        may=_may(request),
    )


def _of_run(run_id: UUID) -> str:
    return reverse("mapping:private_run", args=[run_id])


def agree(request: Request, run_id: UUID) -> HttpResponse:
    form = forms.AgreeForm(request.POST, lists=_own_lists(request))
    if form.is_valid():
        typed = form.cleaned_data
        try:
            private.agree(actor=request.actor, run_id=run_id, population_id=UUID(typed["population"]), mode=typed["mode"], at=request.at)
        except REFUSALS as refusal:
            add_problems(form, refusal)
        else:
            return done(request, _of_run(run_id), _("You agreed"), _("The answer is computed and brought to the other side."))
    return _run_page(request, run_id, form=form, status=422)


def decline(request: Request, run_id: UUID) -> HttpResponse:
    private.decline(actor=request.actor, run_id=run_id, at=request.at)
    return done(request, _of_run(run_id), _("Declined"), _("Nothing was computed, and their points are thrown away."))


def drop(request: Request, run_id: UUID) -> HttpResponse:
    private.drop(actor=request.actor, run_id=run_id, at=request.at)
    return done(request, _of_run(run_id), _("Given up"), _("The secret of this comparison is destroyed."))


def ask_names(request: Request, run_id: UUID) -> HttpResponse:
    made = private.ask_names(actor=request.actor, run_id=run_id, at=request.at)
    return done(request, _of_run(made), _("You ask for the names"), _("Nothing is told before the other side agrees too."))


def transcript(request: Request, run_id: UUID) -> HttpResponse:
    text = queries.transcript(request.actor, run_id)
    private.note_transcript(actor=request.actor, run_id=run_id, at=request.at)
    headers = {"Content-Disposition": f'attachment; filename="transcript-{run_id}.json"', "Cache-Control": "no-store"}
    return HttpResponse(text.encode(), content_type="application/json; charset=utf-8", headers=headers)


def export(request: Request, run_id: UUID) -> HttpResponse:
    """The companies that both have, as a CSV file."""
    out, count = io.StringIO(newline=""), 0
    writer = csv.writer(out)
    writer.writerow([_("Our id"), _("Our name"), _("Domain")])
    for row in queries.common(request.actor, run_id).iterator(chunk_size=2_000):
        for key in row.keys:
            writer.writerow([neutral(cell) for cell in (key, row.name, row.domain)])
            count += 1
    private.note_export(actor=request.actor, run_id=run_id, rows=count, at=request.at)
    headers = {"Content-Disposition": 'attachment; filename="common-companies.csv"', "Cache-Control": "no-store"}
    return HttpResponse(f"\ufeff{out.getvalue()}".encode(), content_type="text/csv; charset=utf-8", headers=headers)


def verify(request: Request) -> HttpResponse:
    """Check the signatures and the order of a transcript that anybody brings."""
    sent = request.method == "POST"
    form, heads = forms.TranscriptForm(request.POST if sent else None), []
    if sent and form.is_valid():
        try:
            names = queries.named(request.actor)
            heads = [shapes.head_row(one, names) for one in queries.checked(form.cleaned_data["text"])]
        except Conflict as refusal:
            add_problems(form, refusal)
    return page(request, "mapping/private/verify.html", form=form, heads=heads, status=422 if sent and not heads else 200)
