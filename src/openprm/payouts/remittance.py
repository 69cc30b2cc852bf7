"""The remittance advice: one page that says which lines a payment pays. The same payment gives the same bytes."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from openprm.identity import queries as identity
from openprm.kernel.money import format_money
from openprm.payouts.engine import sheet


def advice(payout: Any, *, to: str) -> bytes:
    """For a payment of either side's type, read with its lines."""
    vendor = identity.branding().name
    facts = [
        (_("Payment"), payout.number), (_("To"), to), (_("Account"), payout.account), (_("By"), str(payout.method_label)),
        (_("Sent"), date_format(payout.sent_at, "j M Y") if payout.sent_at else "–"),
        (_("Arrived"), date_format(payout.completed_at, "j M Y") if payout.completed_at else "–"), (_("State"), str(payout.state_label)),
    ]  # fmt: skip
    if payout.fx_rate is not None:
        words = {"owed": format_money(payout.owed), "rate": payout.fx_rate.normalize(), "day": payout.fx_date.isoformat()}
        facts.append((_("Converted"), _("%(owed)s at %(rate)s of %(day)s") % words))
    lines = tuple((one.number, one.about, date_format(one.approved_at, "j M Y"), format_money(one.money)) for one in payout.items)
    return sheet.draw(
        sheet.Sheet(
            kicker=vendor, title=_("Remittance advice"), facts=tuple(facts), head=(_("Line"), _("For"), _("Approved"), _("Amount")), lines=lines,
            lead=_("%(amount)s, payment %(number)s") % {"amount": format_money(payout.money), "number": payout.number},
            total=(_("Total"), format_money(payout.owed)), author=vendor,
        )
    )  # fmt: skip
