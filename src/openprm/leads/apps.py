from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "openprm.leads"
    label = "leads"
