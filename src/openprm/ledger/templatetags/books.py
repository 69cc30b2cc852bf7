"""Amounts in the books: always with all their decimals, so that columns line up and nothing is left unsaid."""

from django import template

from openprm.kernel.money import Money, format_money
from openprm.ui.templatetags.ui import viewer_in

register = template.Library()


@register.simple_tag(takes_context=True)
def exact(context, value: Money | None) -> str:
    """{% exact line.debit %}: "€30,000.00"; a zero is left empty by the caller if it wants."""
    if value is None:
        return ""
    locale = viewer_in(context).babel
    return format_money(value, "en" if locale == "en_150" else locale)
