"""What a new installation begins with: country classes, questionnaires, kinds of certificates, the gate policy."""

import hashlib
import json

from django.db import migrations

from openprm.compliance.rules import defaults, questions
from openprm.kernel.clock import now


def begin(apps, schema_editor):
    models = {name: apps.get_model("compliance", name)._default_manager for name in ("CountryRisk", "CertificateKind", "GatePolicy", "Questionnaire", "QuestionnaireVersion")}
    at = now()
    models["CountryRisk"].bulk_create([models["CountryRisk"].model(country=country, level=level) for country, level in defaults.COUNTRIES.items()])
    for code, name, about in defaults.CERTIFICATE_KINDS:
        models["CertificateKind"].create(code=code, name=name, about=about)
    for policy in defaults.POLICIES:
        models["GatePolicy"].create(in_force_since=at, **policy)
    for code, title, purpose, days, asked, intro in defaults.QUESTIONNAIRES:
        questionnaire = models["Questionnaire"].create(code=code, title=title, purpose=purpose, answer_days=days)
        plain = [one.plain() for one in questions.read(asked)]
        fingerprint = hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
        models["QuestionnaireVersion"].create(
            questionnaire=questionnaire, number=1, state="published", intro=intro, questions=plain, sha256=fingerprint, published_at=at
        )


class Migration(migrations.Migration):
    dependencies = [("compliance", "0002_guards")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
