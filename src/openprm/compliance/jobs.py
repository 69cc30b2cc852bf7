"""What the queue runs for compliance: time passing, lists arriving, policies changing, and the news to both sides."""

from datetime import datetime
from uuid import UUID

from openprm.compliance import news, services
from openprm.compliance.queries.news import partners_with_a_case
from openprm.kernel.jobs import job


@job(name="compliance.expire", every="*/5 * * * *", lock="compliance.expire")
def expire(*, at: datetime) -> None:
    """Lapse what is over; a full batch is followed by another."""
    if services.expire(at=at) >= services.AT_ONCE:
        expire.defer()


@job(name="compliance.remind", every="20 5 * * *", lock="compliance.remind")
def remind(*, at: datetime) -> None:
    """Tell of what ends, and ask again for ESG answers; a full batch is followed by another."""
    services.renew_esg(at=at)
    if services.remind(at=at) >= services.AT_ONCE:
        remind.defer()


@job(name="compliance.rescreen")
def rescreen(*, after: UUID | None = None, at: datetime) -> None:
    """Screen partners against today's lists, some at a time."""
    if last := services.rescreen(after=after, at=at):
        rescreen.defer(after=last)


@job(name="compliance.on_list_imported")
def on_list_imported(*, list_id: UUID, source: str, at: datetime) -> None:
    rescreen.defer(at=at)


@job(name="compliance.refresh_gates")
def on_policy_changed(*, at: datetime) -> None:
    """Hold the gates of all partners where the changed policies want them."""
    for partner_id in partners_with_a_case():
        services.refresh_gates(partner_id=partner_id, at=at)


@job(name="compliance.open_case")
def on_partner_created(*, partner_id: UUID, at: datetime) -> None:
    services.open_case(partner_id=partner_id, at=at)


@job(name="compliance.open_case_of_enrolled")
def on_partner_enrolled(*, partner_id: UUID, program_id: UUID, tier_code: str, at: datetime) -> None:
    services.open_case(partner_id=partner_id, at=at)


@job(name="compliance.tell_sent")
def on_sent(*, reply_id: UUID, partner_id: UUID, actor_id: UUID | None, returned: bool, at: datetime) -> None:
    news.questionnaire_sent(reply_id=reply_id, partner_id=partner_id, actor_id=actor_id, returned=returned, at=at)


@job(name="compliance.tell_submitted")
def on_submitted(*, reply_id: UUID, partner_id: UUID, actor_id: UUID | None, at: datetime) -> None:
    news.questionnaire_submitted(reply_id=reply_id, partner_id=partner_id, actor_id=actor_id, at=at)


@job(name="compliance.tell_flags")
def on_flags(*, case_id: UUID, partner_id: UUID, count: int, at: datetime) -> None:
    news.flags_raised(case_id=case_id, partner_id=partner_id, count=count, at=at)


@job(name="compliance.tell_ready")
def on_ready(*, case_id: UUID, partner_id: UUID, at: datetime) -> None:
    news.case_ready(case_id=case_id, partner_id=partner_id, at=at)


@job(name="compliance.tell_cleared")
def on_cleared(*, partner_id: UUID, case_id: UUID, risk: str, approved_until: datetime, at: datetime) -> None:
    news.cleared(partner_id=partner_id, case_id=case_id, risk=risk, approved_until=approved_until, at=at)


@job(name="compliance.tell_declined")
def on_declined(*, partner_id: UUID, case_id: UUID, reason: str, at: datetime) -> None:
    news.declined(partner_id=partner_id, case_id=case_id, reason=reason, at=at)


@job(name="compliance.tell_ends_soon")
def on_renewal_due(*, partner_id: UUID, what: str, subject_id: UUID, name: str, days: int, until: datetime, at: datetime) -> None:
    news.ends_soon(partner_id=partner_id, what=what, subject_id=subject_id, name=name, days=days, until=until, at=at)


@job(name="compliance.tell_lapsed")
def on_lapsed(*, partner_id: UUID, what: str, reason: str, at: datetime) -> None:
    news.lapsed(partner_id=partner_id, what=what, reason=reason, at=at)


@job(name="compliance.tell_certificate_added")
def on_certificate_submitted(*, certificate_id: UUID, partner_id: UUID, actor_id: UUID | None, at: datetime) -> None:
    news.certificate_submitted(certificate_id=certificate_id, partner_id=partner_id, actor_id=actor_id, at=at)


@job(name="compliance.tell_certificate_checked")
def on_certificate_checked(*, certificate_id: UUID, partner_id: UUID, verified: bool, actor_id: UUID | None, at: datetime) -> None:
    news.certificate_checked(certificate_id=certificate_id, partner_id=partner_id, verified=verified, actor_id=actor_id, at=at)


@job(name="compliance.tell_verification")
def on_verification_moved(*, verification_id: UUID, partner_id: UUID, kind: str, state: str, actor_id: UUID | None, at: datetime) -> None:
    news.verification_moved(verification_id=verification_id, partner_id=partner_id, kind=kind, state=state, actor_id=actor_id, at=at)
