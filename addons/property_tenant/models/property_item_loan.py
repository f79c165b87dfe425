from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..calc.lending import (
    due_date,
    is_overdue,
    loan_state,
    open_quantity,
    without_defaults,
)

LOAN_STATES = [
    ("draft", "Draft"),
    ("out", "Out"),
    ("returned", "Returned"),
    ("lost", "Lost"),
    ("cancelled", "Cancelled"),
]

#: what a loan created without a slip says about its slip
OF_SLIP = (
    "occupancy_id",
    "partner_id",
    "user_id",
    "holder_kind",
    "holder_name",
    "document",
    "purpose",
)

#: follows from what is done with the buttons
OF_SYSTEM = {
    "state",
    "quantity_returned",
    "quantity_lost",
    "date_out",
    "date_in",
    "received_by_id",
    "date_told",
}

#: what a user may say of a loan that is handed out; everything else stays as it was signed
OPEN = {"date_due", "note"}

#: what a user enters; everything else follows from the slip, the thing and the buttons
TYPED = OPEN | {"slip_id", "item_id", "quantity", "is_tested"}


class PropertyItemLoan(models.Model):
    """One thing, or some equal pieces, with one holder."""

    _name = "property.item.loan"
    _description = "Loan"
    _inherit = ["property.constraint.check"]
    _order = "date_out desc, id desc"
    _rec_names_search = ["number", "item_id.serial", "holder"]
    _check_company_auto = True
    _required_constraints = ("_serial_out_once", "_quantities_in_order")

    slip_id = fields.Many2one(
        "property.item.slip", required=True, index=True, ondelete="cascade", string="Loan Slip"
    )
    number = fields.Char(related="slip_id.number", store=True, index="trigram")
    item_id = fields.Many2one(
        "property.item",
        string="Thing",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    kind_id = fields.Many2one(related="item_id.kind_id", store=True, index=True, precompute=True)
    category = fields.Selection(related="item_id.category", store=True, precompute=True)
    is_serial = fields.Boolean(related="item_id.is_serial", store=True, precompute=True)
    serial = fields.Char(related="item_id.serial", string="Number of the Thing")
    estate_id = fields.Many2one(
        related="item_id.estate_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="item_id.company_id", store=True, index=True, precompute=True
    )
    unit_id = fields.Many2one(
        "property.unit",
        compute="_compute_unit_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    occupancy_id = fields.Many2one(
        related="slip_id.occupancy_id", store=True, index="btree_not_null", precompute=True
    )
    partner_id = fields.Many2one(
        related="slip_id.partner_id", store=True, index="btree_not_null", precompute=True
    )
    user_id = fields.Many2one(
        related="slip_id.user_id", store=True, index="btree_not_null", precompute=True
    )
    holder_kind = fields.Selection(related="slip_id.holder_kind", store=True, precompute=True)
    holder = fields.Char(related="slip_id.holder", string="Held by", store=True, precompute=True)
    purpose = fields.Char(related="slip_id.purpose")
    custodian_id = fields.Many2one(related="item_id.custodian_id", store=True, precompute=True)
    quantity = fields.Integer(required=True, default=1)
    quantity_in_box = fields.Integer(related="item_id.quantity", string="In the Box")
    quantity_returned = fields.Integer(string="Returned", readonly=True, copy=False)
    quantity_lost = fields.Integer(string="Lost", readonly=True, copy=False)
    quantity_open = fields.Integer(
        string="Still Out", compute="_compute_quantity_open", store=True, precompute=True
    )
    is_tested = fields.Boolean(
        string="Tested", help="It was tried out in front of who gets it: the key opens the door."
    )
    date_out = fields.Datetime(string="Out on", readonly=True, copy=False, index=True)
    date_due = fields.Date(
        string="Due",
        compute="_compute_date_due",
        store=True,
        readonly=False,
        copy=False,
        index=True,
        help="The last day of the loan.",
    )
    date_in = fields.Datetime(string="Back on", readonly=True, copy=False)
    received_by_id = fields.Many2one(
        "res.users", string="Taken Back by", readonly=True, copy=False, ondelete="restrict"
    )
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    date_told = fields.Date(
        string="Told for",
        readonly=True,
        copy=False,
        help="The day it was due when the custodian was told that it is overdue.",
    )
    state = fields.Selection(
        LOAN_STATES, required=True, default="draft", readonly=True, copy=False, index=True
    )
    note = fields.Char(help="What was said when it came back.")
    incident_ids = fields.One2many("property.item.incident", "loan_id", string="Loss and Damage")

    # What must never happen: a thing with a number of its own in two hands.
    _serial_out_once = models.UniqueIndex(
        "(item_id) WHERE is_serial AND state = 'out'",
        "This thing is lent already. Take it back first.",
    )
    _quantities_in_order = models.Constraint(
        "CHECK (quantity > 0 AND quantity_returned >= 0 AND quantity_lost >= 0"
        " AND quantity_returned + quantity_lost <= quantity)",
        "No more can come back than was lent.",
    )
    _serial_one = models.Constraint(
        "CHECK (is_serial IS NOT TRUE OR quantity = 1)",
        "A thing with a number of its own is lent once.",
    )

    @api.depends("item_id.unit_id", "occupancy_id.unit_id")
    def _compute_unit_id(self):
        for loan in self:
            loan.unit_id = loan.item_id.unit_id or loan.occupancy_id.unit_id

    @api.depends("quantity", "quantity_returned", "quantity_lost")
    def _compute_quantity_open(self):
        for loan in self:
            loan.quantity_open = open_quantity(
                loan.quantity, loan.quantity_returned or 0, loan.quantity_lost or 0
            )

    @api.depends("item_id", "holder_kind", "occupancy_id.date_end")
    def _compute_date_due(self):
        for loan in self:
            if not loan.item_id or not loan.holder_kind:
                loan.date_due = False
            elif loan.state == "draft" or loan._ends_with_occupancy():
                loan.date_due = loan._get_due_date()
            else:
                loan.date_due = loan.date_due

    @api.depends("state", "date_due")
    def _compute_is_overdue(self):
        for loan in self:
            loan.is_overdue = loan.state == "out" and is_overdue(
                loan.date_due, loan.estate_id._today()
            )

    def _search_is_overdue(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        # a day is over at another hour in each estate; which estates there are is no secret
        estates = self.env["property.estate"].sudo().with_context(active_test=False).search([])
        late = Domain.OR(
            Domain("estate_id", "in", group.ids) & Domain("date_due", "<", today)
            for today, group in estates.grouped(lambda estate: estate._today()).items()
        )
        domain = Domain("state", "=", "out") & late
        return domain if (True in value) == (operator == "in") else ~domain

    def _ends_with_occupancy(self):
        return self.kind_id._get_due_rule(self.holder_kind) == "occupancy"

    def _get_due_date(self):
        self.ensure_one()
        kind, estate = self.item_id.kind_id, self.item_id.estate_id
        rule = kind._get_due_rule(self.holder_kind)
        day = estate._local_date(self.date_out) if self.date_out else estate._today()
        return due_date(rule, kind.due_days, day, self.occupancy_id.date_end or None) or False

    @api.depends("item_id.display_name", "holder")
    def _compute_display_name(self):
        for loan in self:
            loan.display_name = " · ".join(
                part for part in (loan.item_id.display_name, loan.holder) if part
            )

    @api.constrains("item_id", "slip_id")
    def _check_slip_estate(self):
        for loan in self:
            if loan.slip_id.estate_id != loan.item_id.estate_id:
                raise UserError(
                    self.env._(
                        "%(item)s is of the estate %(estate)s, the slip of %(slip)s. Write a slip"
                        " for each estate.",
                        item=loan.item_id.display_name,
                        estate=loan.item_id.estate_id.display_name,
                        slip=loan.slip_id.estate_id.display_name,
                    )
                )

    # --- create, write, delete ----------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Loans without a slip get one each; those that are out already are handed out now."""
        going = [vals.get("state") == "out" for vals in vals_list]
        fresh = dict.fromkeys(OF_SYSTEM, False) | {
            "state": "draft",
            "quantity_returned": 0,
            "quantity_lost": 0,
        }
        prepared = []
        for vals in vals_list:
            if not vals.get("slip_id"):
                vals = {**vals, "slip_id": self._make_slip(vals).id}
            prepared.append({name: vals[name] for name in TYPED & vals.keys()} | fresh)
        derived = self._fields.keys() - TYPED - fresh.keys()
        plain = self.with_env(self.env(context=without_defaults(self.env.context, derived)))
        loans = super(PropertyItemLoan, plain).create(prepared).with_env(self.env)
        loans._check_slip_is_draft()
        slips = self.env["property.item.slip"].union(
            *(loan.slip_id for loan, out in zip(loans, going, strict=True) if out)
        )
        for slip in slips:
            slip.action_hand_out()
        return loans

    def _check_slip_is_draft(self):
        for slip in self.slip_id:
            if slip.state != "draft":
                raise UserError(
                    self.env._(
                        "%s was handed out: nothing can be added. Write a new slip.",
                        slip.display_name,
                    )
                )

    def _make_slip(self, vals):
        """A slip for a loan that was created without one."""
        values = {name: vals[name] for name in OF_SLIP if name in vals}
        values["estate_id"] = self.env["property.item"].browse(vals.get("item_id")).estate_id.id
        if "holder_kind" not in values:
            if values.get("occupancy_id"):
                values["holder_kind"] = "occupant"
            else:
                values["holder_kind"] = "staff" if values.get("user_id") else "outsider"
        return self.env["property.item.slip"].create(values)

    def write(self, vals):
        if self and not self.env.su:
            if OF_SYSTEM & vals.keys():
                raise UserError(
                    self.env._(
                        "%s is handed out and taken back with the buttons.", self[0].display_name
                    )
                )
            if vals.keys() - TYPED:
                raise UserError(
                    self.env._(
                        "%s: who holds it and what it is follow from the slip and the thing."
                        " Change it there, before it is handed out.",
                        self[0].display_name,
                    )
                )
            for loan in self.filtered(lambda loan: loan.state != "draft"):
                loan._check_change(vals)
        result = super().write(vals)
        if "slip_id" in vals and not self.env.su:
            self._check_slip_is_draft()
        if "date_due" in vals:
            self.slip_id._forget_overdue()
        return result

    def _check_change(self, vals):
        if vals.keys() - OPEN:
            raise UserError(
                self.env._(
                    "%s was handed out and stays as it was signed. Take it back and hand it out"
                    " again.",
                    self.display_name,
                )
            )
        if "date_due" in vals and not self.env.user.has_group("property_tenant.group_supervisor"):
            raise UserError(
                self.env._(
                    "Only a supervisor extends %s. Otherwise take it back and hand it out again.",
                    self.display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        for loan in self:
            if loan.state not in ("draft", "cancelled"):
                raise UserError(
                    self.env._("%s was handed out and stays on record.", loan.display_name)
                )

    # --- out and back ---------------------------------------------------------------

    def _go_out(self):
        """The things leave the box; for the slip, which has checked everything."""
        now = fields.Datetime.now()
        self.write({"state": "out", "date_out": now})
        # a slip may have been written on another day than it is handed out
        stale = self.filtered(
            lambda loan: not loan.date_due or loan.date_due < loan.estate_id._local_date(now)
        )
        for day, loans in stale.grouped(lambda loan: loan._get_due_date()).items():
            loans.write({"date_due": day})
        self.flush_recordset()
        self.env["property.item.movement"]._post(
            [
                {
                    "item_id": loan.item_id.id,
                    "kind": "out",
                    "quantity": -loan.quantity,
                    "quantity_out": loan.quantity,
                    "loan_id": loan.id,
                }
                for loan in self
            ]
        )

    def _check_due(self):
        """Refuse to lend longer than the kind says: that is for a supervisor."""
        for loan in self:
            last = loan._get_due_date()
            if last and loan.date_due and loan.date_due > last:
                raise UserError(
                    self.env._(
                        "%(loan)s is due on %(last)s at the latest. Only a supervisor lends it for"
                        " longer.",
                        loan=loan.display_name,
                        last=format_date(self.env, last),
                    )
                )

    def _check_open(self, quantity):
        self.ensure_one()
        if self.state != "out":
            raise UserError(self.env._("%s is not out any more.", self.display_name))
        if not 0 < quantity <= self.quantity_open:
            raise UserError(
                self.env._(
                    "%(loan)s: %(open)s are still out, so %(quantity)s cannot come back.",
                    loan=self.display_name,
                    open=self.quantity_open,
                    quantity=quantity,
                )
            )

    def _take_back(self, quantities, note=""):
        """The holder brings back pieces: ``quantities`` is {loan: number}.

        For methods that checked the user's right to write.
        """
        for loan, quantity in quantities.items():
            loan._check_open(quantity)
        self.env["property.item.movement"]._post(
            [
                {
                    "item_id": loan.item_id.id,
                    "kind": "in",
                    "quantity": quantity,
                    "quantity_out": -quantity,
                    "loan_id": loan.id,
                }
                for loan, quantity in quantities.items()
            ]
        )
        for loan, quantity in quantities.items():
            loan._settle({"quantity_returned": loan.quantity_returned + quantity}, note)
        slips = self.browse().union(*quantities).slip_id
        slips._note_return()
        slips._close_if_complete()

    def _settle(self, vals, note=""):
        """Write what came back or is lost, and the state that follows."""
        self.ensure_one()
        state = loan_state(
            self.quantity,
            vals.get("quantity_returned", self.quantity_returned),
            vals.get("quantity_lost", self.quantity_lost),
        )
        if state == "out":
            closed = {"date_in": False, "received_by_id": False}
        else:
            closed = {"date_in": fields.Datetime.now(), "received_by_id": self.env.uid}
        if note:
            closed["note"] = note
        # figures and state follow from what the method that called has checked
        self.sudo().write({**vals, **closed, "state": state})

    def action_take_back(self):
        """Open the window that takes the things back."""
        self.check_access("write")
        loans = self.filtered(lambda loan: loan.state == "out")
        if not loans:
            raise UserError(self.env._("Nothing of this is out any more."))
        return self.env["property.item.return"]._open(loans)

    def action_report(self):
        """Open a new report of loss or damage."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "out":
            raise UserError(self.env._("%s is not out any more.", self.display_name))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report Loss or Damage"),
            "res_model": "property.item.incident",
            "view_mode": "form",
            "context": {
                "default_loan_id": self.id,
                "default_item_id": self.item_id.id,
                "default_quantity": self.quantity_open,
            },
        }

    def action_open_slip(self):
        """Open the slip of the loan."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.item.slip",
            "res_id": self.slip_id.id,
            "view_mode": "form",
        }

    # --- the nightly check ------------------------------------------------------------

    @api.model
    def _check_overdue(self, estate, today):
        """Tell who answers for the box what should have come back; once for each day due."""
        late = self.search(
            Domain("estate_id", "=", estate.id)
            & Domain("state", "=", "out")
            & Domain("date_due", "<", today)
        ).filtered(lambda loan: loan.date_told != loan.date_due)
        if not late:
            return
        for day, loans in late.grouped("date_due").items():
            # only the nightly check writes for which day it told
            loans.sudo().write({"date_told": day})
        todo = self.env.ref("mail.mail_activity_data_todo")
        model_id = self.env["ir.model"]._get_id("property.item.slip")
        names = {}
        for (slip, user), loans in late.grouped(
            lambda loan: (loan.slip_id, loan.item_id._get_custodian() or loan.slip_id.issued_by_id)
        ).items():
            if user and user.active:
                names[slip, user] = ", ".join(loans.item_id.mapped("display_name"))
        self.env["mail.activity"].create(
            [
                {
                    "activity_type_id": todo.id,
                    "res_model_id": model_id,
                    "res_id": slip.id,
                    "user_id": user.id,
                    "date_deadline": today,
                    "automated": True,
                    "summary": self.env._("Overdue: %s", what),
                }
                for (slip, user), what in names.items()
            ]
        )
