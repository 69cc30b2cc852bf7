"""What the database refuses by itself."""

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction

from openprm.applications.models import Application, Finding, FormVersion, Note, ProgramPage, Visit
from openprm.applications.testing import make_application
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db


def _refused(sql, *params):
    with pytest.raises((IntegrityError, InternalError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.mark.parametrize("model", [Application, Finding, FormVersion, Note, ProgramPage, Visit])
def test_the_partner_role_reads_nothing_of_this_room(cast, at, model):
    make_application(at=at)

    with scope(cast.partner_admin), connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {model._meta.db_table}")
        assert cursor.fetchone()[0] == 0


def test_an_answered_application_stays_as_it_is(cast, at):
    pk = make_application(at=at)
    with system_scope():
        _refused("update applications_application set state = 'draft' where id = %s", pk)
        _refused("update applications_application set state = 'approved', decided_at = now() where id = %s", pk)
        _refused("update applications_application set state = 'rejected', decided_at = now() where id = %s", pk)

        assert Application.objects.get(pk=pk).state == "submitted"


def test_a_published_form_never_changes(cast, at):
    make_application(at=at)
    with system_scope():
        form = FormVersion.objects.get()
        _refused("update applications_formversion set fields = '[]' where id = %s", form.pk)
        _refused("update applications_formversion set state = 'draft', published_at = null where id = %s", form.pk)

        assert len(FormVersion.objects.get().fields) == 7


def test_a_company_has_one_open_application_in_a_program(cast, at):
    pk = make_application(at=at)
    other = make_application(at=at, company_name="Lumen", website="lumen.example", email="a@lumen.example")
    with system_scope():
        _refused("update applications_application set domain = 'fjordlink.example' where id = %s", other)

        assert Application.objects.filter(domain="fjordlink.example").get().pk == pk
