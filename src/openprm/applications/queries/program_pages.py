"""What a stranger reads about programs. Only what is published, and numbers that are counted, never written."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from openprm.agreements import queries as agreements
from openprm.applications.models import FormVersion, ProgramPage
from openprm.applications.promisekinds import DECISION
from openprm.applications.words import BENEFIT_LABEL, CORE, MOTION, TYPE, default_fields
from openprm.kernel.actor import PUBLIC, SYSTEM
from openprm.kernel.errors import NotFound
from openprm.kernel.registry import registry
from openprm.kernel.scope import system_scope
from openprm.partners import queries as partners
from openprm.partners.queries import ProgramView
from openprm.promises import queries as promises
from openprm.rulebook import queries as rulebook
from openprm.rulebook.queries import RulesInWords

FEWEST = 3  # below this a count says nothing about a program, and perhaps too much about a company
SECONDS_PER_QUESTION = 25
KEPT_SECONDS = 60  # published rules and the record of promises may be a minute old for strangers


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicTier:
    code: str
    name: str
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitLine:
    """One benefit across the tiers, lowest tier first."""

    label: Any
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPromise:
    """What is promised, and how it was kept over all partners; the record is empty while too few partners stand behind it."""

    name: str
    kept: int = 0
    total: int = 0
    percent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicText:
    """A published agreement: its title, what kind it is, and where to read it."""

    title: str
    kind: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicProgram:
    """A program as everybody may see it."""

    id: UUID
    code: str
    name: str
    about: str
    motion: Any
    headline: str
    partners: int | None
    tiers: tuple[PublicTier, ...]
    is_open: bool
    answered_in: str
    for_whom: str = ""
    types: tuple[Any, ...] = ()
    type_codes: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    faq: tuple[tuple[str, str], ...] = ()
    contact_email: str = ""
    benefits: tuple[BenefitLine, ...] = ()
    promises: tuple[PublicPromise, ...] = ()
    rules: tuple[RulesInWords, ...] = ()
    agreements: tuple[PublicText, ...] = ()
    questions: int = 0
    minutes: int = 0

    @property
    def last_tier(self) -> PublicTier:
        return self.tiers[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSettings:
    """What an administrator sets about a program's page."""

    program_id: UUID
    program_name: str
    program_code: str
    program_active: bool
    headline: str
    for_whom: str
    types: tuple[str, ...]
    requirements: tuple[str, ...]
    faq: tuple[tuple[str, str], ...] = field(default=())
    contact_email: str
    is_public: bool
    is_open: bool
    allows_free_mail: bool
    reapply_days: int
    version: int


def programs_to_join(at: datetime) -> list[PublicProgram]:
    """The programs that are shown to everybody, by name. Five queries at most, whatever their number."""
    with system_scope():
        pages = {page.program_id: page for page in ProgramPage.objects.all()}
        found = [(program, pages.get(program.id) or ProgramPage(program_id=program.id)) for program in partners.programs(SYSTEM, active_only=True)]
        return [_summary(program, page, at) for program, page in found if page.is_public and program.tiers]


def public_program(code: str, at: datetime) -> PublicProgram:
    """One program with everything published about it. Raises NotFound, also for one that is kept inside."""
    with system_scope():
        program, page = _program(code)
        return _whole(program, page, at)


def program_to_apply_for(code: str, at: datetime) -> PublicProgram:
    """A program as the head of its form shows it. Raises NotFound."""
    with system_scope():
        return _summary(*_program(code), at)


def program_behind(code: str) -> ProgramView:
    """The program of a public address, for taking an application. Raises NotFound."""
    with system_scope():
        return _program(code)[0]


def public_codes() -> dict[UUID, str]:
    """The codes of the programs that everybody can see, by id."""
    hidden = set(ProgramPage.objects.filter(is_public=False).values_list("program_id", flat=True))
    return {program.id: program.code for program in partners.programs(SYSTEM, active_only=True) if program.tiers and program.id not in hidden}


def page_settings(program_id: UUID) -> PageSettings:
    """The settings of one program's page, the usual ones while nobody changed them. Raises NotFound."""
    program = partners.program(SYSTEM, program_id)
    page = ProgramPage.objects.filter(program=program_id).first() or ProgramPage(program_id=program_id, version=0)
    return PageSettings(
        program_id=program.id,
        program_name=program.name,
        program_code=program.code,
        program_active=program.is_active,
        headline=page.headline,
        for_whom=page.for_whom,
        types=tuple(page.types),
        requirements=tuple(page.requirements),
        faq=_faq(page),
        contact_email=page.contact_email,
        is_public=page.is_public,
        is_open=page.is_open,
        allows_free_mail=page.allows_free_mail,
        reapply_days=page.reapply_days,
        version=page.version,
    )


def _program(code: str) -> tuple[ProgramView, ProgramPage]:
    program = next((one for one in partners.programs(SYSTEM, active_only=True) if one.code == code), None)
    page = (ProgramPage.objects.filter(program=program.id).first() or ProgramPage(program_id=program.id)) if program else None
    if program is None or page is None or not page.is_public or not program.tiers:
        raise NotFound(_("There is no program at this address. Look at the programs that you can join."))
    return program, page


def _summary(program: ProgramView, page: ProgramPage, at: datetime, **more: Any) -> PublicProgram:
    return PublicProgram(
        id=program.id,
        code=program.code,
        name=program.name,
        about=program.about,
        motion=MOTION[program.motion],
        headline=page.headline,
        partners=program.partners if program.partners >= FEWEST else None,
        tiers=tuple(PublicTier(code=tier.code, name=tier.name, rank=tier.rank) for tier in reversed(program.tiers)),
        is_open=page.is_open,
        answered_in=promises.promised(DECISION, program_id=program.id, at=at),
        types=tuple(TYPE[type] for type in page.types),
        type_codes=tuple(page.types),
        **more,
    )


def _whole(program: ProgramView, page: ProgramPage, at: datetime) -> PublicProgram:
    promised, ruled = cache.get_or_set(f"applications.public:{program.id}:{get_language()}", lambda: (_promises(at), _rules(program.id, at)), KEPT_SECONDS)
    questions = _questions(program.id)
    return _summary(
        program,
        page,
        at,
        for_whom=page.for_whom,
        requirements=tuple(page.requirements),
        faq=_faq(page),
        contact_email=page.contact_email,
        benefits=_benefits(program),
        promises=promised,
        rules=ruled,
        agreements=_agreements(program.id, at),
        questions=questions,
        minutes=max(2, round(questions * SECONDS_PER_QUESTION / 60)),
    )


def _faq(page: ProgramPage) -> tuple[tuple[str, str], ...]:
    return tuple((one["question"], one["answer"]) for one in page.faq)


def _questions(program_id: UUID) -> int:
    form = FormVersion.objects.filter(program=program_id, state=FormVersion.State.PUBLISHED).first()
    return len(CORE) + (len(form.fields) if form else len(default_fields()))


def _benefits(program: ProgramView) -> tuple[BenefitLine, ...]:
    """The library's benefits with what each tier gives, the lowest tier first; one that no tier gives is left out."""
    tiers = list(reversed(program.tiers))
    drawn = [{code: (label, text) for code, label, text in partners.benefit_lines(tier.benefits)} for tier in tiers]
    codes = [code for code in drawn[0] if any(_is_given(tier.benefits.get(code)) for tier in tiers)]
    return tuple(
        BenefitLine(label=BENEFIT_LABEL.get(code) or drawn[0][code][0], values=tuple(lines[code][1] if code in lines else "–" for lines in drawn))
        for code in codes
    )


def _is_given(value: Any) -> bool:
    return value not in (None, 0, "", False)


def _promises(at: datetime) -> tuple[PublicPromise, ...]:
    """Everything the vendor promises; beside it how it was kept, where enough partners stand behind the figure."""
    told = {record.code: record for record in promises.overall(PUBLIC, at=at) if record.total >= FEWEST}
    return tuple(_promise(record, told.get(record.code)) for record in promises.overall(SYSTEM, at=at) if record.owed_by == "vendor")


def _promise(record: Any, told: Any) -> PublicPromise:
    if told is None or told.rate is None:
        return PublicPromise(name=record.name)
    return PublicPromise(name=record.name, kept=told.kept, total=told.total, percent=round(told.rate * 100))


def _rules(program_id: UUID, at: datetime) -> tuple[RulesInWords, ...]:
    """The rules that partners of the program may read: its own where it has some, else the general ones."""
    shown = {kind.code for kind in registry.all("rule_kinds") if kind.for_partners}
    lines = [line for line in rulebook.list_rules(actor=SYSTEM, at=at) if line.in_force and line.kind in shown and line.program_id in (None, program_id)]
    own = {line.kind for line in lines if line.program_id}
    chosen = [line for line in lines if line.program_id or line.kind not in own]
    return tuple(rulebook.rules_in_words(actor=SYSTEM, kind=line.kind, program_id=line.program_id, at=at) for line in chosen)


def _agreements(program_id: UUID, at: datetime) -> tuple[PublicText, ...]:
    """The charter, the agreement and the rules of engagement that the vendor publishes to everybody."""
    rows = agreements.published(PUBLIC, at)
    return tuple(PublicText(title=row.title, kind=str(row.kind_label), url=f"/charter/{row.code}/") for row in rows)
