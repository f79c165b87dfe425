from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class PropertyApprovalGate(models.Model):
    """The gates that the models declare, as rows a rule can point to.

    Filled from the declarations of the models; nobody types them.
    """

    _name = "property.approval.gate"
    _description = "Approval Gate"
    _order = "model, gate"
    _rec_names_search = ["name"]

    model_id = fields.Many2one(
        "ir.model", string="Kind of Record", required=True, ondelete="cascade", index=True
    )
    model = fields.Char(string="Record Kind Code", required=True, readonly=True)
    gate = fields.Char(string="Gate Code", required=True, readonly=True)
    name = fields.Char(compute="_compute_name", search="_search_name")
    document = fields.Char(compute="_compute_name", string="Record Kind")
    required = fields.Boolean(
        compute="_compute_name",
        string="Needs a Rule",
        help="Without a rule nobody passes here; otherwise, without a rule everybody does.",
    )

    _gate_uniq = models.UniqueIndex("(model, gate)", "This gate is already known.")

    @api.depends("model", "gate")
    @api.depends_context("lang")
    def _compute_name(self):
        for row in self:
            declared = row._get_declaration()
            row.document = self._get_document_name(row.model)
            row.name = self.env._(
                "%(record)s: %(gate)s",
                record=row.document,
                gate=declared.label if declared else row.gate,
            )
            row.required = bool(declared and declared.required)

    @api.depends("name")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.name

    def _search_name(self, operator, value):
        """Names are translated labels of the code: a handful, compared one by one."""
        if operator not in ("in", "ilike", "=ilike", "like"):
            return NotImplemented
        return Domain("id", "in", self.search([]).filtered_domain([("name", operator, value)]).ids)

    def _get_declaration(self):
        """What the model declares of this gate, or None when it does no more."""
        self.ensure_one()
        return self._get_declarations(self.model).get(self.gate)

    @api.model
    def _get_declarations(self, model):
        if model not in self._get_models():
            return {}
        return self.env[model]._approval_gates()

    @api.model
    def _get_models(self):
        """Names of the models whose records can have gates."""
        return [
            name
            for name in self.env.registry.descendants(["property.approval.mixin"], "_inherit")
            if not self.env[name]._abstract and not self.env[name]._transient
        ]

    @api.model
    def _get_document_name(self, model):
        # the names of models are no secret, but not every employee reads ir.model
        return self.env["ir.model"].sudo()._get(model).name or model

    @api.model
    def _get(self, model, gate):
        """The row of ``gate`` of ``model``; made now when a data file is ahead of the hook."""
        found = self.search([("model", "=", model), ("gate", "=", gate)], limit=1)
        if not found and gate in self._get_declarations(model):
            self._insert([(model, gate)])
            found = self.search([("model", "=", model), ("gate", "=", gate)], limit=1)
        return found

    def _register_hook(self):
        super()._register_hook()
        declared = {
            (model, gate): declaration
            for model in self._get_models()
            for gate, declaration in self._get_declarations(model).items()
        }
        for (model, gate), declaration in declared.items():
            self.env[model]._approval_check_declaration(gate, declaration)
        known = {(row.model, row.gate) for row in self.sudo().search([])}
        self._insert(declared.keys() - known)

    def _insert(self, gates):
        """Insert rows that another process may be inserting at the same moment."""
        for model, gate in sorted(gates):
            self.env.cr.execute(
                SQL(
                    """INSERT INTO property_approval_gate (model_id, model, gate)
                       VALUES (%s, %s, %s) ON CONFLICT DO NOTHING""",
                    self.env["ir.model"]._get_id(model),
                    model,
                    gate,
                )
            )
        if gates:
            self.invalidate_model()
