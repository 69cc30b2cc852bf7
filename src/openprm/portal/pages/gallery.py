"""The component gallery: every piece of the product, live, for those who build or brand it."""

from django.http import HttpResponse

from openprm.kernel.http import Request, page
from openprm.portal.pages.specimen import ListSpecimen, SpecimenForm


def gallery(request: Request) -> HttpResponse:
    specimen = ListSpecimen(request)
    return specimen.part() or page(request, "portal/gallery.html", form=SpecimenForm.refused(), list=specimen.view())
