"""The blind pre-check (X10): the same work, the same shape and the same log for every answer."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from openprm.accounts import rules as accounts
from openprm.deals.models import Precheck, ProductLine, Territory
from openprm.deals.rules import conflict
from openprm.deals.rules.conflict import Deal
from openprm.deals.rules.precheck import PER_PARTNER_DAY, PER_PERSON_HOUR, Usage, answer_of, is_over_limit
from openprm.deals.services import customers, surroundings
from openprm.deals.services.drafts import partner_of
from openprm.deals.services.refusals import TooManyPrechecks
from openprm.deals.services.results import PrecheckAnswer
from openprm.deals.services.unit import as_system
from openprm.kernel.actor import Actor
from openprm.kernel.errors import Invalid, NotAllowed


def pre_check(
    *,
    actor: Actor,
    customer: str,
    product_line_id: UUID,
    country: str = "",
    territory_id: UUID | None = None,
    partner_id: UUID | None = None,
    at: datetime,
) -> PrecheckAnswer:
    """Is this customer free for this product line? Answers free, protected or ask, and names nobody.

    `customer` is a web domain or a company name. Raises NotAllowed, Invalid, TooManyPrechecks.
    """
    if not actor.can("deals.precheck"):
        raise NotAllowed()
    text, line, territory = _asked(customer, product_line_id, country, territory_id)
    partner_id = partner_of(actor, partner_id)
    customers.hold(f"precheck:{partner_id}")
    usage = _usage(actor, partner_id, at)
    if is_over_limit(usage):
        raise TooManyPrechecks(
            _("You can check %(hour)d customers an hour and your company %(day)d a day. Register the deal, or try again later.")
            % {"hour": PER_PERSON_HOUR, "day": PER_PARTNER_DAY},
            retry_after=3600,
        )
    with as_system(actor):
        answer, held = _look(text, country, partner_id, line, territory, at)
    Precheck.objects.create(partner_id=partner_id, user_id=actor.user_id, customer=text, product_line=line, territory=territory, answer=answer, asked_at=at)
    return PrecheckAnswer(
        answer=answer,
        customer=text,
        product_line=line.name,
        asked_at=at,
        left_this_hour=max(0, PER_PERSON_HOUR - usage.person_hour - 1),
        held_by_you=held,
    )


def _asked(customer: str, product_line_id: UUID, country: str, territory_id: UUID | None) -> tuple[str, ProductLine, Territory | None]:
    text = " ".join(customer.split())[:253]
    if len(text) < 2 or not any(sign.isalnum() for sign in text):
        raise Invalid(_("Give the customer's web domain, for example kallio.fi, or its name."), field="customer", code="required")
    line = ProductLine.objects.filter(pk=product_line_id, is_active=True).first()
    if line is None:
        raise Invalid(_("Choose a product line from the list."), field="product_line_id")
    territory = Territory.objects.filter(pk=territory_id, is_active=True).first() if territory_id else None
    return text, line, territory or (customers.territory_for(country.upper()) if country else None)


def _usage(actor: Actor, partner_id: UUID, at: datetime) -> Usage:
    day = Precheck.objects.filter(partner_id=partner_id, asked_at__gt=at - timedelta(days=1))
    last_hour = Q(user_id=actor.user_id, asked_at__gt=at - timedelta(hours=1))
    return Usage(**day.aggregate(person_hour=Count("pk", filter=last_hour), partner_day=Count("pk")))


def _look(text: str, country: str, partner_id: UUID, line: ProductLine, territory: Territory | None, at: datetime) -> tuple[str, bool]:
    domain = accounts.normal_domain(text) if "." in text and " " not in text else ""
    name = domain.split(".")[0] if domain else text
    found = customers.resolution_of(name, domain, country.upper())
    deal = Deal(partner_id=partner_id, line_ids=frozenset({line.pk}), territory_id=territory.pk if territory else None)
    around = surroundings.around(deal, account_id=found.account_id, candidate_ids=found.candidate_ids, domain=domain, at=at)
    held = any(one.partner_id == partner_id and one.live and one.ends_at > at for one in around.protections)
    return str(answer_of(conflict.check(deal, around, at=at))), held
