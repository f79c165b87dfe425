from odoo import api, fields, models
from odoo.fields import Domain


class PropertyApprovalTry(models.TransientModel):
    """Who would have to approve this record? Answers without any effect."""

    _name = "property.approval.try"
    _description = "Try Approval Rules"

    gate_id = fields.Many2one(
        "property.approval.gate", string="What Needs Approval", required=True, ondelete="cascade"
    )
    model = fields.Char(related="gate_id.model")
    rule_id = fields.Many2one(
        "property.approval.rule",
        string="Only This Rule",
        ondelete="cascade",
        domain="[('gate_id', '=', gate_id), ('active', 'in', (True, False))]",
        help="Empty: all rules in force. A single rule can be tried before it is put in force.",
    )
    record_ref = fields.Reference("_selection_record_ref", string="Record")
    line_ids = fields.One2many(
        "property.approval.try.line", "try_id", compute="_compute_line_ids", string="Rules"
    )
    conclusion = fields.Text(compute="_compute_line_ids")

    @api.model
    def _selection_record_ref(self):
        gates = self.env["property.approval.gate"]
        return sorted(
            ((model, gates._get_document_name(model)) for model in gates._get_models()),
            key=lambda choice: choice[1],
        )

    @api.onchange("gate_id")
    def _onchange_gate_id(self):
        """Begin with the latest record of the kind, so that there is something to see."""
        if self.rule_id.gate_id != self.gate_id:
            self.rule_id = False
        if self.gate_id and (not self.record_ref or self.record_ref._name != self.gate_id.model):
            latest = self.env[self.gate_id.model].search([], order="id desc", limit=1)
            self.record_ref = f"{latest._name},{latest.id}" if latest else False

    @api.depends("gate_id", "rule_id", "record_ref")
    def _compute_line_ids(self):
        for wizard in self:
            results = wizard._try()
            wizard.line_ids = [fields.Command.clear()] + [
                fields.Command.create(
                    {
                        "step": result["step"],
                        "name": result["rule"],
                        "applies": result["matches"],
                        "reason": result["reason"],
                        "who": result["who"],
                        "names": ", ".join(result["names"]),
                    }
                )
                for result in results
            ]
            wizard.conclusion = wizard._get_conclusion(results)

    def _try(self):
        """What each rule would mean for the chosen record, as a list of dicts."""
        self.ensure_one()
        record = self.record_ref
        if not record or not self.gate_id or record._name != self.gate_id.model:
            return []
        record.check_access("read")
        rules = self.rule_id or self.env["property.approval.rule"].search(
            Domain("gate_id", "=", self.gate_id.id)
        )
        return [rule._explain(record) for rule in rules]

    def _get_conclusion(self, results):
        record = self.record_ref
        if not record:
            return self.env._("Choose a record.")
        if not self.gate_id or record._name != self.gate_id.model:
            return self.env._("Choose a record of the kind %s.", self.gate_id.document or "…")
        applying = [result for result in results if result["matches"]]
        if not applying and self.rule_id:
            return self.env._("The rule does not apply to %s.", record.display_name)
        if not applying:
            if self.gate_id.required:
                return record._approval_no_rule(self.gate_id.gate)
            return self.env._("No rule applies: %s passes without approval.", record.display_name)
        return "\n".join(
            self.env._(
                "Step %(step)s: %(who)s. Today: %(names)s.",
                step=result["step"],
                who=result["who"],
                names=", ".join(result["names"]) or self.env._("nobody"),
            )
            for result in applying
        )
