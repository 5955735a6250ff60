import datetime
import django.db.models.deletion
import django.utils.timezone
import rollcall.directory.fields
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('directory', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TargetAccount',
            fields=[
                ('target', models.CharField(max_length=16, primary_key=True, serialize=False)),
                ('settings', models.JSONField(blank=True, default=dict)),
                ('sealed_secrets', models.BinaryField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='TargetChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('target', models.CharField(default='builtin', max_length=16)),
            ],
        ),
        migrations.CreateModel(
            name='Connection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255)),
                ('source', models.CharField(max_length=32)),
                ('key', models.CharField(max_length=64)),
                ('address', models.CharField(blank=True, default='', max_length=2048)),
                ('settings', models.JSONField(blank=True, default=dict)),
                ('target', models.CharField(default='builtin', max_length=16)),
                ('sealed_credentials', models.BinaryField(blank=True, null=True)),
                ('options', models.JSONField(blank=True, default=dict)),
                ('schedule', models.CharField(blank=True, choices=[('', 'Never'), ('hourly', 'Every hour'), ('daily', 'Every day'), ('weekly', 'Every Monday')], default='', max_length=8)),
                ('schedule_at', models.TimeField(default=datetime.time(6, 0))),
                ('schedule_review', models.BooleanField(default=False)),
                ('schedule_notify', models.CharField(blank=True, default='', max_length=255)),
                ('schedule_language', models.CharField(blank=True, default='', max_length=8)),
                ('portal_url', models.CharField(blank=True, default='', max_length=255)),
                ('created', models.DateTimeField(auto_now_add=True)),
                ('application', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='directory.application')),
            ],
        ),
        migrations.CreateModel(
            name='Run',
            fields=[
                ('executor', models.CharField(blank=True, default='', max_length=64)),
                ('epoch', models.PositiveIntegerField(default=0)),
                ('held_at', models.DateTimeField(blank=True, null=True)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(unique=True)),
                ('lane', models.CharField(max_length=100)),
                ('address', models.CharField(blank=True, default='', max_length=2048)),
                ('target', models.CharField(default='builtin', max_length=16)),
                ('organization', models.CharField(blank=True, default='', max_length=64)),
                ('trigger', models.CharField(default='cli', max_length=16)),
                ('started_by', models.CharField(blank=True, default='', max_length=255)),
                ('state', models.CharField(default='fetching', max_length=16)),
                ('review', models.BooleanField(default=False)),
                ('options', models.JSONField(blank=True, default=dict)),
                ('mapping_version', models.CharField(blank=True, default='', max_length=64)),
                ('expected', models.PositiveIntegerField(null=True)),
                ('fetched', models.PositiveIntegerField(default=0)),
                ('complete', models.BooleanField(default=False)),
                ('to_apply', models.PositiveIntegerField(default=0)),
                ('batch_count', models.PositiveIntegerField(null=True)),
                ('applied', models.PositiveIntegerField(default=0)),
                ('linked_to', models.PositiveIntegerField(default=0)),
                ('source_requests', models.PositiveIntegerField(default=0)),
                ('target_requests', models.PositiveIntegerField(default=0)),
                ('counts', models.JSONField(blank=True, default=dict)),
                ('warnings', models.JSONField(blank=True, default=list)),
                ('error_code', models.CharField(blank=True, default='', max_length=32)),
                ('error', models.TextField(blank=True, default='')),
                ('sealed_credentials', models.BinaryField(blank=True, null=True)),
                ('notify_email', models.CharField(blank=True, default='', max_length=255)),
                ('language', models.CharField(blank=True, default='', max_length=8)),
                ('portal_url', models.CharField(blank=True, default='', max_length=255)),
                ('live_threshold', models.PositiveIntegerField(default=100)),
                ('notified_at', models.DateTimeField(blank=True, null=True)),
                ('started_at', models.DateTimeField(auto_now_add=True)),
                ('next_try_at', models.DateTimeField(blank=True, null=True)),
                ('planned_at', models.DateTimeField(blank=True, null=True)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='imports.connection')),
                ('retry_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='imports.run')),
                ('started_by_user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='ChangeRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveIntegerField()),
                ('kind', models.CharField(max_length=16)),
                ('employee_id', models.CharField(max_length=128)),
                ('starts_on', models.DateField(blank=True, null=True)),
                ('name', models.CharField(blank=True, default='', max_length=2100)),
                ('sort_name', models.CharField(blank=True, default='', max_length=64)),
                ('search_text', rollcall.directory.fields.SearchField(of=('name', 'email'))),
                ('email', models.CharField(blank=True, default='', max_length=1100)),
                ('user_id', models.CharField(blank=True, default='', max_length=64)),
                ('fields', models.JSONField(default=list)),
                ('external_id', models.CharField(blank=True, default='', max_length=64)),
                ('manager', models.JSONField(null=True)),
                ('wave', models.PositiveIntegerField(default=0)),
                ('with_whom', models.JSONField(default=list)),
                ('reason', models.JSONField()),
                ('warnings', models.JSONField(default=list)),
                ('row', models.PositiveIntegerField(null=True)),
                ('takeover', models.JSONField(null=True)),
                ('asks', models.CharField(blank=True, default='', max_length=16)),
                ('ticked', models.BooleanField(db_default=False)),
                ('chosen', models.BooleanField(default=True)),
                ('result', models.CharField(blank=True, default='', max_length=16)),
                ('error', models.JSONField(null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='imports.run')),
            ],
            options={
                'ordering': ['seq'],
            },
        ),
        migrations.CreateModel(
            name='BatchRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=64)),
                ('wave', models.PositiveIntegerField(default=0)),
                ('first', models.PositiveIntegerField(default=0)),
                ('last', models.PositiveIntegerField(default=0)),
                ('begun', models.BooleanField(default=False)),
                ('job', models.CharField(blank=True, default='', max_length=128)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='batches', to='imports.run')),
            ],
        ),
        migrations.CreateModel(
            name='StagedEmployee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('employee_id', models.CharField(max_length=128)),
                ('record', models.JSONField()),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='staged', to='imports.run')),
            ],
        ),
        migrations.CreateModel(
            name='Tombstone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.CharField(max_length=64)),
                ('digest', models.CharField(max_length=64)),
                ('erased_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('met_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'digest'), name='tombstone_one_a_person')],
            },
        ),
        migrations.CreateModel(
            name='UploadedFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed', models.BinaryField()),
                ('kept_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='directory.application')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name='connection',
            constraint=models.UniqueConstraint(condition=models.Q(('application', None)), fields=('key', 'target'), name='connection_one_per_account'),
        ),
        migrations.AddConstraint(
            model_name='run',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['fetching', 'planning', 'applying', 'linking'])), fields=('lane',), name='run_one_active_per_lane'),
        ),
        migrations.AddIndex(
            model_name='changerecord',
            index=models.Index(fields=['run', 'kind', 'seq'], name='change_run_kind_seq'),
        ),
        migrations.AddIndex(
            model_name='changerecord',
            index=models.Index(fields=['run', 'result', 'seq'], name='change_run_result_seq'),
        ),
        migrations.AddIndex(
            model_name='changerecord',
            index=models.Index(fields=['run', 'sort_name'], name='change_run_sort_name'),
        ),
        migrations.AddIndex(
            model_name='changerecord',
            index=models.Index(condition=models.Q(('chosen', False)), fields=['run', 'kind'], name='change_run_left_out'),
        ),
        migrations.AddIndex(
            model_name='changerecord',
            index=models.Index(condition=models.Q(('asks', ''), _negated=True), fields=['run', 'seq'], name='change_run_asks'),
        ),
        migrations.AddIndex(
            model_name='changerecord',
            index=models.Index(fields=['user_id'], name='change_user'),
        ),
        migrations.AddIndex(
            model_name='changerecord',
            index=models.Index(condition=models.Q(('starts_on__isnull', False)), fields=['run', 'starts_on'], name='change_run_starts'),
        ),
        migrations.AddConstraint(
            model_name='changerecord',
            constraint=models.UniqueConstraint(fields=('run', 'seq'), name='change_seq_unique'),
        ),
        migrations.AddConstraint(
            model_name='changerecord',
            constraint=models.UniqueConstraint(fields=('run', 'employee_id'), name='change_employee_unique'),
        ),
        migrations.AddConstraint(
            model_name='batchrecord',
            constraint=models.UniqueConstraint(fields=('run', 'name'), name='batch_unique'),
        ),
        migrations.AddConstraint(
            model_name='stagedemployee',
            constraint=models.UniqueConstraint(fields=('run', 'employee_id'), name='staged_employee_unique'),
        ),
        migrations.AddConstraint(
            model_name='uploadedfile',
            constraint=models.UniqueConstraint(fields=('application', 'owner'), name='uploaded_file_one_of_each'),
        ),
    ]
