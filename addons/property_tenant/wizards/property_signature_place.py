from odoo import fields, models


class PropertySignaturePlace(models.TransientModel):
    """A place on the paper where somebody can sign now."""

    _name = "property.signature.place"
    _description = "Place for a Signature"
    _order = "id"
    _rec_name = "label"

    window_id = fields.Many2one(
        "property.signature.sign", string="Record", ondelete="cascade", index=True
    )
    role = fields.Char(string="Role Code", required=True, readonly=True)
    label = fields.Char(string="Signs as", required=True, readonly=True)
    is_staff = fields.Boolean(string="Signed by Staff", readonly=True)
    name = fields.Char(string="Signed by", readonly=True)
