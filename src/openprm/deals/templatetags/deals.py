"""Words of the deals room for templates."""

from datetime import date

from django import template

from openprm.deals.wording import COMPARED, field_label
from openprm.kernel.countries import country_name
from openprm.ui import cells
from openprm.ui import format as fmt
from openprm.ui.templatetags.ui import viewer_in

register = template.Library()
register.filter("field_label", field_label)
register.filter("country_name", country_name)


@register.filter
def compared_label(what: str):
    """What two deals were compared by: "Company", "Web domain"."""
    return COMPARED[str(what)]


@register.simple_tag(takes_context=True)
def day_of_year(context, value: date | None) -> str:
    """{% day_of_year deal.expected_close_date %}: "Thu 26 Nov" in the reader's year, "26 Nov 2027" in any other."""
    viewer = viewer_in(context)
    if value is None or value.year == viewer.at.astimezone(viewer.zone).year:
        return cells.draw("date", value, viewer)
    return fmt.full_day(value, viewer)
