"""News to look at, of the kinds that the domains really declare. For pictures (tests/journeys/shots.py)."""

from datetime import timedelta

from openprm.identity.tests.showcase import make_showcase as make_people
from openprm.inbox import services
from openprm.kernel.clock import now
from openprm.kernel.registry import registry

NEWS = (
    ("Ostrava Steelworks is approved", "Protected until 22 February 2027."),
    ("Atrium Hospitals needs an answer", "Erik Berg asks for the contact's address and the closing date."),
    ("Protection of Castell Insurance ends in 6 days", "Extend it once for 30 days, or let it go."),
    ("Mika Virtanen wrote a note on Pelican Foods", "The customer asks for a second quote before Friday."),
)


def make_showcase(cast) -> None:
    make_people(cast)
    kinds = [kind for kind in registry.all("notification_kinds") if kind.side != "vendor"] or list(registry.all("notification_kinds"))
    for number, (title, body) in enumerate(NEWS):
        kind = kinds[number % len(kinds)].code
        people = [cast.partner_rep.user_id, cast.vendor_admin.user_id]
        services.notify(to=people, kind=kind, title=title, body=body, url="/", at=now() - timedelta(hours=5 * number))
    services.mark_read(actor=cast.partner_rep, notification_ids=_older(cast), at=now())


def _older(cast) -> list:
    from openprm.inbox.models import Notification

    return list(Notification.objects.order_by("-at").values_list("pk", flat=True)[4:])
