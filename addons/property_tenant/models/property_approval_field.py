from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: beginnings of names that people do not fill in
NOT_JUDGED = ("message_", "activity_", "approval_", "signature_", "rating_", "website_")


class PropertyApprovalField(models.Model):
    """What can be changed on records that need approval, as rows a rule can point to.

    Filled from the models like the gates; nobody types them. ``ir.model.fields`` is for
    administrators, and holds much that no manager wants to know.
    """

    _name = "property.approval.field"
    _description = "What Approvals Judge"
    _order = "model, field_name"
    _rec_names_search = ["name"]

    model = fields.Char(string="Record Kind Code", required=True, readonly=True)
    field_name = fields.Char(string="Field Code", required=True, readonly=True)
    name = fields.Char(compute="_compute_name", search="_search_name")

    _field_uniq = models.UniqueIndex("(model, field_name)", "This field is already known.")

    @api.depends("model", "field_name")
    @api.depends_context("lang")
    def _compute_name(self):
        for row in self:
            field = row.model in self.env and self.env[row.model]._fields.get(row.field_name)
            row.name = field._description_string(self.env) if field else row.field_name

    @api.depends("name")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.name

    def _search_name(self, operator, value):
        """Names are translated labels of the code, compared one by one."""
        if operator not in ("in", "ilike", "=ilike", "like"):
            return NotImplemented
        return Domain("id", "in", self.search([]).filtered_domain([("name", operator, value)]).ids)

    @api.model
    def _get_names(self, model):
        """Fields of ``model`` that a rule may name: what people fill in, and what is declared."""
        Model = self.env[model]
        gates = Model._approval_gates().values()
        declared = {name for gate in gates for name in gate.own_fields}
        # entering a guarded value is what the yes is for
        guarded = {name for gate in gates for name in gate.guards}
        typed = {
            name
            for name, field in Model._fields.items()
            if not (name in models.MAGIC_COLUMNS or field.readonly or field.related)
            and (field.store or field.type == "one2many")
            and field.type not in ("binary", "properties", "properties_definition")
            and not name.startswith(NOT_JUDGED)
        }
        return (typed | declared) - guarded

    @api.model
    def _get(self, model, names):
        """Rows of fields of ``model``; made now when a data file is ahead of the hook."""
        known = self.search([("model", "=", model), ("field_name", "in", list(names))])
        missing = set(names) - set(known.mapped("field_name"))
        if missing:
            self._insert({(model, name) for name in missing})
            known = self.search([("model", "=", model), ("field_name", "in", list(names))])
        return known

    def _register_hook(self):
        super()._register_hook()
        now = {
            (model, name)
            for model in self.env["property.approval.gate"]._get_models()
            if self.env[model]._approval_gates()
            for name in self._get_names(model)
        }
        self._insert(now - {(row.model, row.field_name) for row in self.sudo().search([])})

    def _insert(self, rows):
        """Insert rows that another process may be inserting at the same moment."""
        for model, name in sorted(rows):
            self.env.cr.execute(
                SQL(
                    """INSERT INTO property_approval_field (model, field_name)
                       VALUES (%s, %s) ON CONFLICT DO NOTHING""",
                    model,
                    name,
                )
            )
        if rows:
            self.invalidate_model()
