"""What stood on the books before these began: one entry for each balance, against the account “opening”."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from openprm.audit import services as audit
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Conflict, Invalid, refuse_if
from openprm.ledger import policies
from openprm.ledger.models import Entry
from openprm.ledger.queries.kinds import kinds, title_of
from openprm.ledger.rules.entries import EntryDraft, Leg
from openprm.ledger.services.posting import post_many, reverse

OPENING, AGAINST = "books.opening", "opening"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningBalance:
    """One balance on a day: a debit above zero, a credit below. `external_id` is its name in the books that it comes from."""

    external_id: str
    account: str
    amount_minor: int
    currency: str
    value_date: date
    memo: str = ""


def why_not_open(account: str) -> str | None:
    """Why a kind of account takes no opening balance: unknown, the other side itself, or kept by lines of another room."""
    kind = kinds().get(account)
    if kind is None:
        return _("There is no kind of account “%(what)s”. Use one from the list of accounts.") % {"what": account[:60]}
    if account == AGAINST:
        return _("“%(account)s” is the other side of every row. Leave the row out.") % {"account": title_of(account)}
    if not (kind.by_hand or kind.group in ("income", "expense")):
        return _("“%(account)s” is the sum of lines. Bring the lines in (earnings from before, budgets, funds), and it follows.") % {
            "account": title_of(account)
        }
    return None


@transaction.atomic
def bring_in(*, actor: Actor, source: str, balances: Sequence[OpeningBalance], at: datetime) -> tuple[UUID, ...]:
    """Book opening balances, each once for its id; gives the ids of their entries. Raises NotAllowed, Invalid, PeriodClosed."""
    refuse_if(policies.why_not_correct(actor))
    for number, one in enumerate(balances):
        if reason := why_not_open(one.account):
            raise Invalid(reason, field=f"balances[{number}].account")
    posted = post_many(actor=actor, entries=[_draft(source, one, _undone(source, one)) for one in balances], at=at)
    for entry in Entry.objects.filter(pk__in=[one.entry_id for one in posted if one.is_new]):
        audit.record(actor, "ledger.opened", entry, before={}, at=at)
    return tuple(one.entry_id for one in posted)


def prefix(source: str, external_id: str) -> str:
    """The beginning of the keys of one balance."""
    return f"opening:{source[:60]}:{external_id}:"


def _undone(source: str, one: OpeningBalance) -> int:
    """How often this balance was brought in and taken back before: it may come again."""
    return Entry.objects.filter(key__startswith=prefix(source, one.external_id), reverses=None, pk__in=Entry.objects.values("reverses")).count()


def _draft(source: str, one: OpeningBalance, attempt: int) -> EntryDraft:
    legs = (
        Leg(account=one.account, amount_minor=one.amount_minor, currency=one.currency),
        Leg(account=AGAINST, amount_minor=-one.amount_minor, currency=one.currency),
    )
    memo = one.memo or _("Opening balance %(id)s") % {"id": one.external_id}
    return EntryDraft(kind=OPENING, key=f"{prefix(source, one.external_id)}{attempt}", legs=legs, value_date=one.value_date, memo=memo[:300])


@transaction.atomic
def take_back(*, actor: Actor, entry_ids: Iterable[UUID], at: datetime) -> None:
    """Book opening balances back, in the first open month. Raises NotFound, NotAllowed, Conflict, AlreadyReversed."""
    refuse_if(policies.why_not_correct(actor))
    for entry_id in entry_ids:
        row = policies.reach_entries(actor).one(entry_id)
        if row.kind != OPENING:
            raise Conflict(_("%(number)s is no opening balance.") % {"number": row.label})
        posted = reverse(actor=actor, entry_id=row.pk, reason=_("The import was taken back."), key=f"reverse:{row.pk}", at=at)
        audit.record(actor, "ledger.reversed", row, refs=(posted.entry_id,), at=at)
