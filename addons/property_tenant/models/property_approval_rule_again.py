from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError


class PropertyApprovalRule(models.Model):
    """What must be reviewed again after a change is chosen in the rule."""

    _inherit = "property.approval.rule"

    reopen_field_ids = fields.Many2many(
        "property.approval.field",
        string="Asked Again after a Change of",
        compute="_compute_reopen_field_ids",
        store=True,
        readonly=False,
        tracking=True,
        help="When one of these is changed on a record, what was said about it no longer holds and"
        " has to be asked for again. Empty: what is usual for such records.",
    )

    @api.depends("gate_id")
    def _compute_reopen_field_ids(self):
        known = self.env["property.approval.field"]
        for rule in self:
            declared = rule.gate_id and rule.gate_id._get_declaration()
            names = declared.own_fields if declared else ()
            rule.reopen_field_ids = known._get(rule.gate_id.model, names) if names else known

    @api.constrains("reopen_field_ids", "gate_id")
    def _check_reopen_fields(self):
        for rule in self:
            foreign = rule.reopen_field_ids.filtered(
                lambda field, rule=rule: field.model != rule.gate_id.model
            )
            if foreign:
                raise ValidationError(
                    self.env._(
                        "%(field)s is not part of what rule %(rule)s is about. Take it out of the"
                        " list.",
                        field=foreign[0].name,
                        rule=rule.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"reopen_field_ids", "gate_id", "gate", "model_id"}:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache("model")
    def _get_reopening_names(self, model):
        """Fields that rules of any state name, by gate: a change of them is looked at at once."""
        # the same for everybody, readable or not
        rules = self.sudo().with_context(active_test=False).search([("model", "=", model)])
        names = {}
        for rule in rules:
            names.setdefault(rule.gate, set()).update(rule.reopen_field_ids.mapped("field_name"))
        return {gate: frozenset(found) for gate, found in names.items()}

    def _get_reopening_paths(self, declaration):
        """Paths whose change asks again, for a request that follows these rules.

        None: those that are declared, whatever they will be.
        """
        chosen = set()
        # who asks need not be allowed to read rules
        for rule in self.sudo():
            names = set(rule.reopen_field_ids.mapped("field_name"))
            chosen |= names or declaration.own_fields
        if not chosen or chosen == declaration.own_fields:
            return None
        kept = [path for path in declaration.invalidated_by if path.split(".", 1)[0] in chosen]
        return kept + sorted(chosen - declaration.own_fields)
