"""Account mapping: the vendor's lists from its records, partners with lists of their own, shown to each other as each likes."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from openprm.accounts import queries as accounts_of
from openprm.demo import world
from openprm.demo.stage import PartnerOnStage, Stage
from openprm.kernel.actor import Actor
from openprm.kernel.scope import scope, system_scope
from openprm.mapping import queries, services
from openprm.mapping.queries import CellFilters
from openprm.mapping.services import ListDraft, Row, read_terms

SHOWN = (("all", ("deals",)), ("overlaps", ("deals", "people")), ("overlaps", ()), ("counts", ()), ("overlaps", ("deals",)))
"""What the partners show of their customers, in turn."""
COMMON, ALONE = 46, 24
STARTED, COMPARED = 60, 58


def tell(stage: Stage) -> None:
    """Two months ago the vendor made its lists; five partners brought theirs, a sixth has not agreed yet."""
    partners = [one for one in stage.partners if one.people.get("partner_admin")][: len(SHOWN) + 1]
    if len(partners) < 3:
        return
    _vendor_lists(stage, partners[0])
    with scope(stage.admin):
        accounts = list(islice(accounts_of.export_accounts(stage.admin, filters={}), 900))
    for number, (one, (level, fields)) in enumerate(zip(partners, SHOWN, strict=False)):
        _partner_list(stage, one, accounts[number * 37 :], level, fields)
        _agree(stage, one)
    if len(partners) > len(SHOWN):
        at = stage.at(days_ago=5, hour=11)
        with stage.acting(stage.admin, at) as actor:
            services.agree(actor=actor, partner_id=partners[-1].partner_id, at=at)
    with system_scope():
        for one in partners[: len(SHOWN)]:
            services.match(partner_id=one.partner_id, at=stage.at(days_ago=COMPARED, hour=6))
    _review(stage, partners[1])
    _choose(stage, partners[0])
    _ask(stage, partners[:4])


def _vendor_lists(stage: Stage, closest: PartnerOnStage) -> None:
    at = stage.at(days_ago=STARTED, hour=9)
    with stage.acting(stage.admin, at) as actor:
        customers = services.create_list(actor=actor, draft=ListDraft(name="Customers", kind="customers", source="records"), at=at)
        deals = services.create_list(actor=actor, draft=ListDraft(name="Open pipeline", kind="open_deals", source="records"), at=at)
        prospects = services.create_list(actor=actor, draft=ListDraft(name="Prospects", kind="prospects", source="records"), at=at)
        services.set_terms(actor=actor, population_id=customers, terms=read_terms(level="overlaps"), at=at)
        services.set_terms(actor=actor, population_id=deals, terms=read_terms(level="counts"), at=at)
        closer = read_terms(level="overlaps", fields=("deals",), purpose="planning", days=180)
        services.set_terms(actor=actor, population_id=deals, terms=closer, partner_id=closest.partner_id, at=at)
    with system_scope():
        for population_id in (customers, deals, prospects):
            services.refresh(population_id=population_id, at=at)


def _partner_list(stage: Stage, one: PartnerOnStage, accounts: Sequence[accounts_of.AccountRow], level: str, fields: tuple[str, ...]) -> None:
    at = stage.at(days_ago=STARTED - 1, hour=14)
    known = [*(row for row in accounts if row.country == one.country), *(row for row in accounts if row.country != one.country)][:COMMON]
    rows = [*(_known(number, row) for number, row in enumerate(known)), *_alone(stage, one)]
    with stage.acting(one.people["partner_admin"][0], at) as actor:
        made = services.create_list(actor=actor, draft=ListDraft(name="Customers", kind="customers", source="upload"), at=at)
        services.replace_rows(actor=actor, population_id=made, rows=rows, at=at)
        services.set_terms(actor=actor, population_id=made, terms=read_terms(level=level, fields=fields), at=at)


def _known(number: int, row: accounts_of.AccountRow) -> Row:
    """A company of the vendor's records, as somebody else writes it down."""
    name = (row.name, row.legal_name or row.name, row.name.upper(), f"{row.name} Group")[number % 4]
    deals = ((f"D-{number}", 4_000_00 + number * 950_00, "EUR", "proposal"),) if number % 3 == 0 else ()
    domain = "" if number % 5 == 4 else row.domain
    return Row(key=f"K{1000 + number}", name=name, domain=domain, country=row.country, city=row.city, owner="Account team", deals=deals)


def _alone(stage: Stage, one: PartnerOnStage) -> list[Row]:
    """Companies that the vendor does not know."""
    found = []
    for number, stem in enumerate(stage.chance.sample(world.STEMS, ALONE)):
        name = f"{stem} Nordic Works"
        deals = ((f"E-{number}", 12_000_00 + number * 700_00, "EUR", "lead"),) if number % 4 == 0 else ()
        found.append(Row(key=f"N{number}", name=name, domain=f"{world.slug(name).replace('-', '')}.example", country=one.country, deals=deals))
    return found


def _agree(stage: Stage, one: PartnerOnStage) -> None:
    at = stage.at(days_ago=COMPARED, hour=15)
    for who in (stage.admin, one.people["partner_admin"][0]):
        with stage.acting(who, at) as actor:
            services.agree(actor=actor, partner_id=one.partner_id, at=at)


def _review(stage: Stage, one: PartnerOnStage) -> None:
    """The least sure pair is confirmed, the next one is split."""
    at = stage.at(days_ago=12, hour=10)
    with stage.acting(stage.managers[0], at) as actor:
        unsure = list(queries.to_review(actor, one.partner_id, at, CellFilters()).order_by("permille", "pk")[:2])
        for match, (is_same, note) in zip(unsure, ((True, "Same plant, they told us on the phone"), (False, "Another company of that name")), strict=False):
            services.decide(actor=actor, match_id=match.pk, is_same=is_same, note=note, at=at)


def _choose(stage: Stage, one: PartnerOnStage) -> None:
    """Three targets: two that both have, one that only the partner has."""
    at = stage.at(days_ago=9, hour=11)
    with stage.acting(stage.managers[0], at) as actor:
        both = list(queries.to_review(actor, one.partner_id, at, CellFilters()).order_by("-permille", "pk")[:2])
        for match in both:
            services.choose_match(actor=actor, match_id=match.pk, note="For the joint plan of the next half-year", at=at)
        theirs = next((shown for shown in queries.shown(actor, one.partner_id, at) if shown.level == "all"), None)
        alone = queries.whitespace(actor, theirs.id, at).first() if theirs else None
        if alone is not None:
            services.choose_company(actor=actor, partner_id=one.partner_id, entry_id=alone.pk, at=at)


def _ask(stage: Stage, partners: Sequence[PartnerOnStage]) -> None:
    """One request that was granted with less than was asked for, one that waits; and looks that their owners read."""
    asked = stage.at(days_ago=8, hour=9)
    with stage.acting(stage.managers[0], asked) as actor:
        _look(actor, partners, asked)
        whole = read_terms(level="all", purpose="planning")
        first = services.ask(actor=actor, partner_id=partners[2].partner_id, terms=whole, kind="customers", message="For the plan of the Nordics", at=asked)
        services.ask(
            actor=actor, partner_id=partners[3].partner_id, terms=read_terms(level="overlaps"), kind="customers", message="Only what we both have", at=asked
        )
    answered = stage.at(days_ago=6, hour=13)
    with stage.acting(partners[2].people["partner_admin"][0], answered) as actor:
        mine = queries.lists(actor)[0].id
        terms = read_terms(level="overlaps", fields=("deals",), purpose="planning", days=120)
        services.answer(actor=actor, ask_id=first, terms=terms, population_id=mine, text="Overlaps with values, the rest after the review", at=answered)


def _look(actor: Actor, partners: Sequence[PartnerOnStage], at: datetime) -> None:
    for one in partners:
        seen = {shown.id: 0 for shown in queries.shown(actor, one.partner_id, at)}
        services.note_looks(actor=actor, seen=seen, what="counts", at=at)
