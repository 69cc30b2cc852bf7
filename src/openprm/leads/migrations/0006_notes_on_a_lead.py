"""What is said on a lead: read by the side it is for while that side reads the customer; a partner's own notes by nobody of the vendor."""

import django.db.models.deletion
import openprm.kernel.ids
import openprm.leads.rules.notes
from django.conf import settings
from django.db import migrations, models

from openprm.kernel.migrations import RowLevelSecurity

READS = (
    "partner_id = any ((select openprm_partners())::uuid[]) and exists (select 1 from leads_offer o where o.lead_id = leads_leadnote.lead_id "
    "and o.partner_id = leads_leadnote.partner_id and o.opened_at is not null and o.state in ('opened', 'accepted', 'ended'))"
)
# People of the vendor work under the role that reads all rows; the system does too, and names no person.
NOT_THE_PARTNERS_OWN = "(audience = 'shared' or author_side = 'vendor' or coalesce(current_setting('openprm.actor', true), '') = '')"
PRIVATE = f"""
create policy private_of_the_partner on leads_leadnote as restrictive to openprm_vendor
  using {NOT_THE_PARTNERS_OWN} with check {NOT_THE_PARTNERS_OWN}
"""

class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0003_the_whole_life_of_an_organization'),
        ('leads', '0005_program_and_wish'),
        ('kernel', '0001_partner_set_and_refusals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LeadNote',
            fields=[
                ('id', models.UUIDField(default=openprm.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('audience', models.CharField(default=openprm.leads.rules.notes.Audience['SHARED'], max_length=10)),
                ('author_name', models.CharField(blank=True, max_length=120)),
                ('author_side', models.CharField(max_length=10)),
                ('body', models.TextField(max_length=4000)),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='leads.lead')),
                ('partner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.organization')),
            ],
            options={
                'verbose_name': 'note on a lead',
                'indexes': [models.Index(models.F('lead'), models.OrderBy(models.F('created_at'), descending=True), name='lead_note_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('audience__in', ['shared', 'private'])), name='lead_note_audience_known'), models.CheckConstraint(condition=models.Q(('author_side__in', ['vendor', 'partner'])), name='lead_note_side_known'), models.CheckConstraint(condition=models.Q(('body', ''), _negated=True), name='lead_note_says_something'), models.CheckConstraint(condition=models.Q(models.Q(('audience', 'private'), ('author_side', 'vendor'), ('partner', None)), models.Q(models.Q(('audience', 'private'), ('author_side', 'vendor'), _negated=True), ('partner__isnull', False)), _connector='OR'), name='lead_note_is_with_somebody')],
            },
        ),
        RowLevelSecurity("leads_leadnote", partner_read=READS),
        migrations.RunSQL(PRIVATE, reverse_sql="drop policy private_of_the_partner on leads_leadnote"),
    ]
