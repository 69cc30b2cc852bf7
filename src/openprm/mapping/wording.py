"""The names of levels, kinds, purposes and groups of fields, for pages and letters."""

from django.utils.translation import gettext_lazy as _

LEVEL = {"hidden": _("Hidden"), "counts": _("Counts only"), "overlaps": _("Overlaps only"), "all": _("All")}
LEVEL_ABOUT = {
    "hidden": _("The other side does not learn that the list is there."),
    "counts": _("It sees how many companies both have, in whole fives, and no name."),
    "overlaps": _("It sees the companies that it has too."),
    "all": _("It sees every company of the list."),
}
KIND = {"customers": _("Customers"), "open_deals": _("Open deals"), "prospects": _("Prospects"), "own": _("Own list")}
SOURCE = {"records": _("From records"), "upload": _("From a file"), "api": _("Over the API")}
PURPOSE = {
    "selling": _("Selling together"),
    "planning": _("Planning territories"),
    "marketing": _("Marketing together"),
    "success": _("Looking after customers"),
}
FIELDS = {"identifiers": _("LEI, DUNS, VAT number"), "deals": _("Open deals: value and stage"), "people": _("Owner and mail address")}
PRESET = {"names": _("Name, domain, place"), "money": _("With open deals"), "people": _("With owners"), "everything": _("Everything")}
GRADE = {"high": _("High"), "medium": _("Medium"), "low": _("Low"), "none": _("None"), "unknown": _("Unknown")}
STATE = {"found": _("Found"), "confirmed": _("Confirmed"), "split": _("Not the same"), "merged": _("Joined")}
MATCHED_ON = {
    "domain": _("same web domain"),
    "lei": _("same LEI"),
    "duns": _("same DUNS number"),
    "vat": _("same VAT number"),
    "name": _("same name"),
    "similar name": _("similar name"),
    "country": _("same country"),
    "city": _("same city"),
    "web label": _("the domain says the name"),
    "reviewer": _("said by a person"),
}
IDENTIFIER = {"lei": _("LEI"), "duns": _("DUNS number"), "vat": _("VAT number")}
LOOK = {
    "counts": _("Counts"),
    "overlaps": _("Overlaps"),
    "whitespace": _("All rows"),
    "export": _("Export"),
    "panel": _("Beside a deal, a lead or a company"),
    "target": _("Made a target"),
}
ENDED = {
    "revoked": _("Taken back by its owner"),
    "replaced": _("Replaced by other terms"),
    "ended": _("Lists are compared no more"),
    "expired": _("Its time was over"),
}
TARGET = {"overlap": _("Both sides"), "whitespace": _("One side alone")}
ASK = {"open": _("Open"), "granted": _("Granted"), "declined": _("Declined"), "withdrawn": _("Taken back")}
