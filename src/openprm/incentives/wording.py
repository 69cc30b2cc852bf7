"""The words for kinds of plans, their events and their terms."""

from django.utils.translation import gettext_lazy as _

KIND = {
    "commission": _("Commission"), "referral": _("Referral fee"), "resale_margin": _("Resale margin"), "volume_rebate": _("Volume rebate"),
    "growth_rebate": _("Growth rebate"), "spiff": _("SPIFF"), "bounty": _("Bounty"), "retainer": _("Retainer"), "points": _("Points"),
    "marketplace": _("Marketplace"), "consumption": _("Consumption"),
}  # fmt: skip
KIND_ABOUT = {
    "commission": _("A share of each won deal."), "referral": _("A fee for a customer that the partner brought."),
    "resale_margin": _("A share of the list price of what is resold."), "volume_rebate": _("More paid back the more is bought in a quarter or a year."),
    "growth_rebate": _("Paid for growing against the same quarter a year before."), "spiff": _("A short, sharp reward for selling one thing."),
    "bounty": _("A fixed amount for one accepted piece of work."), "retainer": _("A fixed amount every month."),
    "points": _("Points worth money, for many small things."), "marketplace": _("A share of what is sold through a marketplace, after its fee."),
    "consumption": _("A share of what customers use, month by month."),
}  # fmt: skip
EVENT = {
    "deal_won": _("a deal is won"), "lead_qualified": _("a lead is qualified"), "referral_converted": _("a referral becomes a deal"),
    "deal_registered": _("a registration is approved"), "usage": _("usage is booked"), "bounty": _("a bounty is accepted"), "retainer": _("a month begins"),
    "period": _("a quarter ends"), "course_passed": _("a course is passed"),
    "deal_credited": _("the credit of a deal is final"), "help_confirmed": _("both sides confirm that the partner helped"),
    "manual": _("it is entered by hand"),
}  # fmt: skip
BASIS = {"list": _("list price"), "net": _("net amount"), "margin": _("margin"), "credited": _("credited share of the net amount")}
BANDS = {"marginal": _("each band pays its own rate on what lies in it"), "whole": _("the band that is reached pays on the whole amount")}
SPAN = {"event": _("each event alone"), "month": _("the partner's month"), "quarter": _("the partner's quarter"), "year": _("the partner's year")}
TERM = {
    "currency": _("Currency"), "event": _("What is paid for"), "basis": _("Basis"), "bands": _("How bands pay"), "span": _("Bands add up over"),
    "duration_months": _("Months per customer"), "rep_share": _("Share of the rep, per cent"), "fee_percent": _("Marketplace fee, per cent"),
    "hold_days": _("Days on hold"), "minimum": _("Smallest amount paid"), "stackable": _("Paid beside other plans"), "true_up": _("True-up"),
    "point_value": _("Worth of one point"), "cap.event": _("Cap for one event"), "cap.partner_month": _("Cap per partner and month"),
    "cap.partner_year": _("Cap per partner and year"), "cap.partner_total": _("Cap per partner"), "limit.day": _("Plan limit per day"),
    "limit.week": _("Plan limit per week"), "limit.month": _("Plan limit per month"), "limit.total": _("Plan limit of all time"),
    "condition": _("Condition"),
}  # fmt: skip
