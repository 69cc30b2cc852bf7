"""What the templates of conflicts ask."""

from django import template

from openprm.kernel.actor import Actor

register = template.Library()


@register.filter
def reviews_cases(actor: Actor) -> bool:
    return actor.can("conflicts.review")
