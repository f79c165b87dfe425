"""The meters of the office that is handed over in the demo are read with its inspection."""

from odoo.addons.property_tenant.demo.inspections import pen

from .fees import DemoLoader


class InspectionReadingLoader(DemoLoader):
    def load(self):
        inspection = self.env.ref(
            "property_tenant.demo_inspection_handover", raise_if_not_found=False
        )
        if not inspection or inspection.reading_ids or inspection.state != "done":
            return
        inspection = inspection.with_user(inspection.user_id)
        inspection.action_reopen()
        inspection._make_reading_rows()
        last = inspection.reading_ids._get_last()
        for row in inspection.reading_ids:
            known = last.get((row.meter_id.id, row.register or ""))
            index = (known["index"] if known else 0) + 1.5
            inspection.enter_reading(str(row.id), {"value": index})
        inspection.action_finish()
        inspection._sign("occupant", inspection.occupancy_id.partner_id.name, pen())
