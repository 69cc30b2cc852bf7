from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "openprm.applications"
    label = "applications"
