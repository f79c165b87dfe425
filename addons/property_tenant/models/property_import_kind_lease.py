from odoo import models
from odoo.exceptions import UserError

from ..calc.columns import Column


class PropertyImportKindOccupancy(models.AbstractModel):
    """One lease over several units: their rows name the unit that leads, which may stand
    in the same file or be on record."""

    _inherit = "property.import.kind.occupancy"

    def _lease_columns(self):
        return [
            *super()._lease_columns(),
            Column(
                "lead",
                self.env._("Leading Unit Code"),
                max_length=64,
                aliases=("Leading Unit", "Main Unit", "主单元", "主单元编号", "主房号"),
                help=self.env._(
                    "For the further units of one lease: the unit whose occupancy leads, of the"
                    " same party."
                ),
            ),
        ]

    def _prepare(self, rows, options):
        result = super()._prepare(rows, options)
        led = [
            row
            for row in rows
            if not row.reasons
            and row.values.get("lead")
            and row.values["lead"] != row.values["unit"]
        ]
        if not led:
            return result
        leads = self._find_leads(led)
        in_file = {
            self._hold_key(row, row.values["unit"])
            for row in rows
            if not row.reasons and row.values.get("lead") in (None, "", row.values["unit"])
        }
        for row in led:
            key = self._hold_key(row, row.values["lead"])
            if key in leads:
                if row.record and row.record.lead_id == leads[key]:
                    continue
                row.vals["lead_id"] = leads[key].id
            elif key in in_file:
                row.extra["lead"] = key
            else:
                row.fail(self._unknown_lead(row))
        return result

    def _hold_key(self, row, unit):
        values = row.values
        return values["estate"], unit, values["party"], values["kind"]

    def _find_leads(self, rows):
        """Occupancies on record that can lead those of ``rows``, as {key: occupancy}."""
        found = self.env["property.occupancy"].search(
            [
                ("unit_id.code", "in", [row.values["lead"] for row in rows]),
                ("estate_id.code", "in", [row.values["estate"] for row in rows]),
                ("company_id", "=", self.env.company.id),
                ("partner_id.ref", "in", [row.values["party"] for row in rows]),
                ("state", "not in", ("ended", "cancelled")),
                ("lead_id", "=", False),
            ],
            order="date_start",
        )
        return {
            (occ.estate_id.code, occ.unit_id.code, occ.partner_id.ref, occ.kind): occ
            for occ in found
        }

    def _unknown_lead(self, row):
        return self.env._(
            "%(party)s has no occupancy of unit %(lead)s that could lead that of %(unit)s, or its"
            " own row is refused. Correct the leading unit, or put its row first.",
            party=row.values["party"],
            lead=row.values["lead"],
            unit=row.values["unit"],
        )

    def _write_or_halve(self, rows, options):
        # those that lead first: whatever part of the rows is written, they are written before
        return super()._write_or_halve(sorted(rows, key=lambda row: "lead" in row.extra), options)

    def _after_write(self, rows, options):
        result = super()._after_write(rows, options)
        waiting = [row for row in rows if "lead" in row.extra]
        leads = self._find_leads(waiting) if waiting else {}
        for row in waiting:
            lead = leads.get(row.extra["lead"])
            if not lead:
                raise UserError(self._unknown_lead(row))
            if row.record.lead_id != lead:
                row.record.lead_id = lead
        return result
