from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "openprm.activities"
    label = "activities"
