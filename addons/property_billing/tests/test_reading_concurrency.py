from psycopg2 import errors

from odoo import SUPERUSER_ID, api
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.property_tenant.tests.common import PropertyBuilders


@tagged("post_install", "-at_install")
class TestReadingsAtOnce(TransactionCase):
    """Two real transactions; what they commit is taken away again."""

    def setUp(self):
        super().setUp()
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            build = type("Build", (PropertyBuilders,), {"env": env})
            estate = build.make_estate("2AT2")
            building = build.make_building(estate)
            unit = build.make_unit(building, "2-2")
            meter = env["property.meter"].create(
                {"name": "AT-ONCE", "unit_id": unit.id, "date_installed": "2023-01-01"}
            )
            env["property.meter.reading"].create(
                {"meter_id": meter.id, "date": "2024-01-31", "index_value": 100}
            )._validate()
            reading_round = env["property.reading.round"].create(
                {"estate_id": estate.id, "date": "2024-03-31"}
            )
            self.round, self.meter = reading_round.id, meter.id
            self.made = [reading_round, meter, unit, building, estate]
        self.addCleanup(self.take_away)

    def take_away(self):
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            readings = env["property.meter.reading"].search([("meter_id", "=", self.meter)])
            readings._store({"state": "draft"})
            readings.unlink()
            for records in self.made:
                records.with_env(env).unlink()

    def transaction(self):
        cursor = self.env.registry.cursor()
        self.addCleanup(cursor.close)
        # the snapshot is taken here; who waits for a lock must fail, not hang
        cursor.execute("SET LOCAL lock_timeout = '1s'")
        cursor.execute("SELECT 1")
        return api.Environment(cursor, SUPERUSER_ID, {})

    def indexes(self):
        readings = self.transaction()["property.meter.reading"].search(
            [("meter_id", "=", self.meter)], order="date"
        )
        return [(str(row.date), row.index_previous, row.index_value, row.usage) for row in readings]

    @mute_logger("odoo.sql_db")
    def test_same_meter_entered_by_two(self):
        first, second = self.transaction(), self.transaction()
        entries = [env["property.reading.round"].browse(self.round) for env in (first, second)]
        entries[0].enter_index(self.meter, "", 110)
        with self.assertRaises(errors.LockNotAvailable):
            entries[1].enter_index(self.meter, "", 111)
        second.cr.rollback()
        first.cr.commit()
        # what Odoo does on this error: it repeats the call
        entries[1].enter_index(self.meter, "", 111)
        second.cr.commit()
        self.assertEqual(self.indexes(), [("2024-01-31", 0, 100, 0), ("2024-03-31", 100, 111, 11)])

    @mute_logger("odoo.sql_db")
    def test_neighbours_entered_by_two_find_each_other(self):
        first, second = self.transaction(), self.transaction()
        values = {"meter_id": self.meter, "index_value": 110, "date": "2024-02-29"}
        first["property.meter.reading"].create(values)
        first.cr.commit()
        later = {"meter_id": self.meter, "index_value": 120, "date": "2024-03-31"}
        with self.assertRaises(errors.SerializationFailure):
            second["property.meter.reading"].create(later)
        second.cr.rollback()
        second["property.meter.reading"].create(later)
        second.cr.commit()
        self.assertEqual([usage for *_rest, usage in self.indexes()], [0, 10, 10])
