"""Each quarter's forecast is kept once, as it stood in its first days, and a partner reads its own alone."""

from datetime import UTC, date, datetime

import pytest

from openprm.kernel.scope import scope, system_scope
from openprm.pipeline import services
from openprm.pipeline.models import KeptForecast
from openprm.pipeline.testing import make_pipeline

pytestmark = pytest.mark.django_db

BEFORE, FIRST, EIGHTH = datetime(2026, 11, 23, 10, tzinfo=UTC), datetime(2027, 1, 1, 0, 20, tzinfo=UTC), datetime(2027, 1, 8, 0, 20, tzinfo=UTC)


def kept():
    with system_scope():
        return list(
            KeptForecast.objects.order_by("quarter_start", "deals").values_list("quarter_start", "quarter_end", "deals", "open_minor", "forecast_minor")
        )


def test_the_first_night_of_a_quarter_keeps_what_closes_in_it_by_its_chances(cast):
    make_pipeline(cast, at=BEFORE)

    assert services.keep_forecasts(at=FIRST) == 2

    # Of three open deals one closes in the first quarter: 100,000.00, in a stage of 25 %. The other partner has none: that is a forecast too.
    assert kept() == [(date(2027, 1, 1), date(2027, 4, 1), 0, 0, 0), (date(2027, 1, 1), date(2027, 4, 1), 1, 100_000_00, 25_000_00)]


def test_a_second_night_and_a_late_one_keep_nothing(cast):
    make_pipeline(cast, at=BEFORE)

    assert services.keep_forecasts(at=EIGHTH) == 0
    assert kept() == []
    assert (services.keep_forecasts(at=FIRST), services.keep_forecasts(at=datetime(2027, 1, 2, 0, 20, tzinfo=UTC))) == (2, 0)
    assert len(kept()) == 2


def test_a_partner_reads_its_own_forecast_and_changes_none(cast):
    make_pipeline(cast, at=BEFORE)
    services.keep_forecasts(at=FIRST)

    with scope(cast.partner_rep):
        assert [row.partner_id for row in KeptForecast.objects.all()] == [cast.partner_id]
        assert KeptForecast.objects.update(forecast_minor=1) == 0
    assert kept()[1][-1] == 25_000_00
