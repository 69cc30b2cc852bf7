"""What can be done with mail and calendars. Import this module: `from openprm.correspondence import services as correspondence`."""

from openprm.correspondence.services.additions import additions
from openprm.correspondence.services.departure import close_for, forget
from openprm.correspondence.services.feeds import NewFeed, Sheet, end_feed, read_feed, renew_feed, set_feed, single
from openprm.correspondence.services.links import Acted, Looked, Spent, act, look
from openprm.correspondence.services.receiving import Answer, forget_old, receive, refuse_recipient, refuse_size
from openprm.correspondence.services.ways import choose, revoke_address, revoke_everything, revoke_link, revoke_of, revoke_own, revoke_thread, set_ways

__all__ = [
    "Acted", "Answer", "Looked", "NewFeed", "Sheet", "Spent", "act", "additions", "choose", "close_for", "end_feed", "forget", "forget_old", "look",
    "read_feed", "receive", "refuse_recipient", "refuse_size", "renew_feed", "revoke_address", "revoke_everything", "revoke_link", "revoke_of", "revoke_own",
    "revoke_thread", "set_feed", "set_ways", "single",
]  # fmt: skip
