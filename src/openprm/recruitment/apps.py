from django.apps import AppConfig


class RecruitmentConfig(AppConfig):
    name = "openprm.recruitment"
    label = "recruitment"
