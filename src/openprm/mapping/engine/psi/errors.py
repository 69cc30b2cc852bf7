"""What is said when a run of the protocol cannot go on."""


class Refused(Exception):
    """A sentence: what is wrong and what to do. Nothing was computed for the other side, nothing was written."""


class NoLibrary(Refused):
    """The library that does the curve is not installed here."""
