from django.apps import AppConfig


class PipelineConfig(AppConfig):
    name = "openprm.pipeline"
    label = "pipeline"
