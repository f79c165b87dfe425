from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyOccupancy(models.Model):
    _inherit = "property.occupancy"

    inspection_ids = fields.One2many("property.inspection", "occupancy_id", string="Inspections")
    defect_ids = fields.One2many("property.defect", "occupancy_id", string="Defects")
    inspection_count = fields.Integer(compute="_compute_inspection_counts")
    open_defect_count = fields.Integer(compute="_compute_inspection_counts")

    @api.depends("inspection_ids", "defect_ids.state")
    def _compute_inspection_counts(self):
        inspections = dict(
            self.env["property.inspection"]._read_group(
                [("occupancy_id", "in", self.ids)], ["occupancy_id"], ["__count"]
            )
        )
        defects = dict(
            self.env["property.defect"]._read_group(
                [
                    ("occupancy_id", "in", self.ids),
                    ("state", "not in", ("accepted", "cancelled")),
                ],
                ["occupancy_id"],
                ["__count"],
            )
        )
        for occupancy in self:
            occupancy.inspection_count = inspections.get(occupancy, 0)
            occupancy.open_defect_count = defects.get(occupancy, 0)

    def action_inspect(self):
        """Open the handover inspection, or that of the move-out; begin it where there is none."""
        self.ensure_one()
        kind = "move_out" if self.state in ("notice", "clearing", "ended") else "handover"
        inspection = self._get_inspection(kind) or self._make_inspection(kind)
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.inspection",
            "res_id": inspection.id,
            "views": [(False, "form")],
        }

    def _get_inspection(self, kind):
        """The latest inspection of a kind that counts."""
        self.ensure_one()
        return self.env["property.inspection"].search(
            [
                ("occupancy_id", "=", self.id),
                ("kind", "=", kind),
                ("state", "!=", "cancelled"),
                ("correction_ids", "not any", [("state", "!=", "cancelled")]),
            ],
            order="date_planned desc, id desc",
            limit=1,
        )

    def _make_inspection(self, kind):
        self.ensure_one()
        Template = self.env["property.inspection.template"]
        template = Template._find(kind, self.unit_id)
        if not template:
            labels = dict(Template._fields["kind"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "There is no inspection template of the kind %(kind)s for unit %(unit)s. Ask"
                    " the manager to make one.",
                    kind=labels[kind],
                    unit=self.unit_id.display_name,
                )
            )
        return self.env["property.inspection"].create(
            {"template_id": template.id, "occupancy_id": self.id}
        )

    def _get_signed_inspections(self, kind):
        """Which of the occupancies have a signed inspection of ``kind`` that counts."""
        signed = self.env["property.inspection"].search(
            [
                ("occupancy_id", "in", self.ids),
                ("kind", "=", kind),
                ("state", "=", "signed"),
            ]
        )
        return signed.occupancy_id

    def action_view_inspections(self):
        """Open the inspections of the occupancy."""
        self.ensure_one()
        return self._open_inspected("property_tenant.property_inspection_action")

    def action_view_defects(self):
        """Open the defects found for the occupancy."""
        self.ensure_one()
        return self._open_inspected("property_tenant.property_defect_action")

    def _open_inspected(self, xmlid):
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = [("occupancy_id", "in", self.ids)]
        action["context"] = {"default_occupancy_id": self.id, "default_unit_id": self.unit_id.id}
        return action
