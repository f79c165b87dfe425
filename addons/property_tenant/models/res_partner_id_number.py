from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..calc.identity import fingerprint, tidy
from ..calc.masking import Secret, is_masked, mask_identity

PRIVATE = "property_tenant.group_private_data"
#: the reception enters what is shown to it, and sees it masked afterwards
RECEPTION = "property_tenant.group_front_desk"


class ResPartnerIdNumber(models.Model):
    """An identity paper of a party. Staff see its kind, validity and masked number."""

    _name = "res.partner.id_number"
    _description = "Identity Paper"
    _inherit = ["res.partner.id_number", "property.private.mixin"]
    # neither the name nor the order may tell what the number is
    _rec_name = "name_masked"
    _rec_names_search = ["partner_id.name", "category_id.name"]
    _order = "partner_id, category_id, id"
    _private_fields = {
        "name": Secret(
            masked="name_masked",
            entry="number",
            mask=mask_identity,
            clean=tidy,
            fingerprint=fingerprint,
            entry_groups=f"{PRIVATE},{RECEPTION}",
        )
    }

    name = fields.Char(groups=PRIVATE, copy=False)
    name_masked = fields.Char(string="Masked Number", compute="_compute_private_masked", store=True)
    number = fields.Char(
        compute="_compute_private_entry",
        search="_search_number",
        readonly=False,
        help="Shown masked. Type the whole number to change it.",
    )
    number_hash = fields.Char(
        compute="_compute_number_hash",
        store=True,
        index="btree_not_null",
        groups=fields.NO_ACCESS,
        help="By this two papers with the same number are found.",
    )
    duplicate_partner_ids = fields.Many2many(
        "res.partner",
        string="Same Number",
        compute="_compute_duplicate_partner_ids",
        help="Other parties that have a paper with this number.",
    )
    partner_id = fields.Many2one(index=True)

    @api.depends("category_id.name", "name_masked")
    def _compute_display_name(self):
        for paper in self:
            paper.display_name = f"{paper.category_id.name or ''} {paper.name_masked or ''}".strip()

    @api.depends("name")
    def _compute_number_hash(self):
        for paper in self:
            paper.number_hash = fingerprint(paper.name) or False

    @api.depends("name_masked", "partner_id")
    def _compute_duplicate_partner_ids(self):
        # that a number is the same tells nothing about the number
        papers = self.sudo()
        same = papers._find_same(papers.mapped("number_hash")).grouped("number_hash")
        for paper in self:
            twins = same.get(paper.sudo().number_hash, papers.browse())
            paper.duplicate_partner_ids = (twins.partner_id - paper.partner_id).sudo(False)

    @api.model
    def _find_same(self, hashes):
        """Papers with one of the numbers behind ``hashes``, also those put away."""
        found = self.sudo().with_context(active_test=False)
        return found.search([("number_hash", "in", [value for value in hashes if value])])

    def _search_number(self, operator, value):
        """Who may see numbers finds a paper by its whole number; parts are not searched."""
        if operator != "in":
            return NotImplemented
        if not self._may_reveal("name"):
            return Domain.FALSE
        same = self._find_same([fingerprint(number) for number in value if number])
        return Domain("id", "in", same.ids)

    def _private_values(self, vals):
        """Who may not see numbers enters new ones, and corrects those entered by himself."""
        result = super()._private_values(vals)
        user = self.env.user
        reception = user.has_group(RECEPTION) and not user.has_group(PRIVATE)
        if "name" in result and reception and not self.env.su:
            # that there is a number is shown by its mask
            kept = self.filtered(lambda paper: paper.name_masked)
            foreign = kept.filtered(lambda paper: paper.create_uid != user)
            if foreign:
                raise AccessError(
                    self.env._(
                        "The number of %(paper)s was entered by %(name)s. Enter the new paper"
                        " beside it, or ask somebody who may see numbers to correct this one.",
                        paper=foreign[0].display_name,
                        name=foreign[0].create_uid.sudo().name,
                    )
                )
        return result

    @api.onchange("number", "partner_id")
    def _onchange_number_of_another_party(self):
        if not self.number or is_masked(self.number):
            return None
        same = self._find_same([fingerprint(self.number)])
        others = same.partner_id - self.partner_id._origin
        if not others:
            return None
        return {
            "warning": {
                "title": self.env._("Number Already Known"),
                "message": self.env._(
                    "%(others)s already has a paper with this number. Open that party instead of"
                    " entering it a second time, or compare the number with the paper.",
                    others=", ".join(others.mapped("display_name")),
                ),
            }
        }

    @api.constrains("name", "category_id")
    def validate_id_number(self):
        """Check the numbers against the form of their kind."""
        self.check_access("read")
        # the form is checked by the system: those who enter a number cannot read it
        return super(ResPartnerIdNumber, self.sudo()).validate_id_number()

    @api.model
    def _search_duplicates_of(self, number):
        """Parties that have a paper with ``number``; for imports and other addons."""
        return self._find_same([fingerprint(number)]).partner_id.sudo(False)

    def _is_valid(self, today):
        """Whether the paper may be shown on the local day ``today``."""
        self.ensure_one()
        return self.active and (not self.valid_until or self.valid_until >= today)
