"""The pages, navigation and panels that co-selling contributes. Both sides have the same room; what stands in it differs by what
its reader may know."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from openprm.cosell import queries
from openprm.cosell.pages import lists, members, opening, panels, rooms
from openprm.kernel.registry import HomePanel, NavItem, ObjectPanel, Page

ONE = "co-selling/<uuid:engagement_id>/"
GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
ACT = "cosell.act"


def _both(path: str, view: Any, name: str, permission: str = "cosell.view", methods: tuple[str, ...] = GET) -> tuple[Page, Page]:
    return (
        Page(path=path, view=view, name=name, workspace="vendor", permission=permission, methods=methods),
        Page(path=path, view=view, name=f"portal_{name}", workspace="partner", permission=permission, methods=methods),
    )


PAGES = (
    *_both("co-selling/", lists.list_open, "engagements"),
    *_both("co-selling/closed/", lists.list_closed, "closed"),
    *_both("co-selling/invitations/", lists.list_invitations, "invitations"),
    *_both("co-selling/open/", opening.open_engagement, "open", ACT, BOTH),
    *_both("co-selling/invitations/<uuid:invitation_id>/", opening.invitation, "invitation"),
    *_both("co-selling/invitations/<uuid:invitation_id>/accept/", opening.accept, "invitation_accept", ACT, POST),
    *_both("co-selling/invitations/<uuid:invitation_id>/reject/", opening.reject, "invitation_reject", ACT, POST),
    *_both("co-selling/invitations/<uuid:invitation_id>/cancel/", opening.cancel, "invitation_cancel", ACT, POST),
    *_both("co-selling/files/<uuid:document_id>/", rooms.document, "document"),
    *_both("co-selling/asks/<uuid:need_id>/", rooms.need, "need"),
    *_both(ONE, rooms.show, "engagement"),
    *_both(f"{ONE}edit/", opening.edit, "edit", ACT, BOTH),
    *_both(f"{ONE}invite/", rooms.invite, "invite", ACT, POST),
    *_both(f"{ONE}close/", rooms.close, "close", ACT, POST),
    *_both(f"{ONE}stage/", rooms.stage, "stage", ACT, POST),
    *_both(f"{ONE}leave/", rooms.leave, "leave", ACT, POST),
    *_both(f"{ONE}members/<uuid:party_id>/", members.member, "member_act", ACT, BOTH),
    *_both(f"{ONE}notes/", rooms.note, "note", ACT, POST),
    *_both(f"{ONE}next-steps/", rooms.next_step, "next_step", ACT, POST),
    *_both(f"{ONE}tasks/", rooms.task, "task", ACT, POST),
    *_both(f"{ONE}tasks/<uuid:task_id>/", rooms.task_act, "task_act", ACT, POST),
    *_both(f"{ONE}files/", rooms.add_file, "file", ACT, POST),
    *_both(f"{ONE}files/<uuid:document_id>/remove/", rooms.remove_file, "file_remove", ACT, POST),
    *_both(f"{ONE}asks/", rooms.ask, "ask", ACT, POST),
    *_both(f"{ONE}asks/<uuid:need_id>/", rooms.need_act, "need_act", ACT, POST),
    *_both(f"{ONE}record/", rooms.record, "record", ACT, POST),
    Page(path="co-selling/connections/", view=opening.connections, name="portal_connections", workspace="partner", permission="cosell.connect", methods=BOTH),
)
NAV = (
    NavItem(
        label=_("Co-selling"),
        url_name="cosell:engagements",
        icon="handshake",
        workspace="vendor",
        group=_("Sell together"),
        order=215,
        permission="cosell.view",
        count=queries.pending_count,
        hot=True,
    ),
    NavItem(
        label=_("Co-selling"),
        url_name="cosell:portal_engagements",
        icon="handshake",
        workspace="partner",
        group=_("Sell"),
        order=45,
        permission="cosell.view",
        count=queries.pending_count,
        hot=True,
    ),
)


def _panel(key: str, target: str, workspace: Any, context: Any, slot: Any = "side") -> ObjectPanel:
    return ObjectPanel(
        key=key, target=target, workspace=workspace, template="cosell/panel.html", context=context, slot=slot, order=40, permission="cosell.view"
    )


OBJECT_PANELS = (
    _panel("cosell.registration", "registration", "vendor", panels.registration),
    _panel("cosell.portal_registration", "registration", "partner", panels.registration),
    _panel("cosell.partner", "partner", "vendor", panels.partner, "main"),
)
HOME_PANELS = (
    HomePanel(
        key="cosell.invitations",
        workspace="partner",
        slot="top",
        template="cosell/home.html",
        context=panels.portal_home,
        order=30,
        permission="cosell.view",
    ),
)
