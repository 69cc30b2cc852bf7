"""Plays the script through the services, fortnight by fortnight, so that every fact of the demo came about as in real use.

A few processes share the customers between them; after every two weeks all wait, and the periodic jobs
run: protections expire, promises fall due. Mails of the past are not sent.
"""

import gc
import heapq
import json
import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from uuid import UUID

from django.db import connection

from openprm.deals import queries as deal_queries
from openprm.deals import services as deals
from openprm.deals.rules.draft import LineDraft, RegistrationDraft, merged
from openprm.demo import script, world
from openprm.demo.founding import CURRENCY_OF, EURO_PER, Ground, Team
from openprm.demo.script import LOSSES, RIVAL, Act, Deal, Step
from openprm.identity import queries as identity
from openprm.kernel import jobs
from openprm.kernel.actor import Actor
from openprm.kernel.clock import stopped
from openprm.kernel.errors import Conflict, Refusal
from openprm.kernel.registry import registry
from openprm.kernel.scope import scope, system_scope

STRETCH = timedelta(days=14)
RECENT = timedelta(days=4)  # the news of the last days stands in people's notifications; older news is read by now
WORKERS = 1 + min(3, os.cpu_count() or 1)  # one more than cores: while one waits for the database, another plays


@dataclass
class Running:
    """One deal while it is played: its registration once there is one, and whether it is over."""

    deal: Deal
    seller: UUID
    registration_id: UUID | None = None
    is_over: bool = False
    skips: set[Act] = field(default_factory=set)


class Player:
    """One process's share of the deals."""

    def __init__(self, ground: Ground, share: Sequence[Deal]):
        self.ground = ground
        self.actors: dict[UUID, Actor] = {}
        self.waiting: list[tuple[datetime, int, int]] = []
        self.running: list[Running] = []
        self.tally: Counter[str] = Counter()
        for deal in share:
            self._enter(deal)

    def _enter(self, deal: Deal) -> None:
        sellers = self.ground.teams[deal.partner].sellers
        self.running.append(Running(deal, sellers[deal.customer % len(sellers)], deal.known_as))
        for place, step in enumerate(deal.steps):
            heapq.heappush(self.waiting, (step.at, len(self.running) - 1, place))

    def play_until(self, moment: datetime) -> Counter[str]:
        """Everything before `moment`, in order of time; what happened is counted by name."""
        self.tally.clear()
        is_recent = self.ground.until - moment < RECENT
        with jobs.only(lambda name: _matters(name, is_recent=is_recent)):
            self._play_until(moment)
        return self.tally.copy()

    def _play_until(self, moment: datetime) -> None:
        while self.waiting and self.waiting[0][0] < moment:
            _at, position, place = heapq.heappop(self.waiting)
            running = self.running[position]
            step = running.deal.steps[place]
            if not running.is_over and step.act not in running.skips:
                self._take(running, step)

    def _take(self, running: Running, step: Step) -> None:
        try:
            with stopped(step.at), scope(self._who(running, step)) as actor:
                getattr(self, f"_{step.act.value}")(running, step, actor)
            self.tally[step.act.value] += 1
        except Refusal as refusal:
            self.tally[f"refused {step.act.value}: {refusal.code}"] += 1
            if step.act is Act.SUBMIT:
                running.is_over = True
            if step.act is Act.APPROVE and isinstance(refusal, Conflict):
                self._take(running, Step(step.at, Act.REJECT, script.REJECTIONS[1]))

    def _who(self, running: Running, step: Step) -> Actor:
        by_vendor = step.act in (Act.REVIEW, Act.RETURN, Act.APPROVE, Act.REJECT, Act.EXTEND)
        return self._actor(self._manager(running) if by_vendor else running.seller)

    def _manager(self, running: Running) -> UUID:
        return self.ground.managers[running.deal.partner % len(self.ground.managers)]

    def _actor(self, user_id: UUID) -> Actor:
        if user_id not in self.actors:
            self.actors[user_id] = identity.actor_of(user_id)
        return self.actors[user_id]

    # -- the acts ------------------------------------------------------------------------------

    def _submit(self, running: Running, step: Step, actor: Actor) -> None:
        team = self.ground.teams[running.deal.partner]
        made = deals.register(actor=actor, draft=self._draft(running.deal, team), at=step.at)
        running.registration_id = made.registration_id
        if made.outcome == "reject":
            running.is_over = True
        if made.outcome == "approve":
            running.skips |= {Act.REVIEW, Act.RETURN, Act.RESUBMIT, Act.APPROVE, Act.REJECT, Act.WITHDRAW}

    def _draft(self, deal: Deal, team: Team) -> RegistrationDraft:
        customer = self.ground.customers[deal.customer]
        currency = CURRENCY_OF.get(team.country, "EUR") if team.country in ("US", "GB", "CA") else "EUR"
        return RegistrationDraft(
            title=f"{customer.name}, {deal.title}"[:160],
            customer_name=customer.name,
            customer_domain=customer.domain,
            customer_country=customer.country,
            customer_city=customer.city,
            contact_name=self._contact(deal),
            contact_email=f"projects@{customer.domain}",
            contact_title=("Plant manager", "Head of IT", "Purchasing", "Operations director")[deal.customer % 4],
            lines=tuple(
                LineDraft(product_id=self.ground.products[sku], quantity=quantity, amount_minor=_in(currency, minor)) for sku, quantity, minor in deal.skus
            ),
            currency=currency,
            expected_close_date=deal.close_date,
            description=f"{customer.name} in {customer.city} plans this for the coming year; {customer.employees:,} people work there.",
            next_step=deal.next_step,
            program_id=team.program_id,
        )

    def _contact(self, deal: Deal) -> str:
        return f"{world.FIRST_NAMES[deal.customer % len(world.FIRST_NAMES)]} {world.LAST_NAMES[(deal.customer * 7) % len(world.LAST_NAMES)]}"

    def _review(self, running: Running, step: Step, actor: Actor) -> None:
        deals.start_review(actor=actor, registration_id=running.registration_id, at=step.at)

    def _return(self, running: Running, step: Step, actor: Actor) -> None:
        name, message = script.QUESTIONS[int(step.detail)]
        deals.return_for_information(actor=actor, registration_id=running.registration_id, fields=[name], message=message, at=step.at)

    def _resubmit(self, running: Running, step: Step, actor: Actor) -> None:
        team = self.ground.teams[running.deal.partner]
        answers = {
            "contact_email": f"director@{self.ground.customers[running.deal.customer].domain}",
            "description": "Two sites start in the first quarter; the budget is approved and the sponsor is the operations director.",
            "expected_close_date": running.deal.close_date + timedelta(days=30),
            "lines": self._draft(running.deal, team).lines,
        }
        asked = next(script.QUESTIONS[int(one.detail)][0] for one in running.deal.steps if one.act is Act.RETURN)
        draft = merged(deal_queries.draft_of(actor, running.registration_id), {asked: answers[asked]})
        deals.resubmit(actor=actor, registration_id=running.registration_id, draft=draft, at=step.at)

    def _approve(self, running: Running, step: Step, actor: Actor) -> None:
        """One approval after the other, each by another person, until the last one opens the protection."""
        for user_id in (self._manager(running), *self.ground.deciders):
            with scope(self._actor(user_id)) as approver:
                if deals.approve(actor=approver, registration_id=running.registration_id, reason=step.detail, at=step.at).final:
                    return

    def _reject(self, running: Running, step: Step, actor: Actor) -> None:
        deals.reject(actor=actor, registration_id=running.registration_id, reason=step.detail, at=step.at)
        running.is_over = True

    def _withdraw(self, running: Running, step: Step, actor: Actor) -> None:
        deals.withdraw(actor=actor, registration_id=running.registration_id, reason=step.detail, at=step.at)
        running.is_over = True

    def _note(self, running: Running, step: Step, actor: Actor) -> None:
        deals.add_note(actor=actor, registration_id=running.registration_id, body=step.detail, at=step.at)

    def _stage(self, running: Running, step: Step, actor: Actor) -> None:
        deals.move_stage(actor=actor, registration_id=running.registration_id, stage=step.detail, at=step.at)

    def _extend(self, running: Running, step: Step, actor: Actor) -> None:
        deals.extend_protection(actor=actor, registration_id=running.registration_id, reason=step.detail, at=step.at)

    def _won(self, running: Running, step: Step, actor: Actor) -> None:
        deals.mark_won(actor=actor, registration_id=running.registration_id, at=step.at)
        running.is_over = True

    def _lost(self, running: Running, step: Step, actor: Actor) -> None:
        code = LOSSES[step.detail]
        rival = RIVAL if code == "competitor" else ""
        deals.mark_lost(actor=actor, registration_id=running.registration_id, code=code, competitor=rival, reason=step.detail, at=step.at)
        running.is_over = True


def _in(currency: str, euro_minor: int) -> int:
    """A round amount in another currency, near the one in euro."""
    return euro_minor if currency == "EUR" else int(euro_minor / EURO_PER[currency] / 10_000) * 10_000


def play(ground: Ground, deals_: Sequence[Deal], *, start: datetime, until: datetime, say: Callable[[str], None]) -> Counter[str]:
    """Play all deals; gives what happened, counted by name."""
    total: Counter[str] = Counter()
    with _shares(ground, deals_) as troupe:
        for number, moment in enumerate(_stretches(start, until), start=1):
            total.update(troupe.play_until(moment))
            end_of_stretch(moment, is_recent=until - moment < RECENT)
            if number % 7 == 0 or moment == until:
                say(f"  {moment:%B %Y}: {total['submit']:,} registrations, {total['approve']:,} approvals, {total['won']:,} won")
    return total


def _stretches(start: datetime, until: datetime) -> Iterator[datetime]:
    """Every two weeks; the last days are a stretch of their own."""
    moment = start
    while moment < until:
        last = until - RECENT
        moment = min(moment + STRETCH, last if moment < last else until)
        yield moment


def end_of_stretch(moment: datetime, *, is_recent: bool) -> None:
    """The periodic jobs as of `moment`, and what they and the events since set off."""
    with stopped(moment), jobs.only(lambda name: _matters(name, is_recent=is_recent)):
        for made in registry.jobs():
            if made.every and made.name in PLAYED:
                made.run({})
        _drain()


PLAYED = {
    "deals.expire_protections",
    "deals.remind_expiring",
    "deals.alert_stalled",
    "deals.withdraw_unanswered",
    "pipeline.keep_forecasts",
    "promises.mark_due",
}


def play_queued(moment: datetime) -> None:
    """Run what the services have queued, and what follows from it, as of `moment`; old news is not told and no mail is sent."""
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where status = 'todo' and (task_name like %s or task_name = any(%s))", ["%.tell\\_%", [*MAILS, *DONE]])
    with stopped(moment), jobs.only(lambda name: ".tell_" not in name and name not in MAILS | DONE):
        _drain()


def _matters(name: str, *, is_recent: bool) -> bool:
    """Whether a queued job is played: those that carry facts on always, news only of the last days, mails never."""
    return name in FACTS or (is_recent and name not in MAILS)


def _drain() -> None:
    """Run what is queued until nothing follows."""
    known = {made.name: made for made in registry.jobs()}
    for _round in range(6):
        with connection.cursor() as cursor:
            cursor.execute("delete from procrastinate_jobs where status = 'todo' returning id, task_name, args")
            waiting = sorted(cursor.fetchall())
        if not waiting:
            return
        for _id, name, payload in waiting:
            if name in known and name not in MAILS:
                known[name].run(json.loads(payload))


DONE = {"agreements.on_published", "agreements.settle_all", "mapping.follow_accounts", "deals.follow_for_mapping"}  # the chapters have done it themselves
FACTS = {"deals.remedy_late_decision"}
MAILS = {"inbox.send_mail", "inbox.send_digests", "identity.send_invitation", "identity.send_sign_in_link", "recruitment.deliver"}


class _shares:
    """The players, each in a process of its own, with its share of the customers."""

    def __init__(self, ground: Ground, deals_: Sequence[Deal]):
        self.ground = ground
        self.shares = [[deal for deal in deals_ if deal.customer % WORKERS == number] for number in range(WORKERS)]

    def __enter__(self) -> "_shares":
        leave_the_database()
        context = multiprocessing.get_context("fork")
        self.pipes, self.processes = [], []
        for share in self.shares:
            ours, theirs = context.Pipe()
            process = context.Process(target=_perform, args=(theirs, self.ground, share), daemon=True)
            process.start()
            self.pipes.append(ours)
            self.processes.append(process)
        return self

    def play_until(self, moment: datetime) -> Counter[str]:
        for pipe in self.pipes:
            pipe.send(moment)
        return sum((_received(pipe) for pipe in self.pipes), Counter())

    def __exit__(self, *exc: object) -> None:
        for pipe in self.pipes:
            with suppress(OSError):
                pipe.send(None)
        for pipe, process in zip(self.pipes, self.processes, strict=True):
            process.join(timeout=10)
            pipe.close()
            if process.is_alive():
                process.terminate()


def _received(pipe: Connection) -> Counter[str]:
    answer = pipe.recv()
    if isinstance(answer, str):
        raise RuntimeError(f"a process of the demo failed:\n{answer}")
    return answer


def _perform(pipe: Connection, ground: Ground, share: Iterable[Deal]) -> None:
    import traceback

    try:
        commit_in_the_background()
        gc.disable()  # a short life with plenty of memory: collecting costs a tenth of the time
        with system_scope():
            player = Player(ground, list(share))
        while moment := pipe.recv():
            pipe.send(player.play_until(moment))
    except EOFError:
        return
    except Exception:
        pipe.send(traceback.format_exc())


def leave_the_database() -> None:
    """Close what is open, so that no child process shares a connection."""
    connection.close()
    if pool := getattr(connection, "close_pool", None):
        pool()


def commit_in_the_background() -> None:
    """Do not wait for the disk after each of some thousand transactions: a demo that is cut short is loaded anew."""
    with connection.cursor() as cursor:
        cursor.execute("set synchronous_commit = off")
