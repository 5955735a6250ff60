from django.db import migrations, models
from django.db.models import Count
from django.utils import timezone


def end_what_was_being_written(apps, schema_editor):
    """A plan that was cut the old way cannot be gone on with in the new one."""
    changes = apps.get_model("imports", "ChangeRecord").objects.order_by()
    for run in apps.get_model("imports", "Run").objects.filter(state__in=["applying", "linking"]):
        of_run = changes.filter(run=run)
        of_run.filter(result="").update(
            result="failed",
            error={"code": "run_failed", "params": {}},
            finished_at=timezone.now(),
        )
        run.counts = dict(of_run.values_list("result").annotate(number=Count("pk")))
        run.state = "failed"
        run.error_code = "internal"
        run.error = (
            "Rollcall was upgraded while this import was under way. Everything done until then is "
            "kept; start it again."
        )
        run.finished_at = timezone.now()
        run.save()


class Migration(migrations.Migration):
    dependencies = [("imports", "0003_long_employee_ids")]

    operations = [
        migrations.RunPython(end_what_was_being_written, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="changerecord", name="change_run_batch"),
        migrations.RemoveField(model_name="changerecord", name="batch"),
        migrations.RemoveField(model_name="changerecord", name="linked"),
        migrations.AddField(
            model_name="run", name="batch_count", field=models.PositiveIntegerField(null=True)
        ),
        migrations.AddField(
            model_name="batchrecord", name="wave", field=models.PositiveIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="batchrecord", name="first", field=models.PositiveIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="batchrecord", name="last", field=models.PositiveIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="run", name="linked_to", field=models.PositiveIntegerField(default=0)
        ),
        # the first column of other indexes of these tables
        migrations.RemoveIndex(model_name="changerecord", name="change_run_starts"),
        migrations.AlterField(
            model_name="changerecord",
            name="run",
            field=models.ForeignKey(
                db_index=False,
                on_delete=models.deletion.CASCADE,
                related_name="changes",
                to="imports.run",
            ),
        ),
        migrations.AlterField(
            model_name="stagedemployee",
            name="run",
            field=models.ForeignKey(
                db_index=False,
                on_delete=models.deletion.CASCADE,
                related_name="staged",
                to="imports.run",
            ),
        ),
        migrations.AddIndex(
            model_name="changerecord",
            index=models.Index(
                condition=models.Q(starts_on__isnull=False),
                fields=["run", "starts_on"],
                name="change_run_starts",
            ),
        ),
    ]
