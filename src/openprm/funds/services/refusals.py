"""The named refusals of the funds room."""

from openprm.kernel.errors import Conflict, Invalid


class FundTooSmall(Conflict):
    """More would be promised than the fund has left."""


class BudgetTooSmall(Conflict):
    """More would be handed on than the budget has."""


class WrongCurrency(Invalid):
    """A budget, fund or request is in another currency than what it hangs on."""


class TooManyLevels(Conflict):
    """A budget tree has five levels at most."""


class ClaimAboveRequest(Conflict):
    """More is claimed than was approved and is still open."""


class AboveLimit(Conflict):
    """The amount is above what this person may approve."""


class Decided(Conflict):
    """It was decided already, or waits for somebody else."""
