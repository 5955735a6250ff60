from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
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
