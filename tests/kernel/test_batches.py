"""Rows of one table by one statement: what is left out has its default, what may not be is refused as ever."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from openprm.audit.models import Event
from openprm.kernel.batches import insert_all
from openprm.kernel.ids import new_id
from openprm.kernel.scope import system_scope

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=UTC)


def event(**changes):
    thing = new_id()
    return {
        "at": AT,
        "verb": "a.b",
        "actor_side": "system",
        "actor_id": None,
        "actor_name": "Ä \"b\" \\ 'c'",
        "actor_organization": None,
        "viewing_as": None,
        "subject_type": "x.y",
        "subject_id": thing,
        "subject_label": "Z",
        "changes": {"n": [None, 1.5]},
        "salt": bytes(range(16)),
        "refs": [thing],
        **changes,
    }


def test_rows_come_back_as_they_were_given_and_the_rest_has_its_default():
    row = event()
    with system_scope():
        insert_all(Event, [row, event(verb="a.c")])
        insert_all(Event, [])
        kept, other = Event.objects.filter(verb__startswith="a.").order_by("verb")

    assert {name: getattr(kept, name) for name in row if name != "salt"} == {name: value for name, value in row.items() if name != "salt"}
    assert (bytes(kept.salt), kept.note, kept.visible_to, kept.data) == (row["salt"], "", [], {})
    assert kept.pk != other.pk


def test_a_row_that_the_table_refuses_refuses_all():
    with system_scope():
        with pytest.raises(IntegrityError), transaction.atomic():
            insert_all(Event, [event(), event(subject_id=None)])

        assert not Event.objects.filter(verb="a.b").exists()
