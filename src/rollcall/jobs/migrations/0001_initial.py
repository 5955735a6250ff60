from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='ClockReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('leapt_from', models.DateTimeField(blank=True, null=True)),
                ('leapt_to', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Worker',
            fields=[
                ('executor', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('host', models.CharField(max_length=255)),
                ('place', models.CharField(blank=True, default='', max_length=128)),
                ('pid', models.PositiveIntegerField()),
                ('process_started', models.FloatField()),
                ('beat_at', models.DateTimeField()),
                ('carries', models.JSONField(blank=True, default=list)),
            ],
        ),
    ]
