"""Values, reasons and steps as people read them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openprm.kernel.money import Money, to_minor
from openprm.partners import queries as partners
from openprm.rulebook.rules.language import date_words, number_words
from openprm.tiering.queries import metrics
from openprm.ui import format as fmt
from openprm.ui.format import Viewer


def amount(value: Decimal | str | None, fact: str, *, compact: bool = True) -> str:
    """'€412k', '4', '8.9', or a dash for what is not known."""
    if value is None:
        return "–"
    number = Decimal(value)
    known = metrics.all_facts().get(fact)
    if known is not None and known.type == "money":
        return fmt.money(Money(to_minor(number, metrics.CURRENCY), metrics.CURRENCY), _reader(), compact=compact)
    return number_words(number)


def label(fact: str) -> str:
    known = metrics.all_facts().get(fact)
    return str(known.label) if known else {"floors_met": _("Floors"), "partner_type": _("Type"), "track": _("Size")}.get(fact, fact)


def reason(kept: Mapping[str, Any]) -> str:
    """One reason for a risk, as a sentence."""
    words = {
        "label": label(kept["fact"]), "have": amount(kept["have"], kept["fact"]), "need": amount(kept["need"], kept["fact"]),
        "then": amount(kept["then"], kept["fact"]), "day": date_words(date.fromisoformat(kept["on"])) if kept.get("on") else "",
    }  # fmt: skip
    if kept["cause"] == "below":
        return _("%(label)s: %(have)s of %(need)s") % words if kept["need"] is not None else _("%(label)s is not as asked") % words
    if kept["cause"] == "expiring":
        return _("%(label)s falls to %(then)s on %(day)s; %(need)s are needed") % words
    if kept["cause"] == "trend":
        return _("%(label)s is heading for %(then)s by %(day)s; %(need)s is needed") % words
    return _("%(label)s: one less would be too few") % words


def lack(kept: Mapping[str, Any]) -> str:
    """What is missing for the next tier: '€188k more revenue'."""
    if kept.get("missing") is None:
        return str(kept["words"])
    return _("%(amount)s more: %(label)s") % {"amount": amount(kept["missing"], kept["fact"]), "label": label(kept["fact"])}


def benefit_rows(given: Mapping[str, Any], before: Mapping[str, Any] | None) -> tuple[tuple[str, str, str], ...]:
    """What a tier gives beyond another one, as (benefit, value, value before); without another one, everything it gives."""
    return tuple(
        (partners.benefit_label(code), partners.benefit_words(code, value), partners.benefit_words(code, before[code]) if before else "")
        for code, value in given.items()
        if before is None or value != before[code]
    )


def _reader() -> Viewer:
    return Viewer(at=datetime(2000, 1, 1, tzinfo=UTC), locale=get_language() or "en")
