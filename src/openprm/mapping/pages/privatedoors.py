"""The pages of private comparisons, and the two addresses to which peers bring their messages."""

from typing import Any

from openprm.kernel.registry import Page
from openprm.mapping.pages import private, privatedoor

VIEW, COMPARE, PEERS = "mapping.view_private", "mapping.compare_private", "mapping.manage_peers"
GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")


def _page(path: str, view: Any, name: str, permission: str = VIEW, methods: tuple[str, ...] = GET) -> Page:
    return Page(path=f"account-mapping/private/{path}", view=view, name=f"private_{name}", workspace="vendor", permission=permission, methods=methods)


PEER, RUN = "peers/<uuid:peer_id>/", "comparisons/<uuid:run_id>/"
PAGES = (
    _page("", private.home, "home"),
    _page("key/", private.make_key, "key", PEERS, POST),
    _page("peers/new/", private.new_peer, "new_peer", PEERS, BOTH),
    _page(PEER, private.show_peer, "peer"),
    _page(f"{PEER}pin/", private.pin_peer, "pin", PEERS, POST),
    _page(f"{PEER}limits/", private.set_limits, "limits", PEERS, POST),
    _page(f"{PEER}change/", private.change_peer, "change_peer", PEERS, POST),
    _page(f"{PEER}revoke/", private.revoke_peer, "revoke", PEERS, POST),
    _page("comparisons/new/", private.start, "start", COMPARE, BOTH),
    _page(RUN, private.show_run, "run"),
    _page(f"{RUN}agree/", private.agree, "agree", COMPARE, POST),
    _page(f"{RUN}decline/", private.decline, "decline", COMPARE, POST),
    _page(f"{RUN}give-up/", private.drop, "drop", COMPARE, POST),
    _page(f"{RUN}names/", private.ask_names, "ask_names", COMPARE, POST),
    _page(f"{RUN}transcript/", private.transcript, "transcript"),
    _page(f"{RUN}companies.csv", private.export, "export", COMPARE),
    _page("verify/", private.verify, "verify", VIEW, BOTH),
    Page(path="psi/v1/heads", view=privatedoor.heads, name="private_heads", workspace="public", methods=POST),
    Page(path="psi/v1/messages/<str:name>/<int:offset>", view=privatedoor.pieces, name="private_pieces", workspace="public", methods=("PUT",)),
)
