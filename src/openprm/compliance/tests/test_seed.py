import pytest

from openprm.compliance.models import CertificateKind, CountryRisk, GatePolicy, QuestionnaireVersion
from openprm.kernel.scope import system_scope

pytestmark = pytest.mark.django_db


def test_a_new_installation_begins_with_tables_questionnaires_and_a_gate_policy():
    with system_scope():
        published = QuestionnaireVersion.objects.filter(state="published").values_list("questionnaire__code", "number")
        assert sorted(published) == [("basic", 1), ("enhanced", 1), ("esg", 1), ("standard", 1)]
        assert CountryRisk.objects.get(country="FI").level == "low"
        assert CertificateKind.objects.filter(code="iso-27001").exists()
        assert list(GatePolicy.objects.filter(lapse="verification").values_list("subject", "actions", "includes_missing")) == [("business", ["payouts"], True)]
