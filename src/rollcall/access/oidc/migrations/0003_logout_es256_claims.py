import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('oidc', '0002_where_sign_on_begins'),
    ]

    operations = [
        migrations.AddField(
            model_name='client',
            name='backchannel_logout_session_required',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='client',
            name='backchannel_logout_uri',
            field=models.CharField(blank=True, default='', max_length=2048),
        ),
        migrations.AddField(
            model_name='client',
            name='claims',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='client',
            name='has_own_tokens',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='client',
            name='id_token_signed_response_alg',
            field=models.CharField(choices=[('RS256', 'RS256'), ('ES256', 'ES256')], default='RS256', max_length=8),
        ),
        migrations.AddField(
            model_name='signingkey',
            name='algorithm',
            field=models.CharField(choices=[('RS256', 'RS256'), ('ES256', 'ES256')], default='RS256', max_length=8),
        ),
        migrations.AddField(
            model_name='signon',
            name='address',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AddField(
            model_name='signon',
            name='logout_attempts',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='signon',
            name='logout_due',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='signon',
            name='logout_told',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='signon',
            name='proved',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='signon',
            name='sid',
            field=models.CharField(blank=True, db_index=True, default='', max_length=64),
        ),
        migrations.AddIndex(
            model_name='signon',
            index=models.Index(condition=models.Q(('logout_due__isnull', False)), fields=['logout_due'], name='sign_on_logout_due'),
        ),
        migrations.CreateModel(
            name='FeedPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cursor', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='OwnToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('expires', models.DateTimeField(db_index=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='own_tokens', to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL)),
            ],
        ),
    ]
