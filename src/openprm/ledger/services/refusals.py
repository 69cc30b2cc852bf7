"""What the books refuse, by name."""

from openprm.kernel.errors import Conflict, Invalid


class PeriodClosed(Conflict):
    """The month is closed: what comes now goes into the next open one."""


class BelowFloor(Conflict):
    """An account would fall below what it must hold."""


class KeyUsed(Conflict):
    """The key booked something else before."""


class AlreadyReversed(Conflict):
    """An entry is undone once."""


class LookAgain(Conflict):
    """What is unposted is not what was looked at."""


class NoRate(Invalid):
    """There is no exchange rate for a currency on the day."""
