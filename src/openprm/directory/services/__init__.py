"""What changes directory: profiles and their review, references, messages, badges."""

from openprm.directory.services.badges import BadgeIsRevoked, give_certificate, issue_badge, refresh_lists, revoke_badge
from openprm.directory.services.contact import forget_messages, forget_people, mark_read, send_message, stamp
from openprm.directory.services.keys import BadgeKeyMissing, renew_key
from openprm.directory.services.listing import project, project_stale
from openprm.directory.services.profiles import NothingToReview, make_private, save_profile, submit_profile
from openprm.directory.services.references import ReferenceIsElsewhere, decide_reference, save_reference, submit_reference, withdraw_reference
from openprm.directory.services.review import AlreadyDecided, approve_profile, ensure_settings, hide_profile, return_profile, update_settings
from openprm.directory.services.tierbadges import sync_all, sync_tier_badges

__all__ = [
    "AlreadyDecided", "BadgeIsRevoked", "BadgeKeyMissing", "NothingToReview", "ReferenceIsElsewhere", "approve_profile", "decide_reference",
    "ensure_settings", "forget_messages", "forget_people", "give_certificate", "hide_profile", "issue_badge",
    "make_private", "mark_read", "project", "project_stale", "refresh_lists",
    "renew_key", "return_profile", "revoke_badge", "save_profile", "save_reference", "send_message", "stamp", "submit_profile", "submit_reference",
    "sync_all", "sync_tier_badges", "update_settings", "withdraw_reference",
]  # fmt: skip
