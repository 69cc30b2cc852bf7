"""Lists in their published formats (entries invented), and what is found in them."""

from datetime import date, timedelta

import pytest

from openprm.compliance import services
from openprm.compliance.models import Flag, SanctionsEntry, SanctionsList, ScreeningRun
from openprm.compliance.rules import matching, names, sanctions
from openprm.compliance.rules.matching import Index, Listed, Subject
from openprm.compliance.rules.sanctions import BadList
from openprm.compliance.testing import OWN_LIST, answer, ask, make_case, make_list, pdf, stored
from openprm.kernel.errors import Invalid, NotAllowed
from openprm.kernel.scope import scope, system_scope
from openprm.kernel.testing import run_queued_jobs
from openprm.partners import queries as partners

SDN = (
    b'36,"NORTHGATE EXPORT HOUSE",-0- ,"DEMO1] [DEMO2",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"Organization Established in Russia; a.k.a. \'NEH\'."\n'
    b'173,"VANCE, Teodor Emil","individual","DEMO1","Director",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 04 Mar 1961; POB Gomel, Belarus; nationality Belarus."\n'
    b'306,"SEA LANTERN","vessel","DEMO3",-0- ,"T2AB",-0- ,-0- ,-0- ,"Iran",-0- ,-0- \n\x1a'
)
ALT = b'36,12,"aka","NORTHGATE TRADING",-0- \n36,13,"fka","OLD GATE EXPORT",-0- \n'
EU_XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-11-18T10:00:00.000+01:00" globalFileId="1">
<sanctionEntity euReferenceNumber="EU.1.1" logicalId="13"><remark>Invented.</remark><regulation programme="DEMO"/><subjectType code="person" classificationCode="P"/>
<nameAlias firstName="Teodor" middleName="Emil" lastName="Vance" wholeName="Teodor Emil Vance"/><nameAlias firstName="" lastName="" wholeName="\xd0\xa2\xd0\xb5\xd0\xbe\xd0\xb4\xd0\xbe\xd1\x80 \xd0\x92\xd0\xb0\xd0\xbd\xd1\x86\xd0\xb5"/>
<citizenship countryIso2Code="BY"/><birthdate year="1961" birthdate="1961-03-04"/></sanctionEntity>
<sanctionEntity euReferenceNumber="EU.2.2" logicalId="14"><subjectType code="enterprise" classificationCode="E"/><nameAlias wholeName="Northgate Export House"/><address countryIso2Code="RU"/></sanctionEntity>
</export>"""
EU_CSV = (
    b"fileGenerationDate;Entity_LogicalId;Entity_EU_ReferenceNumber;Entity_SubjectType;Entity_Regulation_Programme;Entity_Remark;NameAlias_LastName;NameAlias_FirstName;"
    b"NameAlias_MiddleName;NameAlias_WholeName;Address_CountryIso2Code;BirthDate_Year;Citizenship_CountryIso2Code\n"
    b"18/11/2026;13;EU.1.1;P;DEMO;Invented;Vance;Teodor;Emil;Teodor Emil Vance;;;\n"
    b"18/11/2026;13;EU.1.1;P;DEMO;Invented;;;;;;1961;BY\n"
    b"18/11/2026;14;EU.2.2;E;DEMO;;;;;Northgate Export House;RU;;\n"
)
UN_XML = b"""<?xml version="1.0"?><CONSOLIDATED_LIST dateGenerated="2026-11-17T01:00:00Z"><INDIVIDUALS><INDIVIDUAL><DATAID>6908555</DATAID><FIRST_NAME>TEODOR</FIRST_NAME>
<SECOND_NAME>EMIL</SECOND_NAME><THIRD_NAME>VANCE</THIRD_NAME><UN_LIST_TYPE>DEMO</UN_LIST_TYPE><NATIONALITY><VALUE>Belarus</VALUE></NATIONALITY>
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Teddy Vance</ALIAS_NAME></INDIVIDUAL_ALIAS><INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><YEAR>1961</YEAR></INDIVIDUAL_DATE_OF_BIRTH>
</INDIVIDUAL></INDIVIDUALS><ENTITIES><ENTITY><DATAID>110</DATAID><FIRST_NAME>NORTHGATE EXPORT HOUSE</FIRST_NAME><ENTITY_ALIAS><ALIAS_NAME>NEH</ALIAS_NAME></ENTITY_ALIAS>
<ENTITY_ADDRESS><COUNTRY>Russian Federation</COUNTRY></ENTITY_ADDRESS></ENTITY></ENTITIES></CONSOLIDATED_LIST>"""


def _plain(parsed):
    return [(one.ref, one.kind, one.names, one.countries, one.birth_years) for one in parsed.entries]


def test_ofac_is_read_with_its_aliases():
    assert _plain(sanctions.read("ofac_sdn", SDN, ALT)) == [
        ("36", "entity", ("NORTHGATE EXPORT HOUSE", "NORTHGATE TRADING", "OLD GATE EXPORT", "NEH"), ("RU",), ()),
        ("173", "person", ("VANCE, Teodor Emil",), ("BY",), (1961,)),
        ("306", "vessel", ("SEA LANTERN",), ("IR",), ()),
    ]


def test_the_eu_list_is_read_as_xml_and_as_csv():
    read = sanctions.read("eu", EU_XML)
    assert read.list_date == date(2026, 11, 18)
    assert _plain(read) == [
        ("13", "person", ("Teodor Emil Vance", "Теодор Ванце"), ("BY",), (1961,)),
        ("14", "entity", ("Northgate Export House",), ("RU",), ()),
    ]
    as_csv = sanctions.read("eu", EU_CSV)
    assert as_csv.list_date == date(2026, 11, 18)
    assert _plain(as_csv) == [("13", "person", ("Teodor Emil Vance",), ("BY",), (1961,)), ("14", "entity", ("Northgate Export House",), ("RU",), ())]


def test_the_un_list_is_read():
    read = sanctions.read("un", UN_XML)
    assert read.list_date == date(2026, 11, 17)
    assert _plain(read) == [
        ("6908555", "person", ("TEODOR EMIL VANCE", "Teddy Vance"), ("BY",), (1961,)),
        ("110", "entity", ("NORTHGATE EXPORT HOUSE", "NEH"), ("RU",), ()),
    ]


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><export><sanctionEntity logicalId="1">&b;</sanctionEntity></export>'


@pytest.mark.parametrize(
    ("source", "content", "code"),
    [
        ("eu", BOMB, "unsafe_xml"),
        ("un", b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><CONSOLIDATED_LIST/>', "unsafe_xml"),
        ("eu", b"<export><sanctionEntity logicalId='1'>", "not_xml"),
        ("eu", b"<export></export>", "empty"),
        ("un", b"<a>" * 40 + b"</a>" * 40, "too_deep"),
        ("eu", b"name;kind\nx;y\n", "header"),
        ("ofac_sdn", b"1,2,3\n", "columns"),
        ("ofac_sdn", SDN[: SDN.index(b"173")] * 2, "repeated"),
        ("own", b"kind;country\nentity;FI\n", "header"),
        ("own", b"name;kind\n;entity\n", "nameless"),
        ("own", b"\x00\x01\x02", "not_text"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_its_place(source, content, code):
    with pytest.raises(BadList) as bad:
        sanctions.read(source, content)
    assert bad.value.code == code


@pytest.mark.parametrize(
    ("name", "kind", "key"),
    [
        ("Müller & Söhne GmbH", "entity", "and muller sohne"),
        ("ООО «Северные ворота»", "entity", "severnye vorota"),
        ("Northgate Export House, LLC", "entity", "export house northgate"),
        ("VANCE, Dr. Teodor Emil", "person", "emil teodor vance"),
        ("GmbH", "entity", "gmbh"),
    ],
)
def test_names_are_brought_into_one_writing(name, kind, key):
    assert names.key(name, kind) == key


LISTED = Listed(id=1, source="own", ref="X-2", kind="person", names=("VANCE, Teodor Emil",), countries=("BY",), birth_years=(1961,))


@pytest.mark.parametrize(
    ("subject", "score", "codes"),
    [
        (Subject(name="Teodor Emil Vance", kind="person", country="BY", birth_year=1961), 100, ("letters", "same_country", "same_year")),
        (Subject(name="Teodor Vance", kind="person", country="FI", birth_year=1961), 94, ("words", "other_country", "same_year")),
        (Subject(name="Teodor Vance", kind="person", birth_year=1990), None, ()),
        (Subject(name="Teodor Vance", kind="person"), 93, ("words",)),
        (Subject(name="Teodora Vanze Holding"), None, ()),
        (Subject(name="Mika Virtanen", kind="person"), None, ()),
    ],
)
def test_a_score_has_its_reasons(subject, score, codes):
    hits = Index([LISTED]).search(subject)
    assert [(hit.score, tuple(reason.code for reason in hit.reasons)) for hit in hits] == ([(score, codes)] if score else [])


def test_the_same_hit_in_a_newer_list_is_the_same_hit():
    newer = Listed(id=99, source="own", ref="X-2", kind="person", names=("VANCE, Teodor Emil", "T. Vance"))
    subject = Subject(name="Teodor Vance", kind="person")
    assert Index([LISTED]).search(subject)[0].fingerprint == Index([newer]).search(subject)[0].fingerprint
    assert matching.THRESHOLD == 85


@pytest.mark.django_db
def test_a_list_takes_the_place_of_the_last_one_and_stays_as_evidence(cast, at):
    make_list(at=at)
    make_list(content=OWN_LIST + b"Old Gate;entity;;RU;;X-3;DEMO\n", at=at + timedelta(days=1))
    with system_scope():
        rows = list(SanctionsList.objects.order_by("imported_at").values_list("is_current", "entries_count", "names_count"))
        assert rows == [(False, 2, 5), (True, 3, 6)]
        assert SanctionsEntry.objects.count() == 5
    with scope(cast.vendor_admin), pytest.raises(services.ListIsKnown):
        services.import_list(actor=cast.vendor_admin, source="own", name="Test list", file_name="again.csv", content=OWN_LIST, at=at)
    with system_scope():
        assert SanctionsList.objects.filter(is_current=True).count() == 1


@pytest.mark.django_db
def test_only_administrators_read_lists_in_and_a_broken_one_changes_nothing(cast, at):
    with scope(cast.partner_manager), pytest.raises(NotAllowed):
        services.import_list(actor=cast.partner_manager, source="own", name="A", file_name="a.csv", content=OWN_LIST, at=at)
    with scope(cast.vendor_admin), pytest.raises(Invalid, match="Line 1"):
        services.import_list(actor=cast.vendor_admin, source="ofac_sdn", file_name="sdn.csv", content=b"1,2\n", at=at)
    with system_scope():
        assert not SanctionsList.objects.exists()


@pytest.mark.django_db
def test_owners_are_screened_and_a_cleared_hit_is_not_raised_again(cast, at):
    make_list(at=at)
    case_id = make_case(cast.partner_id, at)
    with scope(cast.partner_admin):
        services.add_owner(actor=cast.partner_admin, partner_id=cast.partner_id, values={"name": "Teodor Vance", "birth_year": 1961}, at=at)
    answer(cast.partner_admin, ask(cast.partner_manager, case_id, at), at)
    with system_scope():
        flag = Flag.objects.get()
        run = ScreeningRun.objects.get()
    assert (flag.source, flag.score, [one["code"] for one in flag.reasons]) == ("screening", 98, ["words", "same_year"])
    assert (run.hits, run.new_hits, [one["name"] for one in run.names]) == (1, 1, ["Kallio Digital", "Kallio Digital Oy", "Teodor Vance"])
    with scope(cast.partner_manager):
        services.resolve_flag(
            actor=cast.partner_manager, flag_id=flag.pk, outcome="cleared", evidence="Another person: see the passport.", file=("p.pdf", pdf("p")), at=at
        )
        assert services.screen_case(actor=cast.partner_manager, case_id=case_id, at=at) == 0
    assert stored(case_id).state == "flags_cleared"


@pytest.mark.django_db
def test_a_new_list_screens_approved_partners_and_raises_only_what_is_new(cast, at):
    make_list(at=at)
    case_id = make_case(cast.partner_id, at)
    answer(cast.partner_admin, ask(cast.partner_manager, case_id, at), at)
    with scope(cast.partner_manager):
        until = services.approve(actor=cast.partner_manager, case_id=case_id, at=at)
    run_queued_jobs()

    later = at + timedelta(days=30)
    make_list(content=OWN_LIST + b"Kallio Digital;entity;;FI;;X-9;DEMO\n", at=later)
    run_queued_jobs()

    assert (stored(case_id).state, stored(case_id).approved_until) == ("screening", until)
    with system_scope():
        assert Flag.objects.get().score == 100
        assert {gate.action for gate in partners.gates(cast.partner_id, later) if gate.reason.startswith("We are checking")} == {"payouts"}
        flag_id = Flag.objects.get().pk
        make_list(content=OWN_LIST + b"Kallio Digital;entity;K.D.;FI;;X-9;DEMO\n", at=later)
        services.rescreen(at=later)
        assert Flag.objects.count() == 1
    with scope(cast.partner_manager):
        services.resolve_flag(
            actor=cast.partner_manager, flag_id=flag_id, outcome="cleared", evidence="A namesake in Turku.", file=("x.pdf", pdf("x")), at=later
        )
    with scope(cast.vendor_admin):
        assert services.approve(actor=cast.vendor_admin, case_id=case_id, at=later) == until, "clearing a namesake does not lengthen the approval"
    with system_scope():
        assert not [gate for gate in partners.gates(cast.partner_id, later) if gate.reason.startswith("We are checking")]


@pytest.mark.django_db
def test_names_can_be_looked_up_without_storing_anything(at):
    make_list(at=at)
    (hit,) = services.screen_names(names=["Northgate Exports Ltd", "Kallio"], country="RU", at=at)
    assert (hit.asked, hit.name, hit.ref, hit.score) == ("Northgate Exports Ltd", "Northgate Exports", "X-1", 100)
    with system_scope():
        assert not Flag.objects.exists()
