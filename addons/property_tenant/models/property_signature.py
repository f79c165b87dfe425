"""A signature given on the screen, kept for ever.

Made by ``property.signature.mixin`` only; ``create`` and ``write`` refuse
everybody, sudo included.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertySignature(models.Model):
    _name = "property.signature"
    _description = "Signature"
    _inherit = ["property.about.mixin", "property.constraint.check"]
    _order = "res_model, res_id, date, id"
    _rec_name = "name"
    _rec_names_search = ["name", "res_name"]
    _required_constraints = ("_role_uniq",)

    role = fields.Char(string="Role Code", required=True, readonly=True)
    role_name = fields.Char(string="Signs as", required=True, readonly=True)
    name = fields.Char(string="Signed by", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Party", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Taken by",
        required=True,
        readonly=True,
        ondelete="restrict",
        help="Whose login it was when the signature was given.",
    )
    date = fields.Datetime(string="Signed on", required=True, readonly=True)
    ip_address = fields.Char(
        string="Signed from",
        readonly=True,
        help="The address on the network from which it was signed in the portal.",
    )
    signature = fields.Image(readonly=True, max_width=640, max_height=320)
    is_refused = fields.Boolean(string="Refused to Sign", readonly=True)
    reason = fields.Char(readonly=True)
    version = fields.Char(
        string="Version Signed", readonly=True, help="Changes when the record changes."
    )
    is_void = fields.Boolean(string="Void", readonly=True)
    void_reason = fields.Char(string="Void because", readonly=True)
    is_erased = fields.Boolean(
        string="Picture Erased",
        readonly=True,
        help="The picture and the name were erased with the dossier; that was signed stays.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    estate_id = fields.Many2one(
        "property.estate", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    _role_uniq = models.UniqueIndex(
        "(res_model, res_id, role) WHERE is_void IS NOT TRUE",
        "Somebody else has just signed in this place. Look at the record again.",
    )
    _drawn_or_refused = models.Constraint(
        "CHECK (is_refused IS NOT TRUE OR reason IS NOT NULL)",
        "A refused signature needs the reason.",
    )

    @api.model
    def _get_about_models(self):
        return self._get_descendants("property.signature.mixin")

    @api.depends("role_name", "name")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.role_name}: {row.name}"

    @api.model_create_multi
    def create(self, vals_list):
        if vals_list:
            raise UserError(
                self.env._(
                    "Signatures are not typed in. Press Sign on the record that is to be signed."
                )
            )
        return super().create(vals_list)

    def write(self, vals):
        if self and vals:
            raise UserError(self[0]._explain_fixed())
        return super().write(vals)

    def _explain_fixed(self):
        self.ensure_one()
        return self.env._("The signature of %(name)s cannot be changed.", name=self.name)

    def _why_file_stays(self, file):
        return self._explain_fixed() if file.res_field else super()._why_file_stays(file)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        for row in self:
            raise UserError(
                self.env._(
                    "The signature of %(name)s stays on record and cannot be deleted.",
                    name=row.name,
                )
            )

    @api.model
    def _make(self, vals_list):
        """Create rows; only for the mixin, which has checked who signs."""
        # nobody has the right to create rows; who signs was checked by the record
        return super(PropertySignature, self.sudo()).create(vals_list)

    def _void(self, reason):
        """What was signed has changed: the signature stays, but does not count any more."""
        # nobody has the right to write rows; the record's own method decides to void
        return super(PropertySignature, self.sudo()).write({"is_void": True, "void_reason": reason})

    @api.model
    def _erase_of(self, occupancies):
        """Erase pictures, and the names of people who are not staff, of what was signed about
        ``occupancies``. Called with the rights of the system, after papers were destroyed."""
        rows = self.browse()
        for name in self._get_about_models():
            records = self.env[name].with_context(active_test=False)
            field = records._fields.get("occupancy_id")
            if field is None or not field.store:
                continue
            records = records.search([("occupancy_id", "in", occupancies.ids)])
            rows |= self.search([("res_model", "=", name), ("res_id", "in", records.ids)])
        for row in rows:
            vals = {"signature": False, "is_erased": True}
            if row.name != row.user_id.name:
                vals |= {"name": row.role_name, "partner_id": False}
            if row.reason:
                vals["reason"] = self.env._("erased")
            super(PropertySignature, row).write(vals)
        return rows
