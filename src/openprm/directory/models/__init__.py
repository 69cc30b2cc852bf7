"""The tables of directory."""

from openprm.directory.models.badges import Achievement, Badge, IssuerKey, StatusList
from openprm.directory.models.profiles import ListedOffice, Listing, Message, Office, Place, Profile, Reference, Settings

__all__ = ["Achievement", "Badge", "IssuerKey", "ListedOffice", "Listing", "Message", "Office", "Place", "Profile", "Reference", "Settings", "StatusList"]
