"""Django's `migrate`, with one step of it cut short.

Django renders the models as they stood before each operation. For a table, constraint or index that an operation adds it renders
again whatever is related to it, and to that, and so on: with everything hanging on partners and people that is the whole graph,
each time. Nothing can point to a model that did not exist, and a constraint changes nobody's fields.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db.migrations.state import ModelState, ProjectState, StateApps


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> Any:
        with rendering_only_what_changed():
            return super().handle(*args, **options)


@contextmanager
def rendering_only_what_changed() -> Iterator[None]:
    """Inside, a model that is new to the state of the migrations is rendered by itself, and a constraint or index renders nothing."""
    add_model, append_option = ProjectState.add_model, ProjectState._append_option

    def add_alone(state: ProjectState, model: ModelState) -> None:
        if (model.app_label, model.name_lower) in state.models:
            add_model(state, model)
            return
        with _set_aside(state) as rendered:
            add_model(state, model)
        rendered(lambda apps: apps.render_multiple([model]))

    def append_alone(state: ProjectState, app_label: str, model_name: str, option: str, one: Any) -> None:
        with _set_aside(state) as rendered:
            append_option(state, app_label, model_name, option, one)
        kept = state.models[app_label, model_name].options[option]
        rendered(lambda apps: setattr(apps.get_model(app_label, model_name)._meta, option, kept))

    ProjectState.add_model, ProjectState._append_option = add_alone, append_alone
    try:
        yield
    finally:
        ProjectState.add_model, ProjectState._append_option = add_model, append_option


@contextmanager
def _set_aside(state: ProjectState) -> Iterator[Callable[[Callable[[StateApps], None]], None]]:
    """Inside, the state has no rendered models to keep up; gives what changes them afterwards, if there were any."""
    apps = state.__dict__.pop("apps", None)
    try:
        yield lambda change: None if apps is None else change(apps)
    finally:
        if apps is not None:
            state.__dict__["apps"] = apps
