"""With real connections and commits."""

import threading

from django.db import connection

from openprm.identity import queries, services
from openprm.identity.models import Membership, SignInLink
from openprm.identity.testing import make_person
from openprm.kernel.scope import scope, system_scope


def test_two_administrators_cannot_remove_each_other(committed_db, cast, at):
    with system_scope():
        second = make_person(cast.partner, "partner_admin", name="Second Admin")
        rows = {row.user_id: row.pk for row in Membership.objects.filter(organization=cast.partner, role="partner_admin")}
    first_actor, second_actor = cast.partner_admin, queries.actor_of(second.pk)
    refused = []

    def remove(actor, victim):
        try:
            with scope(actor):
                services.disable_person(actor=actor, membership_id=rows[victim], at=at)
        except services.LastAdministrator:
            refused.append(actor)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=remove, args=(first_actor, second.pk)),
        threading.Thread(target=remove, args=(second_actor, first_actor.user_id)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    with system_scope():
        assert Membership.objects.filter(organization=cast.partner, role="partner_admin", state="active").count() == 1


def test_a_link_that_ten_browsers_open_at_once_signs_one_in(committed_db, cast, at):
    with system_scope():
        token = services.sign_in_link(cast.users["partner_rep"], at).rstrip("/").rpartition("/")[2]
    signed_in = []

    def use():
        try:
            signed_in.append(services.use_link(token=token, browser="", at=at))
        except services.LinkUsedUp:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(signed_in) == 1
    with system_scope():
        assert SignInLink.objects.get().used_at == at
