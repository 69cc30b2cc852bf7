"""Words of the deals room for templates."""

from django import template

from openprm.deals.wording import COMPARED, field_label

register = template.Library()
register.filter("field_label", field_label)


@register.filter
def compared_label(what: str):
    """What two deals were compared by: "Company", "Web domain"."""
    return COMPARED[str(what)]
