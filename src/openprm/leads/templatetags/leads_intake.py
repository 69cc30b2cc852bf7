"""Words of intake for templates: `{% load leads_intake %}`."""

from django import template

from openprm.leads.intake_wording import ASKED, GROUND
from openprm.leads.rules.webform import FormField
from openprm.ui.cells import Badge

register = template.Library()


@register.filter
def ground_badge(ground: str) -> Badge:
    """{% badge one.ground|ground_badge %}: the ground in words."""
    return Badge(*GROUND[ground])


@register.filter
def asked(field: FormField) -> str:
    """{{ field|asked }}: what a field of a web form is called."""
    return field.label or str(ASKED[field.name])
