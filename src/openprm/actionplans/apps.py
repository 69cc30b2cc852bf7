from django.apps import AppConfig


class ActionPlansConfig(AppConfig):
    name = "openprm.actionplans"
    label = "actionplans"
