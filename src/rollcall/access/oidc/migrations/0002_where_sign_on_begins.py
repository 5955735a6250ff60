from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('oidc', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='client',
            name='initiate_login_uri',
            field=models.CharField(blank=True, default='', max_length=2048),
        ),
    ]
