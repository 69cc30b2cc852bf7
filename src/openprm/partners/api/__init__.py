"""Partners, programs and enrollments over the API: the same services and queries as the pages."""

from openprm.partners.api.enrollments import enrollments
from openprm.partners.api.partners import partners
from openprm.partners.api.programs import programs

ROUTERS = {"partners": partners, "programs": programs, "enrollments": enrollments}
