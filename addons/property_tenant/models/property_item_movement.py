"""What went into the box and out of it. Made by ``_post`` only, kept for ever."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

MOVEMENT_KINDS = [
    ("initial", "First Stock"),
    ("added", "Added"),
    ("out", "Lent"),
    ("in", "Came Back"),
    ("lost", "Lost"),
    ("damaged", "Damaged"),
    ("found", "Report Withdrawn"),
    ("repaired", "Repaired"),
    ("count", "Difference Counted"),
    ("retired", "Out of Use"),
]


class PropertyItemMovement(models.Model):
    _name = "property.item.movement"
    _description = "Movement of Things Lent"
    _order = "id desc"
    _rec_name = "item_id"

    item_id = fields.Many2one(
        "property.item", required=True, readonly=True, index=True, ondelete="cascade"
    )
    estate_id = fields.Many2one(
        related="item_id.estate_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="item_id.company_id", store=True, index=True, precompute=True
    )
    kind = fields.Selection(MOVEMENT_KINDS, string="Event", required=True, readonly=True)
    quantity = fields.Integer(string="Change in the Box", readonly=True)
    quantity_out = fields.Integer(string="Change of Lent", readonly=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users",
        string="By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    loan_id = fields.Many2one(
        "property.item.loan", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    count_id = fields.Many2one(
        "property.item.count", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    incident_id = fields.Many2one(
        "property.item.incident", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    reason = fields.Char(readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        if vals_list and not self.env.su:
            raise UserError(
                self.env._("Movements are not typed in. Lend, take back, add or count the things.")
            )
        return super().create(vals_list)

    def write(self, vals):
        if self and vals:
            raise UserError(
                self.env._("The movement of %s cannot be changed.", self[0].item_id.display_name)
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        for movement in self:
            raise UserError(
                self.env._(
                    "The movement of %s stays on record and cannot be deleted.",
                    movement.item_id.display_name,
                )
            )

    @api.model
    def _post(self, vals_list):
        """Note the movements and change what is in the box; for methods that checked.

        Two at once on one thing: the second waits for the row of the thing and is
        tried again by the server, with what the first left.
        """
        if not vals_list:
            return self.browse()
        # nobody writes the ledger by hand; whoever calls has checked who may do what
        movements = self.sudo().create(vals_list)
        for item, rows in movements.grouped("item_id").items():
            in_box = item.quantity + sum(rows.mapped("quantity"))
            lent = item.quantity_out + sum(rows.mapped("quantity_out"))
            if in_box < 0 or lent < 0:
                raise UserError(
                    self.env._(
                        "%(item)s: %(quantity)s are in the box and %(out)s are lent; more cannot"
                        " leave it or come back. Count the box first.",
                        item=item.display_name,
                        quantity=item.quantity,
                        out=item.quantity_out,
                    )
                )
            item.write({"quantity": in_box, "quantity_out": lent})
        # the database refuses a wrong sum now, not somewhere later
        movements.item_id.flush_recordset(["quantity", "quantity_out"])
        return movements.with_env(self.env)

    @api.model
    def _find_wrong_sums(self, items=None):
        """Things whose box differs from the sum of their movements; empty when all is well."""
        domain = Domain("item_id", "in", items.ids) if items else Domain.TRUE
        sums = {
            item: (quantity, out)
            for item, quantity, out in self._read_group(
                domain, ["item_id"], ["quantity:sum", "quantity_out:sum"]
            )
        }
        items = items or self.env["property.item"].with_context(active_test=False).search([])
        return items.filtered(
            lambda item: (item.quantity, item.quantity_out) != sums.get(item, (0, 0))
        )
