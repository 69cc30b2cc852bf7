from openprm.earnings.models.asked import Adjustment, Bounty, Statement
from openprm.earnings.models.earning import Alert, Earning, ForfeitureWarning
from openprm.earnings.models.events import CreditShare, SourceEvent, Terms

__all__ = ["Adjustment", "Alert", "Bounty", "CreditShare", "Earning", "ForfeitureWarning", "SourceEvent", "Statement", "Terms"]
