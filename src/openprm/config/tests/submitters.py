"""Makes people who may register deals over the API, and prints their tokens and a product as JSON. Runs in an empty, migrated database."""

import json
import sys

from openprm.config.commands.runtime import start_django

start_django()

from tests.cast import make_cast  # noqa: E402

from openprm.deals.testing import make_catalogue  # noqa: E402  after Django is ready
from openprm.identity import services as identity  # noqa: E402
from openprm.kernel.clock import now  # noqa: E402
from openprm.kernel.scope import scope  # noqa: E402

cast = make_cast()
catalogue = make_catalogue()
tokens = []
for person in (cast.partner_rep, cast.other_partner_rep):
    with scope(person):
        made = identity.create_api_token(actor=person, name="Kill test", scopes=("deals:read", "deals:write"), days=1, at=now())
        tokens.append(made.raw)
json.dump({"tokens": tokens, "product_id": str(catalogue.mes_core.pk)}, sys.stdout)
