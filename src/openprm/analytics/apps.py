from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "openprm.analytics"
    label = "analytics"
