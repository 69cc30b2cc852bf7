"""Proofs: shown before the spend, uploaded, judged, handed in; and the simulation is the judgement."""

import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openprm.funds import services as funds
from openprm.funds.models import ActivityType, Claim, ProofFile
from openprm.funds.queries.catalogue import kind, kinds
from openprm.funds.queries.judging import activity_proofs, judge_claim, simulate_activity, simulate_kind
from openprm.funds.rules.catalogue import FORMATS
from openprm.funds.rules.judgement import Paper
from openprm.funds.services.catalogue import save_kind
from openprm.funds.services.proofs import add_proof, remove_proof
from openprm.funds.testing import activity_of, approve, make_claim, make_fund, make_kind, make_request, stored
from openprm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from openprm.kernel.money import Money
from openprm.kernel.scope import scope, system_scope

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
PDF, PNG, JPG = b"%PDF-1.7\ninvoice", b"\x89PNG\r\n\x1a\nphoto", b"\xff\xd8\xffphoto"
PROOFS = [
    {"name": "Invoice", "formats": ["pdf"], "minimum": 1, "max_age_days": 90},
    {"name": "Photos", "formats": ["jpg", "png"], "minimum": 2, "dated_within": True},
]
FAIR = {"name": "Trade fair", "max_percent": Decimal(50), "cap": Money(3_000_00, "EUR"), "claim_within_days": 60, "proofs": PROOFS}


@pytest.fixture
def fair(cast):
    with scope(cast.vendor_admin):
        return save_kind(actor=cast.vendor_admin, values=FAIR, at=AT)


@pytest.fixture
def activity(cast, fair):
    request_id = make_request(cast.partner_admin, make_fund(cast.partner_id), fair, asked_minor=3_000_00)
    approve(request_id)
    with system_scope():
        return activity_of(request_id)


def upload(cast, activity, rule, content, dated_on=date(2026, 11, 21), name="proof.bin"):
    with scope(cast.partner_admin):
        return add_proof(actor=cast.partner_admin, activity_id=activity.pk, rule=rule, name=name, content=content, dated_on=dated_on, at=AT)


def test_the_partner_reads_what_is_paid_and_every_proof_before_it_spends(cast, fair):
    with scope(cast.partner_admin):
        found = kind(cast.partner_admin, fair, AT)
    assert found.pays == "Up to 50 % of what you spend, at most €3,000.00; claim within 60 days after its end."
    assert [proof.words for proof in found.proofs] == ["1 file; PDF; at most 90 days old when you claim", "2 files; PNG, JPEG; dated within the activity"]


def test_a_kind_with_every_mistake_names_them_all_and_nothing_is_added(cast):
    bad = {"name": "", "max_percent": Decimal(-5), "cap": Money(0, "EUR"), "claim_within_days": 0, "countries": ["XYZ"], "tiers": ["none-such"]}
    bad["proofs"] = [{"name": "Invoice", "formats": []}, {"name": "Invoice", "formats": ["exe"], "minimum": 99}]
    with scope(cast.vendor_admin), pytest.raises(Invalid) as refused:
        save_kind(actor=cast.vendor_admin, values=bad, at=AT)
    fields = {problem.field for problem in refused.value.problems}
    assert {"name", "max_percent", "cap", "claim_within_days", "countries", "tiers", "proofs[0].formats", "proofs[1].formats", "proofs[1].minimum"} <= fields
    with system_scope():
        assert ActivityType.objects.count() == 0


@pytest.mark.parametrize("share", ["-1", "0", "100.01", "50.123", "NaN", "abc", None])
def test_a_share_that_is_none_is_refused(cast, share):
    with scope(cast.vendor_admin), pytest.raises(Invalid, match="A share is a number"):
        save_kind(actor=cast.vendor_admin, values={**FAIR, "max_percent": share}, at=AT)


def test_only_the_vendor_sets_the_catalogue(cast):
    for actor in (cast.partner_admin, cast.vendor_reader):
        with scope(actor), pytest.raises(NotAllowed):
            save_kind(actor=actor, values=FAIR, at=AT)


def test_a_stale_change_of_a_kind_is_refused(cast, fair):
    with scope(cast.vendor_admin):
        save_kind(actor=cast.vendor_admin, values={**FAIR, "name": "Fair"}, kind_id=fair, version=1, at=AT)
        with pytest.raises(Stale):
            save_kind(actor=cast.vendor_admin, values=FAIR, kind_id=fair, version=1, at=AT)
        assert [one.name for one in kinds(cast.vendor_admin, AT)] == ["Fair"]


def test_a_request_keeps_the_terms_it_was_sent_with(cast, fair, activity):
    with scope(cast.vendor_admin):
        save_kind(actor=cast.vendor_admin, values={**FAIR, "max_percent": Decimal(10)}, kind_id=fair, version=1, at=AT)
    with scope(cast.partner_admin):
        found = activity_proofs(cast.partner_admin, activity.pk, AT)
    assert (found.terms.max_percent, found.terms.version, found.answer.worth) == (Decimal("50.00"), 1, Money(3_000_00, "EUR"))


def test_what_is_missing_is_told_and_with_everything_in_the_claim_is_paid_as_simulated(cast, activity):
    upload(cast, activity, "invoice", PDF)
    with scope(cast.partner_admin):
        before = simulate_activity(cast.partner_admin, activity.pk, spent=Money(5_000_00, "EUR"), on=AT.date())
    assert (before.accepted, before.worth, [one.code for one in before.problems]) == (False, Money(2_500_00, "EUR"), ["missing"])
    upload(cast, activity, "photos", PNG)
    upload(cast, activity, "photos", JPG)
    with scope(cast.partner_admin):
        after = simulate_activity(cast.partner_admin, activity.pk, spent=Money(5_000_00, "EUR"), on=AT.date())
        claim_id = funds.submit_claim(actor=cast.partner_admin, activity_id=activity.pk, spent=Money(5_000_00, "EUR"), at=AT).id
    claim = stored(Claim, claim_id)
    assert after.accepted
    assert (claim.fund_minor, claim.judgement["worth"]) == (after.reimbursable.minor, [2_500_00, "EUR"])
    with system_scope():
        assert set(ProofFile.objects.values_list("claim", flat=True)) == {claim_id}


def test_an_incomplete_claim_is_refused_with_the_words_of_the_simulation_and_nothing_changes(cast, activity):
    upload(cast, activity, "photos", PNG)
    with scope(cast.partner_admin), pytest.raises(Invalid) as refused:
        funds.submit_claim(actor=cast.partner_admin, activity_id=activity.pk, spent=Money(5_000_00, "EUR"), at=AT)
    told = " ".join(problem.message for problem in refused.value.problems)
    assert "“Invoice”: 1 more file is needed (PDF)." in told
    assert "“Photos”: 1 more file is needed (PNG, JPEG)." in told
    with system_scope():
        assert (Claim.objects.count(), ProofFile.objects.filter(claim=None).count()) == (0, 1)


def _zip(*names):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00program", "is accepted as PDF"),
        (b"<html><script>alert(1)</script>", "is accepted as PDF"),
        (b"<svg onload=alert(1)>", "is accepted as PDF"),
        (b"just text", "is accepted as PDF"),
        (PNG, "is accepted as PDF"),
        (_zip("[Content_Types].xml", "word/vbaProject.bin"), "is accepted as PDF"),
        (b"%PDF-" + b"0" * (20 * 1024 * 1024), "larger than 20 MB"),
    ],
)
def test_a_hostile_or_wrong_file_is_refused_by_its_content_whatever_its_name_and_nothing_is_kept(cast, activity, content, words):
    with pytest.raises(Invalid, match=words):
        upload(cast, activity, "invoice", content, name="invoice.pdf")
    with system_scope():
        assert ProofFile.objects.count() == 0


def test_a_name_with_folders_and_control_signs_is_made_plain(cast, activity):
    proof_id = upload(cast, activity, "invoice", PDF, name='../../etc/<b>passwd\r\n".exe')
    row = stored(ProofFile, proof_id)
    assert (row.name, row.storage_key, row.format) == ("bpasswd.pdf", f"funds/{proof_id}", "pdf")


def test_a_proof_that_bears_a_day_needs_one_that_has_come(cast, activity):
    for day, words in ((None, "needs a date"), (AT.date() + timedelta(days=1), "still to come")):
        with pytest.raises(Invalid, match=words):
            upload(cast, activity, "invoice", PDF, dated_on=day)


def test_the_same_content_twice_is_one_file(cast, activity):
    assert upload(cast, activity, "invoice", PDF) == upload(cast, activity, "invoice", PDF)


def test_a_proof_that_is_not_asked_for_is_refused(cast, activity):
    with pytest.raises(Invalid, match="asks for no such proof"):
        upload(cast, activity, "poem", PDF)


def test_another_partner_sees_and_touches_nothing(cast, activity):
    proof_id = upload(cast, activity, "invoice", PDF)
    other = cast.other_partner_admin
    with scope(other):
        with pytest.raises(NotFound):
            activity_proofs(other, activity.pk, AT)
        with pytest.raises(NotFound):
            add_proof(actor=other, activity_id=activity.pk, rule="invoice", name="a.pdf", content=PDF, dated_on=AT.date(), at=AT)
        with pytest.raises(NotFound):
            remove_proof(actor=other, proof_id=proof_id, at=AT)
        assert ProofFile.objects.count() == 0


def test_what_was_handed_in_stays_whoever_asks(cast, activity):
    ids = [upload(cast, activity, "invoice", PDF), upload(cast, activity, "photos", PNG), upload(cast, activity, "photos", JPG)]
    with scope(cast.partner_admin):
        funds.submit_claim(actor=cast.partner_admin, activity_id=activity.pk, spent=Money(5_000_00, "EUR"), at=AT)
        with pytest.raises(NotAllowed, match="stays as evidence"):
            remove_proof(actor=cast.partner_admin, proof_id=ids[0], at=AT)
    with system_scope(), pytest.raises(Exception, match="a file that was handed in stays"):
        ProofFile.objects.filter(pk=ids[0]).delete()


def test_a_draft_can_be_taken_back(cast, activity):
    proof_id = upload(cast, activity, "invoice", PDF)
    with scope(cast.partner_admin):
        remove_proof(actor=cast.partner_admin, proof_id=proof_id, at=AT)
        assert ProofFile.objects.count() == 0


def test_no_more_than_twenty_files_wait(cast, activity):
    for number in range(20):
        upload(cast, activity, "invoice", PDF + bytes([65 + number]))
    with pytest.raises(Conflict, match="At most 20"):
        upload(cast, activity, "invoice", PDF + b"more")


def test_the_simulation_out_of_a_fund_is_what_a_claim_out_of_it_gives(cast, fair):
    """The fund pays 30 % where the kind pays 50 %: the smaller share counts before the spend and after it."""
    fund_id = make_fund(cast.partner_id, vendor_percent=30, claim_by=date(2026, 12, 20))
    days = {"starts_on": date(2026, 11, 20), "ends_on": date(2026, 11, 22), "spent": Money(8_000_00, "EUR")}
    papers = (Paper(rule="invoice", format="pdf", dated_on=date(2026, 11, 21)), *[Paper(rule="photos", format="jpg", dated_on=date(2026, 11, 21))] * 2)
    with scope(cast.partner_admin):
        found = simulate_kind(cast.partner_admin, fair, on=AT.date(), papers=papers, allocation_id=fund_id, **days)
        late = simulate_kind(cast.partner_admin, fair, on=date(2026, 12, 21), papers=papers, allocation_id=fund_id, **days)
    request_id = make_request(cast.partner_admin, fund_id, fair, asked_minor=2_400_00)
    approve(request_id)
    with system_scope():
        row = activity_of(request_id)
    for rule, content in (("invoice", PDF), ("photos", PNG), ("photos", JPG)):
        upload(cast, row, rule, content)
    with scope(cast.partner_admin):
        made = funds.submit_claim(actor=cast.partner_admin, activity_id=row.pk, spent=days["spent"], at=AT)
    assert [(one.code, one.amount.minor) for one in found.steps] == [("spent", 8_000_00), ("percent", 2_400_00), ("cap", 2_400_00), ("fund", 2_400_00)]
    assert (found.accepted, found.reimbursable.minor, stored(Claim, made.id).fund_minor) == (True, 2_400_00, 2_400_00)
    assert [one.code for one in late.problems] == ["too_late"]
    with scope(cast.other_partner_admin), pytest.raises(NotFound):
        simulate_kind(cast.other_partner_admin, fair, on=AT.date(), allocation_id=fund_id, **days)


def test_an_empty_fund_and_a_share_below_a_coin_are_named_before_the_spend(cast, fair):
    fund_id = make_fund(cast.partner_id, amount_minor=0)
    days = {"starts_on": date(2026, 11, 20), "ends_on": date(2026, 11, 22), "on": AT.date()}
    with scope(cast.partner_admin):
        empty = simulate_kind(cast.partner_admin, fair, spent=Money(8_000_00, "EUR"), allocation_id=fund_id, **days)
        coin = simulate_kind(cast.partner_admin, fair, spent=Money(1, "EUR"), **days)
    assert (empty.problems[0].code, coin.problems[0].code) == ("fund_empty", "too_small")


def test_a_claim_of_one_cent_is_refused_with_a_sentence_and_nothing_changes(cast):
    request_id = make_request(cast.partner_admin, make_fund(cast.partner_id), make_kind())
    approve(request_id)
    with pytest.raises(Invalid, match="less than the smallest coin"):
        make_claim(cast.partner_admin, request_id, spent=Money(1, "EUR"))
    with system_scope():
        assert not Claim.objects.exists()


papers = st.lists(
    st.tuples(st.sampled_from(["invoice", "photos"]), st.sampled_from(FORMATS), st.dates(date(2026, 8, 1), date(2026, 12, 31))), max_size=5, unique=True
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(papers, st.integers(1, 2_000_000), st.dates(date(2026, 11, 18), date(2027, 2, 28)), st.none() | st.integers(1, 400_000))
def test_the_simulation_of_any_claim_is_its_judgement(cast, fair, activity, files, spent, on, asked):
    """X36: imagined papers, uploaded papers and the kind's own simulation give the same answer, to the cent and to the reason."""
    money, wanted = Money(spent, "EUR"), Money(asked, "EUR") if asked else None
    imagined = tuple(Paper(rule=rule, format=kind_, dated_on=day) for rule, kind_, day in files)
    with scope(cast.partner_admin):
        simulated = simulate_activity(cast.partner_admin, activity.pk, spent=money, on=on, asked=wanted, papers=imagined)
        unbound = simulate_kind(
            cast.partner_admin, fair, spent=money, on=on, starts_on=activity.starts_on, ends_on=activity.ends_on, papers=imagined, asked=wanted
        )  # fmt: skip
    with system_scope():
        ProofFile.objects.filter(activity=activity).delete()
        for number, (rule, kind_, day) in enumerate(files):
            ProofFile.objects.create(
                partner_id=activity.partner_id, activity=activity, rule=rule, name="x", format=kind_, content_type="x", size=1, sha256=f"{number}",
                storage_key=f"funds/test-{number}", dated_on=day, added_at=AT + timedelta(seconds=number),
            )  # fmt: skip
        judged = judge_claim(activity, spent=money, on=on, asked=wanted)
        ProofFile.objects.filter(activity=activity).delete()
    assert (judged.accepted, judged.reimbursable, judged.worth) == (simulated.accepted, simulated.reimbursable, simulated.worth)
    assert [one.code for one in judged.problems] == [one.code for one in simulated.problems]
    assert (unbound.accepted, unbound.reimbursable) == (judged.accepted, judged.reimbursable)
