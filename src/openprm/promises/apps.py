from django.apps import AppConfig


class PromisesConfig(AppConfig):
    name = "openprm.promises"
    label = "promises"
