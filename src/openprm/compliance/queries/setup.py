"""What administrators set, the lists that were read in, and the questionnaires."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from openprm.compliance import policies
from openprm.compliance.models import CertificateKind, CountryRisk, GatePolicy, Questionnaire, QuestionnaireVersion, SanctionsList
from openprm.compliance.models.papers import PROOF_KINDS
from openprm.compliance.queries.pieces import names_of
from openprm.compliance.queries.results import ListRow, PolicyView, QuestionnaireView, VersionView
from openprm.compliance.rules import questions
from openprm.compliance.wording import ACTION, LAPSES, PARTNER_TYPE, SOURCES
from openprm.kernel.actor import Actor
from openprm.kernel.errors import NotFound

State = QuestionnaireVersion.State


def lists(actor: Actor) -> tuple[ListRow, ...]:
    """The sanctions lists, those of today first."""
    rows = list(newest_lists(actor).order_by("-is_current", "-imported_at")[:100])
    names = names_of(row.imported_by_id for row in rows)
    return tuple(_list(row, names) for row in rows)


def newest_lists(actor: Actor) -> QuerySet:
    return policies.reach_lists(actor)


def list_row(row: SanctionsList) -> ListRow:
    return _list(row, {})


def _list(row: SanctionsList, names: Mapping[UUID, str]) -> ListRow:
    title = f"{SOURCES[row.source]} {row.name}".strip()
    return ListRow(
        id=row.pk,
        source=row.source,
        title=title,
        list_date=row.list_date,
        sha256=row.sha256,
        file_name=row.file_name,
        entries=row.entries_count,
        names=row.names_count,
        is_current=row.is_current,
        imported_at=row.imported_at,
        imported_by=names.get(row.imported_by_id, "") if row.imported_by_id else "",
        created_at=row.created_at,
    )


def gate_policies(actor: Actor) -> tuple[PolicyView, ...]:
    """The gate policy, line by line. Partners read it too: it is published."""
    if not actor.can("compliance.view"):
        return ()
    kinds = dict(CertificateKind.objects.values_list("code", "name"))
    return tuple(_policy(row, kinds) for row in GatePolicy.objects.order_by("lapse", "subject", "id"))


def gate_policy(actor: Actor, policy_id: UUID) -> PolicyView:
    """Raises NotFound."""
    found = next((one for one in gate_policies(actor) if one.id == policy_id), None)
    if found is None:
        raise NotFound()
    return found


def _policy(row: GatePolicy, kinds: Mapping[str, str]) -> PolicyView:
    subjects: Mapping[str, Any] = kinds if row.lapse == "certificate" else PROOF_KINDS
    return PolicyView(
        id=row.pk, lapse=row.lapse, lapse_label=LAPSES[row.lapse], subject=row.subject, subject_label=subjects.get(row.subject, row.subject),
        actions=tuple(row.actions), action_labels=tuple(ACTION[one] for one in row.actions), includes_missing=row.includes_missing, grace_days=row.grace_days,
        partner_types=tuple(row.partner_types), partner_type_labels=tuple(PARTNER_TYPE[one] for one in row.partner_types), is_active=row.is_active,
        version=row.version,
    )  # fmt: skip


def country_classes() -> dict[str, tuple[str, str]]:
    """Level and note of each country in the table."""
    return {code: (level, note) for code, level, note in CountryRisk.objects.order_by("country").values_list("country", "level", "note")}


def questionnaire_choices(purpose: str) -> tuple[tuple[str, str], ...]:
    """The published questionnaires of a purpose: code and title."""
    return tuple(Questionnaire.objects.filter(purpose=purpose, versions__state=State.PUBLISHED).order_by("title").values_list("code", "title"))


def questionnaires(actor: Actor) -> tuple[QuestionnaireView, ...]:
    """Every questionnaire with what is asked today and its draft."""
    if not actor.sees_all_partners:
        return ()
    rows = Questionnaire.objects.prefetch_related("versions").order_by("purpose", "title")
    used = dict(QuestionnaireVersion.objects.annotate(n=Count("replies")).values_list("pk", "n"))
    return tuple(_questionnaire(row, used) for row in rows)


def _questionnaire(row: Any, used: Mapping[UUID, int]) -> QuestionnaireView:
    versions = list(row.versions.all())
    published = next((one for one in versions if one.state == State.PUBLISHED), None)
    draft = next((one for one in versions if one.state == State.DRAFT), None)
    return QuestionnaireView(
        id=row.pk, code=row.code, title=row.title, purpose=row.purpose, purpose_label=row.get_purpose_display(),
        published=_version(published, row, used.get(published.pk, 0)) if published else None, draft_id=draft.pk if draft else None, versions=len(versions),
    )  # fmt: skip


def version(actor: Actor, version_id: UUID) -> VersionView:
    """One version of a questionnaire, drafts too. Raises NotFound."""
    if not actor.sees_all_partners or not actor.can("compliance.view"):
        raise NotFound()
    row = QuestionnaireVersion.objects.select_related("questionnaire").one(version_id)
    return _version(row, row.questionnaire, row.replies.count())


def _version(row: QuestionnaireVersion, of: Questionnaire, replies: int) -> VersionView:
    return VersionView(
        id=row.pk, questionnaire_id=of.pk, title=of.title, code=of.code, purpose=of.purpose, number=row.number, state=row.state, intro=row.intro,
        questions=questions.read(row.questions), sha256=row.sha256, published_at=row.published_at, replies=replies, version=row.version,
    )  # fmt: skip
