"""The named refusals of the deals room."""

from openprm.kernel.errors import Conflict, Invalid, TooMany


class Locked(Conflict):
    """A field was changed that is not open for change now."""


class CapacityReached(Conflict):
    """The partner holds as many active registrations as its tier allows (D9)."""


class AccountAlreadyProtected(Conflict):
    """Another live protection covers the customer, product line and territory (X2, D3)."""


class CustomerUnresolved(Conflict):
    """Nobody has said yet which known company the customer is (D15)."""


class AlreadyExtended(Conflict):
    """A protection is extended once."""


class NoExchangeRate(Invalid):
    """There is no rate for the currency on the day."""


class TooManyPrechecks(TooMany):
    """The person or the partner asked as often as it may (X10)."""
