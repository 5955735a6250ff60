import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('number', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('first', models.BigIntegerField()),
                ('last', models.BigIntegerField(unique=True)),
                ('count', models.PositiveIntegerField()),
                ('sealed_at', models.DateTimeField()),
                ('leaves', models.BinaryField(default=b'')),
                ('root', models.BinaryField()),
                ('previous', models.BinaryField()),
                ('digest', models.BinaryField()),
                ('signature', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='SigningKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed', models.BinaryField()),
                ('created', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('seals', models.PositiveBigIntegerField()),
                ('events', models.PositiveBigIntegerField()),
                ('hole', models.CharField(blank=True, default='', max_length=32)),
                ('hole_seal', models.PositiveBigIntegerField(default=0)),
                ('hole_event', models.BigIntegerField(default=0)),
            ],
        ),
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
        migrations.CreateModel(
            name='Cut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('reason', models.CharField(choices=[('retention', 'Kept long enough'), ('erasure', 'A person was erased')], max_length=16)),
                ('door', models.CharField(max_length=16)),
                ('by', models.CharField(max_length=255)),
                ('count', models.PositiveIntegerField()),
                ('removed', models.BinaryField(default=b'')),
                ('redacted', models.BinaryField(default=b'')),
                ('signature', models.BinaryField()),
                ('seal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cuts', to='audit.seal')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
    ]
