from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "openprm.ui"
    label = "ui"
