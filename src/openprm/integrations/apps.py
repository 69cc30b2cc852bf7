from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "openprm.integrations"
    label = "integrations"
