from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "openprm.inbox"
    label = "inbox"
