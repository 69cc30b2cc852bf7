"""`migrate` renders less than Django does, and ends with the same models."""

import pytest
from django.db import models
from django.db.migrations import operations
from django.db.migrations.state import ProjectState

from openprm.kernel.management.commands.migrate import rendering_only_what_changed

STEPS = (
    operations.CreateModel("Company", [("id", models.UUIDField(primary_key=True)), ("name", models.TextField())]),
    operations.CreateModel("Person", [("id", models.UUIDField(primary_key=True)), ("company", models.ForeignKey("shop.Company", models.CASCADE))]),
    operations.CreateModel("Buyer", [("size", models.IntegerField())], bases=("shop.person",)),
    operations.AddConstraint("Person", models.UniqueConstraint(fields=["company"], name="one_each")),
    operations.AddIndex("Company", models.Index(fields=["name"], name="by_name")),
    operations.AddField("Company", "head", models.ForeignKey("shop.Person", models.SET_NULL, null=True, related_name="leads")),
    operations.CreateModel("Order", [("id", models.UUIDField(primary_key=True)), ("buyers", models.ManyToManyField("shop.Buyer"))]),
    operations.AddConstraint("Buyer", models.CheckConstraint(condition=models.Q(size__gt=0), name="size_counts")),
)


def walked() -> ProjectState:
    state = ProjectState()
    assert state.apps
    for step in STEPS:
        step.state_forwards("shop", state)
    return state


def picture(state: ProjectState) -> dict[str, tuple[object, ...]]:
    return {
        model._meta.label: (
            sorted((field.name, type(field).__name__, field.related_model and field.related_model._meta.label) for field in model._meta.get_fields()),
            [one.name for one in model._meta.constraints],
            [one.name for one in model._meta.indexes],
        )
        for model in state.apps.get_models(include_auto_created=True)
    }


def test_the_models_are_those_that_django_renders():
    usual = picture(walked())

    with rendering_only_what_changed():
        ours = picture(walked())

    assert ours == usual
    assert sorted(usual) == ["shop.Buyer", "shop.Company", "shop.Order", "shop.Order_buyers", "shop.Person"]


def test_every_pointer_leads_to_the_model_that_stands():
    with rendering_only_what_changed():
        apps = walked().apps

    assert apps.get_model("shop.Company")._meta.get_field("head").related_model is apps.get_model("shop.Person")
    assert apps.get_model("shop.Person")._meta.get_field("company").related_model is apps.get_model("shop.Company")
    assert apps.get_model("shop.Order")._meta.get_field("buyers").related_model is apps.get_model("shop.Buyer")


def test_a_new_table_renders_nothing_that_stood_before():
    with rendering_only_what_changed():
        state = ProjectState()
        assert state.apps
        STEPS[0].state_forwards("shop", state)
        before = state.apps.get_model("shop.Company")
        STEPS[1].state_forwards("shop", state)
        STEPS[3].state_forwards("shop", state)

        assert state.apps.get_model("shop.Company") is before


def test_afterwards_django_is_as_it_was():
    usual = ProjectState.add_model, ProjectState._append_option

    with pytest.raises(RuntimeError), rendering_only_what_changed():
        raise RuntimeError("stop")

    assert (ProjectState.add_model, ProjectState._append_option) == usual
