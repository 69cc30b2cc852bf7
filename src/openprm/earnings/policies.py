"""Who can see which earnings, and why somebody cannot do a thing: a sentence, or None."""

from django.utils.translation import gettext as _

from openprm.earnings.models import Adjustment, Alert, Bounty, Earning, ForfeitureWarning, Statement
from openprm.earnings.rules.states import OPEN, AlertState, Asked, Kind, State
from openprm.earnings.wording import ASKED, STATE
from openprm.incentives.rules.calculate import UNKNOWN
from openprm.kernel.actor import Actor
from openprm.kernel.models import ScopedQuerySet


def sees_all_of_its_company(actor: Actor) -> bool:
    """On the partner's side: whoever handles its money sees all of it, a rep its own share."""
    return actor.can("earnings.view_company")


def _mine(actor: Actor, rows: ScopedQuerySet) -> ScopedQuerySet:
    if actor.sees_all_partners:
        return rows
    return rows.filter(partner__in=actor.partner_ids) if actor.is_partner and not actor.is_collaborator_only else rows.none()


def reach(actor: Actor) -> ScopedQuerySet:
    """All lines for the vendor; a partner's own; for a rep without the company's books those of its own person."""
    rows = _mine(actor, Earning.objects.all())
    return rows if actor.sees_all_partners or sees_all_of_its_company(actor) else rows.filter(user=actor.user_id)


def reach_alerts(actor: Actor) -> ScopedQuerySet:
    return Alert.objects.all() if actor.sees_all_partners else Alert.objects.none()


def reach_warnings(actor: Actor) -> ScopedQuerySet:
    return _mine(actor, ForfeitureWarning.objects.all())


def reach_adjustments(actor: Actor) -> ScopedQuerySet:
    return Adjustment.objects.all() if actor.sees_all_partners else Adjustment.objects.none()


def reach_bounties(actor: Actor) -> ScopedQuerySet:
    rows = _mine(actor, Bounty.objects.all())
    return rows if actor.sees_all_partners or sees_all_of_its_company(actor) else rows.filter(user=actor.user_id)


def reach_statements(actor: Actor) -> ScopedQuerySet:
    """Statements are of the company: a rep without its books has none."""
    rows = _mine(actor, Statement.objects.all())
    return rows if actor.sees_all_partners or sees_all_of_its_company(actor) else rows.none()


def _said(row: Earning) -> dict[str, str]:
    return {"number": row.number, "state": str(STATE[State(row.state)][0]).lower()}


def why_not_review(actor: Actor) -> str | None:
    return None if actor.can("earnings.review") else _("Your role cannot decide about earnings. Ask finance.")


def why_not_approve(actor: Actor, row: Earning, *, open_alerts: int) -> str | None:
    if reason := why_not_review(actor):
        return reason
    if row.state not in OPEN:
        return _("%(number)s is %(state)s. Only a line that waits can be approved.") % _said(row)
    if row.line_key == UNKNOWN:
        return _("%(number)s has no amount yet. Say what is not known; then further lines carry the amount.") % _said(row)
    if open_alerts:
        return _("%(number)s has an alert. Look at it and say what it is before you approve the line.") % _said(row)
    return None


def why_not_decline(actor: Actor, row: Earning) -> str | None:
    if reason := why_not_review(actor):
        return reason
    if row.state not in OPEN:
        return _("%(number)s is %(state)s. Money that was approved is taken back by a clawback, with the reason.") % _said(row)
    return None


def why_not_hold(actor: Actor, row: Earning) -> str | None:
    return why_not_review(actor) or (None if row.state in OPEN else _("%(number)s is %(state)s and cannot be held any more.") % _said(row))


def why_not_release(actor: Actor, row: Earning) -> str | None:
    if row.line_key == UNKNOWN and row.state == State.HELD:
        return _("%(number)s waits for an amount. Say what is not known.") % _said(row)
    return why_not_review(actor) or (None if row.state == State.HELD else _("%(number)s is not on hold.") % _said(row))


def why_not_tell(actor: Actor) -> str | None:
    return None if actor.can("earnings.review") else _("Your role does not say what a deal was worth. Ask finance.")


def why_not_claw_back(actor: Actor, row: Earning) -> str | None:
    if reason := why_not_review(actor):
        return reason
    if row.kind == Kind.CLAWBACK or row.amount_minor <= 0:
        return _("%(number)s takes money back itself.") % _said(row)
    if row.state in (State.DECLINED, State.CLAWED_BACK, State.FORFEITED):
        return _("%(number)s is %(state)s: there is nothing to take back.") % _said(row)
    return None


def why_not_resolve(actor: Actor, alert: Alert) -> str | None:
    return why_not_review(actor) or (None if alert.state == AlertState.OPEN else _("Somebody has decided about this alert already."))


def why_not_adjust(actor: Actor) -> str | None:
    return None if actor.can("earnings.adjust") else _("Your role cannot enter earnings by hand. Ask finance.")


def why_not_decide_adjustment(actor: Actor, row: Adjustment) -> str | None:
    if reason := why_not_adjust(actor):
        return reason
    if row.state != Asked.PROPOSED:
        return _("%(number)s is decided already: %(state)s.") % {"number": row.number, "state": ASKED[Asked(row.state)][0]}
    if actor.user_id is not None and row.proposed_by_id == actor.user_id:
        return _("You proposed %(number)s yourself. Somebody else decides about it.") % {"number": row.number}
    return None


def why_not_withdraw_adjustment(actor: Actor, row: Adjustment) -> str | None:
    if reason := why_not_adjust(actor):
        return reason
    if row.state != Asked.PROPOSED or row.proposed_by_id != actor.user_id:
        return _("Only who proposed an adjustment takes it back, as long as it is not decided.")
    return None


def why_not_submit_bounty(actor: Actor) -> str | None:
    return None if actor.is_partner and actor.can("earnings.submit") else _("Only people of a partner who sell or lead can send a bounty.")


def why_not_decide_bounty(actor: Actor, row: Bounty) -> str | None:
    return why_not_review(actor) or (None if row.state == Asked.PROPOSED else _("This submission is decided already."))


def why_not_withdraw_bounty(actor: Actor, row: Bounty) -> str | None:
    if reason := why_not_submit_bounty(actor):
        return reason
    return None if row.state == Asked.PROPOSED else _("This submission is decided already.")
