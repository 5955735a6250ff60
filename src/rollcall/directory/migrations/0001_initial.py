import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import rollcall.directory.fields
import rollcall.directory.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Application',
            fields=[
                ('id', models.CharField(default=rollcall.directory.models.new_id, editable=False, max_length=24, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=64)),
                ('displayLabel', models.CharField(max_length=255)),
                ('description', models.CharField(blank=True, default='', max_length=1024)),
                ('ssoUrl', models.CharField(blank=True, default='', max_length=2048)),
                ('logo', models.TextField(blank=True, default='')),
                ('color', models.CharField(blank=True, default='', max_length=16)),
                ('active', models.BooleanField(default=False)),
                ('shown_in_portal', models.BooleanField(default=True)),
                ('config', models.JSONField(blank=True, default=dict)),
                ('search_text', rollcall.directory.fields.SearchField(of=('displayLabel', 'description'))),
                ('created', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='DirectoryChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('transaction', models.BigIntegerField(db_default=rollcall.directory.fields.CurrentTransaction(), editable=False)),
                ('at', models.DateTimeField()),
                ('object_type', models.CharField(choices=[('user', 'User'), ('user_group', 'User group'), ('application', 'Application'), ('organization', 'Organization')], max_length=16)),
                ('object_id', models.CharField(max_length=24)),
                ('kind', models.CharField(choices=[('created', 'Created'), ('updated', 'Updated'), ('deleted', 'Deleted'), ('member_added', 'Member added'), ('member_removed', 'Member removed'), ('bound', 'Bound'), ('unbound', 'Unbound'), ('forgotten', 'Forgotten')], max_length=16)),
                ('other_id', models.CharField(blank=True, default='', max_length=24)),
                ('fields', models.JSONField(default=list)),
            ],
            options={
                'indexes': [models.Index(fields=['transaction', 'id'], name='directory_change_order')],
            },
        ),
        migrations.CreateModel(
            name='Organization',
            fields=[
                ('id', models.CharField(default=rollcall.directory.models.new_id, editable=False, max_length=24, primary_key=True, serialize=False)),
                ('displayName', models.CharField(default='Rollcall', max_length=255)),
                ('manualEntry', models.CharField(choices=[('STAGED', 'Staged'), ('ACTIVATED', 'Active')], default='ACTIVATED', max_length=9)),
                ('csvImport', models.CharField(choices=[('STAGED', 'Staged'), ('ACTIVATED', 'Active')], default='STAGED', max_length=9)),
                ('applicationImport', models.CharField(choices=[('STAGED', 'Staged'), ('ACTIVATED', 'Active')], default='STAGED', max_length=9)),
                ('username_length', models.PositiveSmallIntegerField(default=20)),
                ('created', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('applicationImport__in', ['STAGED', 'ACTIVATED']), ('csvImport__in', ['STAGED', 'ACTIVATED']), ('manualEntry__in', ['STAGED', 'ACTIVATED'])), name='organization_default_states'), models.CheckConstraint(condition=models.Q(('displayName__length__lte', 255)), name='organization_lengths'), models.CheckConstraint(condition=models.Q(('username_length__range', (20, 30))), name='organization_username_length')],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.CharField(default=rollcall.directory.models.new_id, editable=False, max_length=24, primary_key=True, serialize=False)),
                ('username', models.CharField(max_length=30, validators=[django.core.validators.RegexValidator('^[A-Za-z][A-Za-z0-9._-]*\\Z', 'A username starts with a letter; letters, digits, . _ - may follow.')])),
                ('email', rollcall.directory.fields.LowercaseField(max_length=1024)),
                ('state', models.CharField(choices=[('STAGED', 'STAGED'), ('ACTIVATED', 'ACTIVATED'), ('SUSPENDED', 'SUSPENDED')], default='STAGED', max_length=9)),
                ('firstname', models.CharField(blank=True, default='', max_length=1024)),
                ('lastname', models.CharField(blank=True, default='', max_length=1024)),
                ('middlename', models.CharField(blank=True, default='', max_length=1024)),
                ('displayname', models.CharField(blank=True, default='', max_length=1024)),
                ('jobTitle', models.CharField(blank=True, default='', max_length=1024)),
                ('department', models.CharField(blank=True, default='', max_length=1024)),
                ('company', models.CharField(blank=True, default='', max_length=1024)),
                ('location', models.CharField(blank=True, default='', max_length=1024)),
                ('costCenter', models.CharField(blank=True, default='', max_length=1024)),
                ('employeeType', models.CharField(blank=True, default='', max_length=1024)),
                ('description', models.CharField(blank=True, default='', max_length=1024)),
                ('employeeIdentifier', models.CharField(blank=True, max_length=256, null=True)),
                ('alternateEmail', models.CharField(blank=True, default='', max_length=1024)),
                ('recoveryEmail', models.CharField(blank=True, default='', max_length=1024)),
                ('attributes', models.JSONField(blank=True, default=list)),
                ('addresses', models.JSONField(blank=True, default=list)),
                ('phoneNumbers', models.JSONField(blank=True, default=list)),
                ('activated', models.BooleanField(default=False)),
                ('account_locked', models.BooleanField(default=False)),
                ('password_expired', models.BooleanField(default=False)),
                ('creationSource', models.CharField(default='jumpcloud:manual', max_length=64)),
                ('provenance', models.JSONField(blank=True, default=dict)),
                ('search_text', rollcall.directory.fields.SearchField(of=('username', 'email', 'firstname', 'lastname', 'displayname', 'middlename', 'employeeIdentifier'))),
                ('created', models.DateTimeField(auto_now_add=True)),
                ('updated', models.DateTimeField(auto_now=True)),
                ('manager', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports', to='directory.user')),
            ],
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created', models.DateTimeField(auto_now_add=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='directory.user')),
            ],
        ),
        migrations.CreateModel(
            name='ExternalIdentity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=64)),
                ('external_id', models.CharField(max_length=64)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='identities', to='directory.user')),
            ],
        ),
        migrations.CreateModel(
            name='UserGroup',
            fields=[
                ('id', models.CharField(default=rollcall.directory.models.new_id, editable=False, max_length=24, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=255)),
                ('name_key', rollcall.directory.fields.FoldedField(editable=False, max_length=765, of='name')),
                ('description', models.CharField(blank=True, default='', max_length=1024)),
                ('search_text', rollcall.directory.fields.SearchField(of=('name', 'description'))),
                ('created', models.DateTimeField(auto_now_add=True)),
                ('updated', models.DateTimeField(auto_now=True)),
                ('members', models.ManyToManyField(related_name='groups', through='directory.Membership', to='directory.user')),
            ],
        ),
        migrations.AddField(
            model_name='membership',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='directory.usergroup'),
        ),
        migrations.CreateModel(
            name='Association',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created', models.DateTimeField(auto_now_add=True)),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='directory.application')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='directory.usergroup')),
            ],
        ),
        migrations.AddField(
            model_name='application',
            name='groups',
            field=models.ManyToManyField(related_name='applications', through='directory.Association', to='directory.usergroup'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(fields=['lastname', 'firstname'], name='user_by_name'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(fields=['state', 'lastname', 'firstname'], name='user_by_state'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(fields=['department', 'lastname', 'firstname'], name='user_by_department'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(fields=['company', 'lastname', 'firstname'], name='user_by_company'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(fields=['location', 'lastname', 'firstname'], name='user_by_location'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(fields=['created'], name='user_by_created'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('username'), name='user_username_unique'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(fields=('email',), name='user_email_unique'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(fields=('employeeIdentifier',), name='user_identifier_unique'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['STAGED', 'ACTIVATED', 'SUSPENDED'])), name='user_state_known'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('manager__isnull', True), models.Q(('manager', models.F('id')), _negated=True), _connector='OR'), name='user_not_own_manager'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('email__length__gte', 1), ('username__length__gte', 1), ('username__length__lte', 30), ('email__length__lte', 1024), ('firstname__length__lte', 1024), ('lastname__length__lte', 1024), ('middlename__length__lte', 1024), ('displayname__length__lte', 1024), ('jobTitle__length__lte', 1024), ('department__length__lte', 1024), ('company__length__lte', 1024), ('location__length__lte', 1024), ('costCenter__length__lte', 1024), ('employeeType__length__lte', 1024), ('description__length__lte', 1024), ('employeeIdentifier__length__lte', 256), ('alternateEmail__length__lte', 1024), ('recoveryEmail__length__lte', 1024)), name='user_lengths'),
        ),
        migrations.AddConstraint(
            model_name='externalidentity',
            constraint=models.UniqueConstraint(fields=('source', 'external_id'), name='external_identity_of_one_user'),
        ),
        migrations.AddConstraint(
            model_name='externalidentity',
            constraint=models.UniqueConstraint(fields=('source', 'user'), name='external_identity_once_a_source'),
        ),
        migrations.AddConstraint(
            model_name='externalidentity',
            constraint=models.CheckConstraint(condition=models.Q(('external_id__length__gte', 1), ('source__length__gte', 1), ('source__length__lte', 64), ('external_id__length__lte', 64)), name='external_identity_whole'),
        ),
        migrations.AddConstraint(
            model_name='usergroup',
            constraint=models.CheckConstraint(condition=models.Q(('name__length__gte', 1), ('name__length__lte', 255), ('description__length__lte', 1024)), name='user_group_lengths'),
        ),
        migrations.AddConstraint(
            model_name='usergroup',
            constraint=models.UniqueConstraint(fields=('name_key',), name='user_group_name_unique'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('group', 'user'), name='membership_unique'),
        ),
        migrations.AddConstraint(
            model_name='association',
            constraint=models.UniqueConstraint(fields=('application', 'group'), name='association_unique'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(('displayLabel__length__lte', 255), ('description__length__lte', 1024), ('ssoUrl__length__lte', 2048)), name='application_lengths'),
        ),
    ]
