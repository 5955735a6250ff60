import django.db.models.deletion
import rollcall.directory.models
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
            name='SigningKey',
            fields=[
                ('kid', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('private', models.BinaryField()),
                ('public', models.JSONField()),
                ('created', models.DateTimeField(auto_now_add=True)),
                ('signs_from', models.DateTimeField()),
                ('published_until', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'signing key of OpenID Connect',
                'verbose_name_plural': 'signing keys of OpenID Connect',
            },
        ),
        migrations.CreateModel(
            name='Client',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('redirect_uris', models.TextField(blank=True, help_text='Allowed URIs list, space separated', verbose_name='redirect URIs')),
                ('post_logout_redirect_uris', models.TextField(blank=True, default='', help_text='Allowed Post Logout URIs list, space separated', verbose_name='post logout redirect URIs')),
                ('client_type', models.CharField(choices=[('confidential', 'Confidential'), ('public', 'Public')], max_length=32, verbose_name='client type')),
                ('created', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('client_id', models.CharField(default=rollcall.directory.models.new_id, editable=False, max_length=64, unique=True)),
                ('client_secret', models.CharField(blank=True, default='', max_length=64)),
                ('auth_method', models.CharField(choices=[('client_secret', 'Client Secret Basic or POST'), ('client_secret_basic', 'Client Secret Basic'), ('client_secret_post', 'Client Secret POST'), ('none', 'Public (None PKCE)')], default='client_secret', max_length=32)),
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='oidc_client', to='directory.application')),
            ],
            options={
                'verbose_name': 'OpenID Connect client',
            },
        ),
        migrations.CreateModel(
            name='SignOn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=64, unique=True)),
                ('code_expires', models.DateTimeField()),
                ('code_used', models.DateTimeField(blank=True, null=True)),
                ('code_challenge', models.CharField(max_length=128)),
                ('redirect_uri', models.TextField()),
                ('scope', models.CharField(max_length=255)),
                ('nonce', models.CharField(blank=True, default='', max_length=512)),
                ('claims', models.JSONField(blank=True, default=dict)),
                ('authenticated', models.DateTimeField()),
                ('methods', models.JSONField(blank=True, default=list)),
                ('credential', models.CharField(max_length=128)),
                ('created', models.DateTimeField(auto_now_add=True, db_index=True)),
                ('revoked', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sign_ons', to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL)),
            ],
            options={
                'verbose_name': 'sign-on',
            },
        ),
        migrations.CreateModel(
            name='RefreshToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('expires', models.DateTimeField(db_index=True)),
                ('used', models.DateTimeField(blank=True, null=True)),
                ('sign_on', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refresh_tokens', to=settings.OAUTH2_PROVIDER_GRANT_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='AccessToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('scope', models.CharField(max_length=255)),
                ('expires', models.DateTimeField(db_index=True)),
                ('sign_on', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='access_tokens', to=settings.OAUTH2_PROVIDER_GRANT_MODEL)),
            ],
        ),
    ]
