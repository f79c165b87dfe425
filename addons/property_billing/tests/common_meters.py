from odoo import fields
from odoo.tests import tagged

from odoo.addons.property_tenant.tests.common import PropertyCase

from .common import BillingBuilders


@tagged("post_install", "-at_install")
class MeterCase(BillingBuilders, PropertyCase):
    """An estate with three units, the second vacant, and a cold water meter in the
    first, begun at 100 on the last day of 2023."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("property_tenant.group_billing_supervisor")
        cls.env.user.group_ids += cls.env.ref("property_tenant.group_manager")
        cls.env.user.estate_all = True
        for unit in (cls.unit, cls.unit_3):
            cls.make_occupancy(unit, cls.tenant, date_start="2020-01-01", state="active")
        cls.Reading = cls.env["property.meter.reading"]
        cls.meter = cls.make_meter("W-101", cls.unit)
        cls.first = cls.make_reading(cls.meter, "2023-12-31", 100, kind="installation")

    @classmethod
    def enter(cls, day, index, meter=None, env=None, **values):
        """A draft as somebody types it."""
        Reading = (env or cls.env)["property.meter.reading"]
        return Reading.create(
            {
                "meter_id": (meter or cls.meter).id,
                "date": day,
                "index_value": index,
                **values,
            }
        )

    @classmethod
    def read_months(cls, indexes, meter=None, year=2024, first_month=1, **values):
        """Accepted readings at the ends of the months."""
        readings = cls.env["property.meter.reading"]
        for offset, index in enumerate(indexes):
            month = first_month + offset
            day = fields.Date.end_of(fields.Date.to_date(f"{year}-{month:02}-01"), "month")
            readings |= cls.make_reading(meter or cls.meter, day, index, **values)
        return readings

    @staticmethod
    def day(text):
        return fields.Date.to_date(text)

    @staticmethod
    def codes(reading):
        return [finding["code"] for finding in reading.findings or ()]

    def figures(self, readings):
        """Day, last index, index and usage of each, for reading at a glance."""
        return [
            (str(row.date), row.index_previous, row.index_value, row.usage)
            for row in readings.sorted(lambda row: (row.date, row.id))
        ]
