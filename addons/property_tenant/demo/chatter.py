"""What is said on the demo's records, and when: by people and in its time."""

from datetime import datetime, time, timedelta

from odoo.tools import SQL

MINUTES_BETWEEN = 37


def sign(env, models, user):
    """The program's own notes on records of ``models`` become those of ``user``."""
    env.flush_all()
    robot = env.ref("base.partner_root")
    notes = env["mail.message"].search(
        [("model", "in", models), ("author_id", "=", robot.id), ("message_type", "!=", "email")]
    )
    notes.write({"author_id": user.partner_id.id, "email_from": user.email_formatted})


def date_back(record, day):
    """Notes and decisions on ``record`` were made on ``day``, one after another."""
    env = record.env
    env.flush_all()
    start = datetime.combine(day, time(1, 20))

    def at(number):
        return start + timedelta(minutes=MINUTES_BETWEEN * number)

    for number, note in enumerate(record.message_ids.sorted("id"), 1):
        note.date = at(number)
    # Decisions cannot be changed by writing; only the demo's are of another day.
    for number, row in enumerate(record.approval_ids.sorted("id"), 1):
        env.cr.execute(
            SQL(
                "UPDATE property_approval SET date_requested = %s,"
                " date = CASE WHEN date IS NULL THEN NULL ELSE %s END WHERE id = %s",
                start,
                at(number + 1),
                row.id,
            )
        )
    record.approval_ids.invalidate_recordset(["date_requested", "date"])
