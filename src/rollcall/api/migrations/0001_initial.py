import django.db.models.deletion
import rollcall.directory.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('directory', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='BulkJob',
            fields=[
                ('id', models.CharField(default=rollcall.directory.models.new_id, editable=False, max_length=24, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=8)),
                ('creation_source', models.CharField(blank=True, default='', max_length=64)),
                ('created', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='ScimGroupRecord',
            fields=[
                ('group', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='scim', serialize=False, to='directory.usergroup')),
                ('external_id', models.CharField(blank=True, db_index=True, default='', max_length=255)),
            ],
        ),
        migrations.CreateModel(
            name='ScimRecord',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='scim', serialize=False, to='directory.user')),
                ('user_name', models.CharField(blank=True, db_index=True, default='', max_length=255)),
                ('external_id', models.CharField(blank=True, db_index=True, default='', max_length=255)),
                ('more', models.JSONField(blank=True, default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='BulkResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveIntegerField()),
                ('result_id', models.CharField(default=rollcall.directory.models.new_id, max_length=24)),
                ('user_id', models.CharField(blank=True, default='', max_length=24)),
                ('status', models.CharField(max_length=16)),
                ('statusMsg', models.CharField(blank=True, default='', max_length=1024)),
                ('persistedFields', models.JSONField(default=dict)),
                ('created', models.DateTimeField(auto_now_add=True)),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='results', to='api.bulkjob')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('job', 'seq'), name='bulk_result_unique')],
            },
        ),
    ]
