"""A process that sends what a run has claimed, one payment after the other, until nothing is left. Killed by test_kill.py."""

import json
import os
import sys


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "openprm.config.testsettings"
    import django

    django.setup()
    from django.db import connections

    connections["default"].settings_dict.update(json.loads(sys.argv[1]))
    from openprm.kernel.clock import now
    from openprm.kernel.scope import system_scope
    from openprm.payouts import services

    with system_scope():
        waiting = services.unsent(at=now())
    for payout_id in waiting:
        with system_scope():
            services.pay(payout_id=payout_id, at=now())


if __name__ == "__main__":
    main()
