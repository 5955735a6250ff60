import django.core.serializers.json
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('timestamp', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('service', models.CharField(default='directory', max_length=32)),
                ('event_type', models.CharField(max_length=64)),
                ('action', models.CharField(max_length=64)),
                ('door', models.CharField(max_length=16)),
                ('actor_type', models.CharField(max_length=16)),
                ('actor_id', models.CharField(blank=True, default='', max_length=64)),
                ('actor_name', models.CharField(max_length=255)),
                ('client_ip', models.CharField(blank=True, default='', max_length=64)),
                ('success', models.BooleanField(default=True)),
                ('reason', models.CharField(blank=True, default='', max_length=255)),
                ('target_type', models.CharField(blank=True, default='', max_length=32)),
                ('target_id', models.CharField(blank=True, default='', max_length=64)),
                ('target_name', models.CharField(blank=True, default='', max_length=255)),
                ('changes', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('details', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
            ],
            options={
                'indexes': [models.Index(fields=['action', 'timestamp'], name='audit_action'), models.Index(fields=['door', 'timestamp'], name='audit_door'), models.Index(fields=['actor_name', 'timestamp'], name='audit_actor'), models.Index(fields=['target_id', 'timestamp'], name='audit_target')],
            },
        ),
    ]
