from django.apps import AppConfig


class ConflictsConfig(AppConfig):
    name = "openprm.conflicts"
    label = "conflicts"
