from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "openprm.dashboards"
    label = "dashboards"
