"""Whether drafts may be posted, said in sentences."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from openprm.kernel.errors import Invalid, Problem
from openprm.kernel.money import currencies
from openprm.ledger.queries.kinds import kinds
from openprm.ledger.rules.entries import LONGEST_KEY, LONGEST_KIND, LONGEST_MEMO, MOST, EntryDraft, Fault, faults


def check(drafts: Sequence[EntryDraft]) -> None:
    """Raise Invalid with everything that is wrong with the first draft that has a fault."""
    known, codes = frozenset(kinds()), currencies()
    for draft in drafts:
        found = tuple(faults(draft, known, codes))
        if found:
            raise Invalid(problems=[Problem(fault.place, _sentence(fault), f"entry_{fault.code}") for fault in found[:20]])


def _sentence(fault: Fault) -> str:
    return _sentences()[fault.code] % {"what": fault.what}


def _sentences() -> dict[str, str]:
    return {
        "key": _("A key of 1 to %(most)d characters says which happening is booked.") % {"most": LONGEST_KEY},
        "kind": _("A kind of 1 to %(most)d characters says what is booked.") % {"most": LONGEST_KIND},
        "memo": _("A memo has at most %(most)d characters.") % {"most": LONGEST_MEMO},
        "date": _("%(what)s is no day that these books can hold. Choose one between the years 2000 and 2100."),
        "legs": _("An entry has 2 to %(most)d legs, this one has %(legs)s.") % {"most": MOST, "legs": "%(what)s"},
        "account": _("There is no kind of account “%(what)s”. Use one from the list of accounts."),
        "currency": _("“%(what)s” is not a currency code. Use three letters, for example EUR."),
        "amount": _("%(what)s is no amount for a leg. Give whole minor units that are not zero, and at most a thousand million million."),
        "partners": _("An entry moves the money of one partner at most. Post one entry for each partner."),
        "balance": _("Debits and credits differ by %(what)s minor units. They must be equal in each currency."),
    }
