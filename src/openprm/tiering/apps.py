from django.apps import AppConfig


class TieringConfig(AppConfig):
    name = "openprm.tiering"
    label = "tiering"
