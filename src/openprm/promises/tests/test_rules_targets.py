from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from openprm.promises.rules.targets import NOTICE, NotATarget, Target, Unit, Version, earliest_effect, in_force

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
RESELL, REFER = UUID(int=1), UUID(int=2)
EIGHT_HOURS = 8 * 3600


def version(number, days, *, program=None, tier="", since=0):
    return Version(
        id=UUID(int=number + 100),
        number=number,
        target=Target(days) if days else None,
        effective_at=AT + timedelta(days=since),
        program_id=program,
        tier_code=tier,
    )


@pytest.mark.parametrize(
    ("target", "seconds"),
    [(Target(2, "business_days"), 57_600), (Target(24, Unit.BUSINESS_HOURS), 86_400), (Target(3, "days"), 259_200)],
)
def test_the_allowed_time_in_seconds(target, seconds):
    assert target.seconds(EIGHT_HOURS) == seconds


@pytest.mark.parametrize(
    ("amount", "unit"), [(0, "days"), (-1, "days"), (366, "days"), (251, "business_days"), (2001, "business_hours"), (True, "days"), (1.5, "days")]
)
def test_an_amount_out_of_range_is_refused(amount, unit):
    with pytest.raises(NotATarget):
        Target(amount, unit)


@pytest.mark.parametrize(
    ("versions", "program", "tier", "number"),
    [
        ([], RESELL, "gold", None),
        ([version(1, 2)], RESELL, "gold", 1),
        ([version(1, 2), version(2, 3)], RESELL, "gold", 2),
        ([version(1, 2, since=-5), version(2, 3, since=-9)], RESELL, "gold", 1),
        ([version(1, 2), version(2, 3, since=1)], RESELL, "gold", 1),
        ([version(1, 2), version(2, 1, program=RESELL)], RESELL, "gold", 2),
        ([version(1, 2), version(2, 1, program=RESELL)], REFER, "gold", 1),
        ([version(1, 2), version(2, 1, tier="gold")], None, "gold", 2),
        ([version(1, 2), version(2, 3, program=RESELL), version(3, 1, program=RESELL, tier="gold")], RESELL, "gold", 3),
        ([version(1, 2), version(2, 3, program=RESELL), version(3, 1, program=RESELL, tier="gold")], RESELL, "silver", 2),
        ([version(1, 2), version(2, 1, program=RESELL, since=-3), version(3, None, program=RESELL, since=-1)], RESELL, "gold", 1),
    ],
)
def test_the_narrowest_newest_version_counts(versions, program, tier, number):
    found = in_force(versions, program_id=program, tier_code=tier, at=AT)

    assert (found.number if found else None) == number


@pytest.mark.parametrize(
    ("old", "new", "owed_by", "wait"),
    [
        (None, Target(2), "vendor", timedelta()),
        (Target(2), Target(1), "vendor", timedelta()),
        (Target(2), Target(2), "vendor", timedelta()),
        (Target(2), Target(3), "vendor", NOTICE),
        (Target(2), None, "vendor", NOTICE),
        (Target(2), Target(3, "days"), "vendor", NOTICE),
        (Target(5), Target(5, "days"), "vendor", timedelta()),
        (Target(8, "business_hours"), Target(1), "vendor", timedelta()),
        (Target(5), Target(10), "partner", timedelta()),
        (Target(5), Target(3), "partner", NOTICE),
    ],
)
def test_only_a_change_that_hurts_the_partner_needs_notice(old, new, owed_by, wait):
    assert earliest_effect(old=old, new=new, owed_by=owed_by, full_day=EIGHT_HOURS, at=AT) == AT + wait
