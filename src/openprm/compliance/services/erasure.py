"""Taking people's names off what is kept of a partner that left."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from openprm.compliance.models import Document, Owner, ReferenceCheck, Verification
from openprm.kernel.scope import system_scope

ERASED = "–"


def forget_people(*, partner_id: UUID, people: Iterable[UUID], at: datetime) -> int:
    """Owners and directors who are people, the registrant, references and authors of files lose their names; gives how many rows changed.

    Decisions and screenings stay: they prove that the vendor looked.
    """
    with system_scope():
        changed, _rows = Owner.objects.filter(partner_id=partner_id, kind="person").delete()
        registrants = Verification.objects.filter(partner_id=partner_id, kind="registrant").exclude(legal_name=ERASED)
        changed += registrants.update(legal_name=ERASED, position=ERASED)
        changed += ReferenceCheck.objects.filter(partner_id=partner_id).exclude(name=ERASED).update(name=ERASED)
        return changed + Document.objects.filter(partner_id=partner_id, author_id__in=list(people)).exclude(author_name="").update(author_name="")
