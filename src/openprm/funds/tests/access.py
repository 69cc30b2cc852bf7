"""Who gets which answer at each door of the funds room."""

from openprm.funds.tests import access_extras

ACCESS = access_extras.ACCESS
ARGS = access_extras.ARGS
