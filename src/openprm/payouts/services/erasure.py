"""Forgetting what is personal once a partner is gone for good: numbers that nobody needs any more. Payments stay."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from openprm.payouts.models import Document, TaxForm
from openprm.payouts.rules.states import Tax


@transaction.atomic
def forget_people(*, partner_id: UUID, people: tuple[UUID, ...], at: datetime) -> int:
    """Take tax numbers and the names of who sent files off. Gives how many rows changed; safe to repeat.

    Sealed account numbers stay with the payments that went to them, for as long as the books are kept.
    """
    forms = TaxForm.objects.filter(partner_id=partner_id).exclude(sealed="")
    count = forms.update(sealed="", last4="", name="", state=Tax.REPLACED)
    return count + Document.objects.filter(partner_id=partner_id).exclude(author_name="").update(author_name="")
