"""The pages, navigation and panels that payouts contributes."""

from django.utils.translation import gettext_lazy as _

from openprm.kernel.registry import HomePanel, NavItem, Page, SettingsPage
from openprm.payouts import queries
from openprm.payouts.pages import computed, desk, lists, panels, payees, portal

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
RUN, PAYMENT, PAYEE = "payouts/runs/<uuid:run_id>/", "payouts/payments/<uuid:payout_id>/", "payouts/payees/<uuid:partner_id>/"
ACCOUNT = "payouts/accounts/<uuid:account_id>/"


def _vendor(path: str, view, name: str, permission: str = "payouts.view", methods: tuple[str, ...] = GET) -> Page:
    return Page(path=path, view=view, name=name, workspace="vendor", permission=permission, methods=methods)


def _portal(path: str, view, name: str, permission: str = "payouts.view", methods: tuple[str, ...] = GET) -> Page:
    return Page(path=path, view=view, name=f"portal_{name}", workspace="partner", permission=permission, methods=methods)


PAGES = (
    _vendor("payouts/", computed.desk, "desk"),
    _vendor("payouts/prepare/", desk.prepare, "prepare", "payouts.prepare", POST),
    _vendor("payouts/runs/", lists.list_runs, "runs"),
    _vendor(RUN, desk.run, "run"),
    _vendor(f"{RUN}approve/", desk.approve, "run_approve", "payouts.approve", POST),
    _vendor(f"{RUN}cancel/", desk.cancel, "run_cancel", "payouts.prepare", POST),
    _vendor(f"{RUN}send/", desk.send, "run_send", "payouts.prepare", POST),
    _vendor("payouts/payments/", lists.list_payments, "payments"),
    _vendor(PAYMENT, desk.payout, "payout"),
    _vendor(f"{PAYMENT}take-out/", desk.take_out, "payout_take_out", "payouts.prepare", POST),
    _vendor(f"{PAYMENT}settle/", desk.settle, "payout_settle", "payouts.prepare", POST),
    _vendor(f"{PAYMENT}send-back/", desk.send_back, "payout_send_back", "payouts.prepare", POST),
    _vendor(f"{PAYMENT}advice/", desk.advice, "advice"),
    _vendor("payouts/files/<uuid:file_id>/", desk.file, "file", "payouts.prepare"),
    _vendor("payouts/files/<uuid:file_id>/hand-over/", desk.hand_over, "hand_over", "payouts.prepare", POST),
    _vendor("payouts/statements/", desk.statements, "statements", "payouts.prepare", BOTH),
    _vendor("payouts/payees/", computed.payees, "payees"),
    _vendor(PAYEE, payees.payee, "payee"),
    _vendor(f"{PAYEE}refresh/", payees.refresh, "payee_refresh", "payouts.check", POST),
    _vendor(f"{ACCOUNT}start/", payees.start_verifying, "account_start", "payouts.check", POST),
    _vendor(f"{ACCOUNT}verify/", payees.verify, "account_verify", "payouts.check", POST),
    _vendor(f"{ACCOUNT}reject/", payees.reject, "account_reject", "payouts.check", POST),
    _vendor("payouts/forms/<uuid:form_id>/check/", payees.check_form, "form_check", "payouts.check", POST),
    _vendor("payouts/documents/<uuid:document_id>/", payees.document, "document", "payouts.check"),
    _vendor("payouts/settings/", payees.paying, "paying", "payouts.configure", BOTH),
    _vendor("payouts/settings/<uuid:account_id>/off/", payees.paying_off, "paying_off", "payouts.configure", POST),
    _portal("payouts/", lists.portal_payouts, "payouts"),
    _portal("payouts/profile/", portal.profile, "profile"),
    _portal("payouts/profile/save/", portal.save_payee, "payee_save", "payouts.give", POST),
    _portal("payouts/profile/account/", portal.enter_account, "account_enter", "payouts.give", POST),
    _portal("payouts/profile/account/<uuid:account_id>/code/", portal.confirm, "account_code", "payouts.give", POST),
    _portal("payouts/profile/form/", portal.submit_form, "form_submit", "payouts.give", POST),
    _portal("payouts/profile/invoice/", portal.send_invoice, "invoice_send", "payouts.give", POST),
    _portal("payouts/profile/refresh/", portal.refresh, "refresh", "payouts.give", POST),
    _portal("payouts/documents/<uuid:document_id>/", portal.document, "document"),
    _portal("payouts/<uuid:payout_id>/", portal.payout, "payout"),
    _portal("payouts/<uuid:payout_id>/advice/", portal.advice, "advice"),
    Page(path="payouts/events/<slug:code>/", view=payees.provider_event, name="provider_event", workspace="public", methods=POST),
)
NAV = (
    NavItem(
        label=_("Payouts"), url_name="payouts:desk", icon="wallet", workspace="vendor", group=_("Pay"), order=440, permission="payouts.view",
        count=queries.waiting_count, hot=True,
    ),
    NavItem(
        label=_("Payouts"), url_name="payouts:portal_payouts", icon="wallet", workspace="partner", group=_("Pay"), order=90, permission="payouts.view",
    ),
)  # fmt: skip
HOME_PANELS = (
    HomePanel(
        key="payouts.home", workspace="partner", slot="side", template="payouts/panels/portal_home.html", context=panels.portal_home, order=30,
        permission="payouts.view",
    ),
)  # fmt: skip
SETTINGS_PAGES = (
    SettingsPage(
        label=_("Paying accounts"), about=_("The bank accounts and the payment provider that partners are paid from."), url_name="payouts:paying",
        icon="landmark", workspace="vendor", permission="payouts.configure", order=75,
    ),
)  # fmt: skip
