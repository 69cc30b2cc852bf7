from django.apps import AppConfig


class AttributionConfig(AppConfig):
    name = "openprm.attribution"
    label = "attribution"
