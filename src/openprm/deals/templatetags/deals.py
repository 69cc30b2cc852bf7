"""Words of the deals room for templates."""

from babel import Locale
from django import template
from django.utils.translation import get_language

from openprm.deals.wording import COMPARED, field_label

register = template.Library()
register.filter("field_label", field_label)


@register.filter
def compared_label(what: str):
    """What two deals were compared by: "Company", "Web domain"."""
    return COMPARED[str(what)]


@register.filter
def country_name(code: str) -> str:
    """The country of an ISO code in the reader's language; the code itself when it is none."""
    return Locale.parse((get_language() or "en").replace("-", "_")).territories.get(code, code)
