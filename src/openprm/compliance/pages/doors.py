"""The pages, navigation and panels that compliance contributes."""

from django.utils.translation import gettext_lazy as _

from openprm.compliance import queries
from openprm.compliance.pages import cases, lists, panels, papers, portal, questionnaires, setup
from openprm.kernel.registry import HomePanel, NavItem, ObjectPanel, Page, SettingsPage

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
ONE = "compliance/cases/<uuid:case_id>/"
SETTINGS = "compliance/settings/"
VERSION = f"{SETTINGS}questionnaires/versions/<uuid:version_id>/"


def _vendor(path: str, view, name: str, permission: str = "compliance.view", methods: tuple[str, ...] = GET) -> Page:
    return Page(path=path, view=view, name=name, workspace="vendor", permission=permission, methods=methods)


def _portal(path: str, view, name: str, permission: str = "compliance.view_papers", methods: tuple[str, ...] = GET) -> Page:
    return Page(path=path, view=view, name=f"portal_{name}", workspace="partner", permission=permission, methods=methods)


PAGES = (
    _vendor("compliance/", lists.list_cases, "cases"),
    _vendor("compliance/open/", lists.open_cases, "open_cases", "compliance.review", POST),
    _vendor(ONE, cases.case, "case"),
    _vendor(f"{ONE}send/", cases.send_questionnaire, "case_send", "compliance.review", POST),
    _vendor(f"{ONE}screen/", cases.screen, "case_screen", "compliance.review", POST),
    _vendor(f"{ONE}factors/", cases.factors, "case_factors", "compliance.review", POST),
    _vendor(f"{ONE}flags/", cases.flag, "case_flag", "compliance.review", POST),
    _vendor(f"{ONE}references/", cases.reference, "case_reference", "compliance.review", POST),
    _vendor(f"{ONE}approve/", cases.approve, "case_approve", "compliance.approve", POST),
    _vendor(f"{ONE}decline/", cases.decline, "case_decline", "compliance.approve", POST),
    _vendor(f"{ONE}reopen/", cases.reopen, "case_reopen", "compliance.review", POST),
    _vendor("compliance/flags/<uuid:flag_id>/resolve/", cases.resolve, "flag_resolve", "compliance.review", POST),
    _vendor("compliance/files/<uuid:document_id>/", cases.document, "document", "compliance.view_papers"),
    _vendor("compliance/answers/", lists.list_replies, "replies", "compliance.view_papers"),
    _vendor("compliance/answers/<uuid:reply_id>/", papers.reply, "reply", "compliance.view_papers"),
    _vendor("compliance/answers/<uuid:reply_id>/return/", papers.return_reply, "reply_return", "compliance.review", POST),
    _vendor("compliance/answers/<uuid:reply_id>/accept/", papers.accept_esg, "reply_accept", "compliance.review", POST),
    _vendor("compliance/esg/<uuid:partner_id>/", papers.request_esg, "request_esg", "compliance.review", POST),
    _vendor("compliance/certificates/", lists.list_certificates, "certificates"),
    _vendor("compliance/certificates/<uuid:certificate_id>/", papers.certificate, "certificate"),
    _vendor("compliance/certificates/<uuid:certificate_id>/check/", papers.check_certificate, "certificate_check", "compliance.review", POST),
    _vendor("compliance/verifications/", lists.list_verifications, "verifications", "compliance.view_papers"),
    _vendor("compliance/verifications/<uuid:verification_id>/", papers.verification, "verification", "compliance.view_papers"),
    _vendor("compliance/verifications/<uuid:verification_id>/decide/", papers.decide_verification, "verification_decide", "compliance.review", POST),
    _vendor("compliance/verifications/<uuid:verification_id>/reopen/", papers.reopen_verification, "verification_reopen", "compliance.review", POST),
    _vendor("compliance/lists/", setup.lists, "lists"),
    _vendor("compliance/lists/import/", setup.lists, "list_import", "compliance.configure", BOTH),
    _vendor(f"{SETTINGS}gates/", setup.policies, "policies"),
    _vendor(f"{SETTINGS}gates/add/", setup.policies, "policy_add", "compliance.configure", BOTH),
    _vendor(f"{SETTINGS}gates/<uuid:policy_id>/", setup.policy, "policy", "compliance.configure", BOTH),
    _vendor(f"{SETTINGS}gates/<uuid:policy_id>/remove/", setup.remove_policy, "policy_remove", "compliance.configure", POST),
    _vendor(f"{SETTINGS}countries/", setup.countries, "countries"),
    _vendor(f"{SETTINGS}countries/set/", setup.countries, "country_set", "compliance.configure", BOTH),
    _vendor(f"{SETTINGS}certificates/", setup.kinds, "kinds"),
    _vendor(f"{SETTINGS}certificates/add/", setup.kinds, "kind_add", "compliance.configure", BOTH),
    _vendor(f"{SETTINGS}certificates/<uuid:kind_id>/", setup.kind, "kind", "compliance.configure", BOTH),
    _vendor(f"{SETTINGS}questionnaires/", questionnaires.questionnaires, "questionnaires"),
    _vendor(f"{SETTINGS}questionnaires/add/", questionnaires.questionnaires, "questionnaire_add", "compliance.configure", BOTH),
    _vendor(f"{SETTINGS}questionnaires/<uuid:questionnaire_id>/draft/", questionnaires.start_draft, "questionnaire_draft", "compliance.configure", POST),
    _vendor(VERSION, questionnaires.version, "questionnaire_version"),
    _vendor(f"{VERSION}question/", questionnaires.put_question, "question_put", "compliance.configure", POST),
    _vendor(f"{VERSION}intro/", questionnaires.set_intro, "questionnaire_intro", "compliance.configure", POST),
    _vendor(f"{VERSION}arrange/", questionnaires.arrange, "question_arrange", "compliance.configure", POST),
    _vendor(f"{VERSION}publish/", questionnaires.publish, "questionnaire_publish", "compliance.configure", POST),
    _vendor(f"{VERSION}discard/", questionnaires.discard, "questionnaire_discard", "compliance.configure", POST),
    _portal("compliance/", portal.compliance, "compliance", "compliance.view"),
    _portal("compliance/answers/<uuid:reply_id>/", portal.reply, "reply", methods=BOTH),
    _portal("compliance/certificates/new/", portal.new_certificate, "certificate_new", "compliance.answer", BOTH),
    _portal("compliance/certificates/<uuid:certificate_id>/withdraw/", portal.withdraw_certificate, "certificate_withdraw", "compliance.answer", POST),
    _portal("compliance/verifications/start/<slug:kind>/", portal.start_verification, "verification_start", "compliance.answer", POST),
    _portal("compliance/verifications/<uuid:verification_id>/", portal.verification, "verification", methods=BOTH),
    _portal("compliance/owners/", portal.add_owner, "owner_add", "compliance.answer", POST),
    _portal("compliance/owners/<uuid:owner_id>/remove/", portal.remove_owner, "owner_remove", "compliance.answer", POST),
    _portal("compliance/files/<uuid:document_id>/", portal.document, "document"),
    _portal("compliance/files/<uuid:document_id>/remove/", portal.remove_document, "document_remove", "compliance.answer", POST),
)
NAV = (
    NavItem(
        label=_("Due diligence"),
        url_name="compliance:cases",
        icon="shield-alert",
        workspace="vendor",
        group=_("Govern"),
        order=10,
        permission="compliance.view",
        count=queries.waiting_count,
    ),
    NavItem(
        label=_("Compliance"),
        url_name="compliance:portal_compliance",
        icon="badge-check",
        group=_("Your partnership"),
        workspace="partner",
        order=30,
        permission="compliance.view",
        count=queries.waiting_count,
        hot=True,
    ),
)
HOME_PANELS = (
    HomePanel(
        key="compliance.todos", workspace="partner", slot="side", template="compliance/panels/todos.html", context=panels.portal_home, order=40,
        permission="compliance.answer",
    ),
)  # fmt: skip
OBJECT_PANELS = (
    ObjectPanel(
        key="compliance.partner", target="partner", workspace="vendor", slot="side", template="compliance/panels/partner.html", context=panels.vendor_partner,
        order=40, permission="compliance.view",
    ),
)  # fmt: skip
SETTINGS_PAGES = (
    SettingsPage(
        label=_("Compliance"), about=_("Which lapse closes what, questionnaires, country classes and kinds of certificates."), url_name="compliance:policies",
        icon="shield-alert", workspace="vendor", permission="compliance.view", order=70,
    ),
)  # fmt: skip
