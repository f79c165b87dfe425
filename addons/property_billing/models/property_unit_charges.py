from odoo import api, fields, models

#: who sees what a unit is charged
CHARGE_READERS = ",".join(
    f"property_tenant.group_{role}"
    for role in (
        "steward",
        "front_desk",
        "collector",
        "cashier",
        "accountant",
        "legal",
        "general_manager",
        "controller",
    )
)


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    charge_ids = fields.One2many(
        "property.charge", "unit_id", string="Charges", groups=CHARGE_READERS
    )
    charge_count = fields.Integer(
        string="Number of Charges", compute="_compute_charge_count", groups=CHARGE_READERS
    )
    no_charge_reason = fields.Char(
        string="Why Nothing Is Charged",
        compute="_compute_no_charge_reason",
        help="In the billing run from which the list was opened.",
    )

    @api.depends("charge_ids")
    def _compute_charge_count(self):
        counts = dict(
            self.env["property.charge"]._read_group(
                [("unit_id", "in", self.ids), ("state", "!=", "void")], ["unit_id"], ["__count"]
            )
        )
        for unit in self:
            unit.charge_count = counts.get(unit, 0)

    @api.depends_context("lang", "billing_run_id")
    def _compute_no_charge_reason(self):
        run = self.env["property.billing.run"].browse(self.env.context.get("billing_run_id"))
        reasons = run._explain_uncharged(self) if run else {}
        for unit in self:
            unit.no_charge_reason = reasons.get(unit.id)

    def action_view_charges(self):
        """Open what the units are and were charged."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_charge_action"
        )
        action["domain"] = [("unit_id", "in", self.ids)]
        action["context"] = {}
        return action
