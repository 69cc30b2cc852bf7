from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "openprm.identity"
    label = "identity"
