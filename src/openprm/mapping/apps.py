from django.apps import AppConfig


class MappingConfig(AppConfig):
    name = "openprm.mapping"
    label = "mapping"
