from django.apps import AppConfig


class KpisConfig(AppConfig):
    name = "openprm.kpis"
    label = "kpis"
