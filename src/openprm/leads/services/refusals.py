"""The named refusals of the leads room."""

from openprm.kernel.errors import Conflict


class LeadTaken(Conflict):
    """Somebody else was faster, or the lead went back."""


class LeadIsLocked(Conflict):
    """The lead became a registration or is closed; what the customer said stays as it was."""


class AskedBefore(Conflict):
    """The partner said no to this lead, and nobody is asked twice."""


class PartnerCannotReceive(Conflict):
    """The partner is not active, or receiving leads is closed to it."""
