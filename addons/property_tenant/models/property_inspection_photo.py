import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyInspectionPhoto(models.Model):
    """A photo of a point or of a defect; who sees these sees the photo."""

    _name = "property.inspection.photo"
    _description = "Photo of an Inspection"
    _order = "id"

    line_id = fields.Many2one(
        "property.inspection.line", string="Point", index="btree_not_null", ondelete="cascade"
    )
    defect_id = fields.Many2one("property.defect", index="btree_not_null", ondelete="cascade")
    inspection_id = fields.Many2one(
        related="line_id.inspection_id", store=True, index="btree_not_null"
    )
    estate_id = fields.Many2one(
        "property.estate",
        compute="_compute_estate_id",
        store=True,
        precompute=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="estate_id.company_id", store=True, precompute=True, index=True
    )
    is_after = fields.Boolean(string="After Mending")
    image = fields.Image(required=True, max_width=1600, max_height=1600)
    image_256 = fields.Image(
        string="Small Image", related="image", max_width=256, max_height=256, store=True
    )

    @api.depends("line_id", "defect_id")
    def _compute_estate_id(self):
        for photo in self:
            photo.estate_id = photo.line_id.estate_id or photo.defect_id.estate_id

    @api.depends("line_id", "defect_id")
    def _compute_display_name(self):
        for photo in self:
            photo.display_name = photo.defect_id.number or photo.line_id.display_name or ""

    @api.model_create_multi
    def create(self, vals_list):
        if not all(_is_photo(vals.get("image")) for vals in vals_list):
            raise UserError(
                self.env._("This file is no photo. Take a photo, or choose a JPEG or PNG file.")
            )
        if not all(vals.get("line_id") or vals.get("defect_id") for vals in vals_list):
            raise UserError(self.env._("A photo belongs to a point or to a defect. Choose it."))
        photos = super().create(vals_list)
        photos._check_open()
        return photos

    def write(self, vals):
        if self and vals.keys() - {"defect_id", "is_after"}:
            raise UserError(self._explain_fixed())
        if not self.env.su:
            self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        self._check_open()

    def _explain_fixed(self):
        return self.env._("A photo is not changed. Take it away and take another.")

    def _why_file_stays(self, file):
        if file.res_field:
            return self._explain_fixed()
        return super()._why_file_stays(file)

    def _check_open(self):
        """Photos of what is finished stay, and none are added."""
        for photo in self:
            inspection = photo.line_id.inspection_id
            if inspection and inspection.state not in ("planned", "in_progress"):
                raise UserError(inspection._explain_closed())
            if not inspection and photo.defect_id.state in ("accepted", "cancelled"):
                raise UserError(
                    self.env._(
                        "%(defect)s is closed, so its photos stay as they are.",
                        defect=photo.defect_id.display_name,
                    )
                )


def _is_photo(image):
    """Whether ``image`` is base64 of what cameras make: JPEG, PNG or WebP."""
    try:
        raw = base64.b64decode(image or b"", validate=True)
    except (binascii.Error, ValueError, TypeError):
        return False
    return raw.startswith((b"\x89PNG", b"\xff\xd8")) or (raw[:4], raw[8:12]) == (b"RIFF", b"WEBP")
