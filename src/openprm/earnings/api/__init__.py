"""The API of earnings: one router per resource."""

from openprm.earnings.api import asked, lines

ROUTERS = {
    "earnings": lines.router,
    "earning-alerts": lines.alerts,
    "earning-statements": asked.statements,
    "earning-adjustments": asked.adjustments,
    "bounties": asked.bounties,
}
