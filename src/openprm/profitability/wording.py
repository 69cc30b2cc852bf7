"""The words people read for the lines of the books."""

from django.utils.translation import gettext_lazy as _

from openprm.profitability.rules.kinds import ENTERED, Basis, Kind

KIND = {
    Kind.MARGIN: _("Resale margin"),
    Kind.EARNED: _("Incentives"),
    Kind.FUNDS: _("Market funds received"),
    Kind.INCOME: _("Other income"),
    Kind.OWN_SHARE: _("Own share of activities"),
    Kind.TRAINING: _("Training"),
    Kind.CERTIFICATION: _("Certification"),
    Kind.MEMBERSHIP: _("Membership"),
    Kind.PRESALES: _("Pre-sales"),
    Kind.DELIVERY: _("Delivery"),
    Kind.OTHER: _("Other cost"),
}
CHOICES = tuple((kind.value, KIND[kind]) for kind in ENTERED)
BY = {
    "month": _("Month"),
    "quarter": _("Quarter"),
    "year": _("Year"),
    "program": _("Program"),
    "product_line": _("Product line"),
    "deal": _("Deal"),
}
PERIOD = {"12m": _("Last 12 months"), "quarter": _("This quarter"), "year": _("This year"), "last_year": _("Last year"), "all": _("All time")}
BASIS = {Basis.EARNED: _("As earned"), Basis.PAID: _("As paid")}
WHAT = {
    "book": _("changed the settings"),
    "group": _("added a group of people"),
    "rate": _("set a cost rate"),
    "entry": _("added an entry"),
    "entry_changed": _("changed an entry"),
    "entry_removed": _("removed an entry"),
    "file": _("read a file"),
    "taken": _("downloaded everything"),
}
