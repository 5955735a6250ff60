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
    ]
