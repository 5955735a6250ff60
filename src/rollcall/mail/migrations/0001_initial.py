from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Notifications',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('live_threshold', models.PositiveIntegerField(default=100)),
                ('sender', models.CharField(blank=True, default='', max_length=255)),
            ],
        ),
        migrations.CreateModel(
            name='OutgoingMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.CharField(max_length=255, unique=True)),
                ('recipient', models.CharField(max_length=1100)),
                ('purpose', models.CharField(max_length=32)),
                ('about_type', models.CharField(blank=True, default='', max_length=32)),
                ('about_id', models.CharField(blank=True, default='', max_length=64)),
                ('content', models.BinaryField(blank=True, default=b'')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sent', 'Sent'), ('given_up', 'Given up')], default='waiting', max_length=8)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('error', models.CharField(blank=True, default='', max_length=64)),
                ('due_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('claimed_until', models.DateTimeField(blank=True, null=True)),
                ('created', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='outgoing_message_due'), models.Index(fields=['about_type', 'about_id'], name='outgoing_message_about')],
            },
        ),
    ]
