"""Who is told what about compliance, in words, on both sides. Called by jobs, in the system's scope."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openprm.compliance.queries import news as facts
from openprm.compliance.wording import PROOF_KINDS
from openprm.inbox import services as inbox
from openprm.inbox.ports import NotificationKind


def _kind(code: str, label: Any, **look: Any) -> NotificationKind:
    return NotificationKind(code=code, label=label, group=gettext_lazy("Compliance"), **look)


KINDS = (
    _kind("compliance.asked", gettext_lazy("a questionnaire waits for our answers"), icon="file-pen", tone="info", side="partner"),
    _kind("compliance.answered", gettext_lazy("a partner answers a questionnaire"), icon="inbox", tone="info", side="vendor"),
    _kind("compliance.flagged", gettext_lazy("red flags are raised on a partner"), icon="shield-alert", tone="bad", side="vendor"),
    _kind("compliance.ready", gettext_lazy("due diligence is ready for my decision"), icon="scale", tone="info", side="vendor"),
    _kind("compliance.cleared", gettext_lazy("due diligence is approved"), icon="shield-check", tone="ok"),
    _kind("compliance.declined", gettext_lazy("due diligence is declined"), icon="shield-x", tone="bad"),
    _kind("compliance.ends_soon", gettext_lazy("due diligence or a certificate ends soon"), icon="alarm-clock", tone="warn"),
    _kind("compliance.lapsed", gettext_lazy("due diligence or a certificate has run out"), icon="hourglass", tone="bad"),
    _kind("compliance.certificate_added", gettext_lazy("a certificate waits for my check"), icon="award", side="vendor", mail="daily"),
    _kind("compliance.certificate_checked", gettext_lazy("a certificate of ours is checked"), icon="award", side="partner"),
    _kind("compliance.verification_sent", gettext_lazy("papers for a verification wait for me"), icon="badge-check", side="vendor"),
    _kind("compliance.verification_moved", gettext_lazy("our verification is decided or needs more"), icon="badge-check", side="partner"),
)


def tell(
    kind: str, people: Iterable[UUID], partner_id: UUID, title: str, body: str, url: str, *, actor_id: UUID | None, key: str, at: datetime, urgent: bool = False
) -> None:  # fmt: skip
    """Tell everybody but the person who did it."""
    to = [person for person in people if person != actor_id]
    inbox.notify(to=to, kind=kind, title=title, body=body, url=url, refs=(partner_id,), key=f"{kind}:{key}:{at.isoformat()}", urgent=urgent, at=at)


def questionnaire_sent(*, reply_id: UUID, partner_id: UUID, actor_id: UUID | None, returned: bool, at: datetime) -> None:
    told, (title, message, _case) = facts.told(partner_id), facts.reply_words(reply_id)
    said = _("A question about your answers: %(title)s") if returned else _("Please answer: %(title)s")
    body = message or _("It opens on your page “Compliance”. You can stop and go on at any time.")
    url = reverse("compliance:portal_reply", args=[reply_id])
    tell("compliance.asked", told.partner_people, partner_id, said % {"title": title}, body, url, actor_id=actor_id, key=str(reply_id), at=at, urgent=returned)


def questionnaire_submitted(*, reply_id: UUID, partner_id: UUID, actor_id: UUID | None, at: datetime) -> None:
    told, (title, _message, case_id) = facts.told(partner_id), facts.reply_words(reply_id)
    url = reverse("compliance:case", args=[case_id]) if case_id else reverse("compliance:reply", args=[reply_id])
    said = _("%(partner)s answered: %(title)s") % {"partner": told.partner, "title": title}
    tell("compliance.answered", told.vendor_people, partner_id, said, _("Have a look at the answers."), url, actor_id=actor_id, key=str(reply_id), at=at)


def flags_raised(*, case_id: UUID, partner_id: UUID, count: int, at: datetime) -> None:
    told = facts.told(partner_id)
    said = ngettext("%(count)d red flag on %(partner)s", "%(count)d red flags on %(partner)s", count) % {"count": count, "partner": told.partner}
    body, url = _("Each is cleared or confirmed by a person, with evidence."), reverse("compliance:case", args=[case_id])
    tell("compliance.flagged", told.vendor_people, partner_id, said, body, url, actor_id=None, key=str(case_id), at=at, urgent=True)


def case_ready(*, case_id: UUID, partner_id: UUID, at: datetime) -> None:
    said = _("Decide the due diligence of %(partner)s") % {"partner": facts.told(partner_id).partner}
    body, url = _("Everything that its class of risk asks for is there."), reverse("compliance:case", args=[case_id])
    tell("compliance.ready", facts.approvers_of(case_id), partner_id, said, body, url, actor_id=None, key=str(case_id), at=at)


def cleared(*, partner_id: UUID, case_id: UUID, risk: str, approved_until: datetime, at: datetime) -> None:
    told, body = facts.told(partner_id), _("It holds until %(day)s.") % {"day": date_format(approved_until, "j M Y")}
    ours, theirs = reverse("compliance:case", args=[case_id]), reverse("compliance:portal_compliance")
    tell("compliance.cleared", told.partner_people, partner_id, _("Your due diligence is approved"), body, theirs, actor_id=None, key=f"{case_id}p", at=at)
    said = _("Due diligence of %(partner)s is approved") % {"partner": told.partner}
    tell("compliance.cleared", told.vendor_people, partner_id, said, body, ours, actor_id=None, key=str(case_id), at=at)


def declined(*, partner_id: UUID, case_id: UUID, reason: str, at: datetime) -> None:
    told = facts.told(partner_id)
    ours, theirs = reverse("compliance:case", args=[case_id]), reverse("compliance:portal_compliance")
    tell("compliance.declined", told.partner_people, partner_id, _("Your due diligence is declined"), reason, theirs, actor_id=None, key=f"{case_id}p", at=at)
    said = _("Due diligence of %(partner)s is declined") % {"partner": told.partner}
    tell("compliance.declined", told.vendor_people, partner_id, said, reason, ours, actor_id=None, key=str(case_id), at=at)


def subject_words(what: str, name: str = "") -> str:
    """What ended or ends, by name: "due_diligence", "certificate:iso-27001", "verification:business"."""
    kind, _colon, code = what.partition(":")
    if kind == "certificate":
        return name or code
    if kind == "verification":
        return _("%(kind)s verification") % {"kind": PROOF_KINDS.get(code, code)}
    return _("due diligence") if kind == "due_diligence" else _("ESG answers")


def ends_soon(*, partner_id: UUID, what: str, subject_id: UUID, name: str, days: int, until: datetime, at: datetime) -> None:
    told, words = facts.told(partner_id), {"what": subject_words(what, name), "day": date_format(until, "j M Y"), "days": days}
    ours = reverse("compliance:certificate", args=[subject_id]) if what.startswith("certificate") else reverse("compliance:case", args=[subject_id])
    theirs, said = reverse("compliance:portal_compliance"), _("Ends in %(days)d days: %(what)s") % words
    body = _("It holds until %(day)s. Renew it in time, so that nothing closes.") % words
    tell("compliance.ends_soon", told.partner_people, partner_id, said, body, theirs, actor_id=None, key=f"{subject_id}{days}p", at=at, urgent=days <= 7)
    said = _("%(partner)s: %(what)s ends in %(days)d days") % {"partner": told.partner, **words}
    tell("compliance.ends_soon", told.vendor_people, partner_id, said, body, ours, actor_id=None, key=f"{subject_id}{days}", at=at)


def lapsed(*, partner_id: UUID, what: str, reason: str, at: datetime) -> None:
    told, words = facts.told(partner_id), {"what": subject_words(what)}
    case_id = facts.case_id_of(partner_id)
    ours = reverse("compliance:case", args=[case_id]) if case_id else reverse("compliance:cases")
    body = reason or _("Your page “Compliance” says what it closes and what opens it again.")
    said = _("No longer valid: %(what)s") % words
    tell(
        "compliance.lapsed",
        told.partner_people,
        partner_id,
        said,
        body,
        reverse("compliance:portal_compliance"),
        actor_id=None,
        key=f"{what}p",
        at=at,
        urgent=True,
    )
    said = _("%(partner)s: %(what)s is no longer valid") % {"partner": told.partner, **words}
    tell("compliance.lapsed", told.vendor_people, partner_id, said, reason, ours, actor_id=None, key=f"{what}{partner_id}", at=at)


def certificate_submitted(*, certificate_id: UUID, partner_id: UUID, actor_id: UUID | None, at: datetime) -> None:
    told, (name, _note) = facts.told(partner_id), facts.certificate_words(certificate_id)
    said, url = _("%(partner)s added %(name)s") % {"partner": told.partner, "name": name}, reverse("compliance:certificate", args=[certificate_id])
    body = _("It counts once you have checked it.")
    tell("compliance.certificate_added", told.vendor_people, partner_id, said, body, url, actor_id=actor_id, key=str(certificate_id), at=at)


def certificate_checked(*, certificate_id: UUID, partner_id: UUID, verified: bool, actor_id: UUID | None, at: datetime) -> None:
    told, (name, note) = facts.told(partner_id), facts.certificate_words(certificate_id)
    said = (_("%(name)s is verified") if verified else _("%(name)s is not accepted")) % {"name": name}
    url = reverse("compliance:portal_compliance")
    tell("compliance.certificate_checked", told.partner_people, partner_id, said, note, url, actor_id=actor_id, key=str(certificate_id), at=at)


def verification_moved(*, verification_id: UUID, partner_id: UUID, kind: str, state: str, actor_id: UUID | None, at: datetime) -> None:
    told, words = facts.told(partner_id), {"kind": PROOF_KINDS[kind]}
    if state == "submitted":
        said = _("%(kind)s verification of %(partner)s waits for you") % {"partner": told.partner, **words}
        url, body = reverse("compliance:verification", args=[verification_id]), _("The papers are there.")
        tell("compliance.verification_sent", told.vendor_people, partner_id, said, body, url, actor_id=actor_id, key=str(verification_id), at=at)
    elif said := _MOVED.get(state):
        url = reverse("compliance:portal_verification", args=[verification_id])
        body = _("See your page “Compliance”.")
        tell("compliance.verification_moved", told.partner_people, partner_id, str(said) % words, body, url, actor_id=actor_id, key=str(verification_id), at=at)


_MOVED = {
    "approved": gettext_lazy("%(kind)s verification is approved"),
    "declined": gettext_lazy("%(kind)s verification is declined"),
    "resubmission": gettext_lazy("%(kind)s verification needs more from you"),
    "started": gettext_lazy("%(kind)s verification is open again"),
}
