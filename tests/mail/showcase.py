"""Mail and calendar in use, for pictures."""

from datetime import timedelta

from openprm.correspondence import services
from openprm.correspondence.models import ReceivedMail
from openprm.deals.tests.showcase import make_showcase as make_deals
from openprm.identity import queries as identity
from openprm.inbox.ports import News
from openprm.kernel.clock import now
from openprm.kernel.scope import scope, system_scope

LOG = (
    ("accepted", "", "", "partner.rep@kallio.example"),
    ("refused", "sender_differs", "From mika@gmail.example.", "mika@gmail.example"),
    ("refused", "file_refused", "setup.exe is not a PDF, PNG, JPEG, Word, Excel, PowerPoint or plain text file.", "partner.rep@kallio.example"),
    ("ignored", "auto_reply", "Auto-Submitted: auto-replied", "partner.admin@kallio.example"),
    ("refused", "unknown_address", "", "sales@bargains.example"),
    ("repeated", "", "", "partner.rep@kallio.example"),
)


def make_showcase(cast) -> None:
    """Addresses and links for the people who would have them, a feed, and a log with each kind of end."""
    make_deals(cast)
    for person in (cast.partner_rep, cast.partner_manager, cast.vendor_admin):
        with scope(person):
            services.renew_feed(actor=person, at=now() - timedelta(days=3))
        _mails(person)
    _log(cast)


def _mails(person) -> None:
    from openprm.deals.models import Registration

    with system_scope():
        (reader,) = identity.recipients([person.user_id])
        for row in Registration.objects.exclude(status="draft").order_by("number")[:4]:
            services.additions(news=News(kind="deals.submitted", refs=(row.pk,)), person=reader, at=now())


def _log(cast) -> None:
    with system_scope():
        for number, (outcome, reason, detail, sender) in enumerate(LOG):
            known = reason != "unknown_address"
            ReceivedMail.objects.create(
                at=now() - timedelta(hours=7 * number + 1), outcome=outcome, reason=reason, detail=detail, sender=sender, envelope_sender=sender,
                user_id=cast.partner_rep.user_id if known else None, thread="deals.registration" if known else "",
                thread_title="DR-000104 Ostrava Steelworks, MES rollout" if known else "", size=4200 + 900 * number, subject="Re: Ostrava Steelworks",
            )  # fmt: skip
