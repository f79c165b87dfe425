from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

from ..calc.approval import Gate
from ..calc.lending import count_due
from ..calc.signature import Role

COUNT_STATES = [
    ("draft", "To Count"),
    ("counting", "Being Counted"),
    ("waiting", "Differences to Approve"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
]

#: follows from what is done with the buttons
OF_SYSTEM = {"state", "date_done", "user_id", "lent_ids"}

#: what was counted and signed stays
FROZEN = {"estate_id", "purpose", "kind_ids", "custodian_id", "receiver_id", "line_ids"}

#: in the context while a count saves its lines; no caller from outside has the object
SAVING_KEY, SAVING = "property_item_count_saving", object()


class PropertyItemCount(models.Model):
    """The box is counted and compared with the ledger; or handed to another custodian."""

    _name = "property.item.count"
    _description = "Count of Things Lent"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "property.numbered.mixin",
        "property.approval.mixin",
        "property.signature.mixin",
    ]
    _order = "date desc, id desc"
    _check_company_auto = True
    _number_series = "KC"
    _number_on_create = False

    estate_id = fields.Many2one(
        "property.estate",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["property.item.slip"]._get_own_estate(),
    )
    company_id = fields.Many2one(
        related="estate_id.company_id", store=True, index=True, precompute=True
    )
    purpose = fields.Selection(
        [("periodic", "Periodic Count"), ("handover", "Handover of the Box")],
        string="Kind of Count",
        required=True,
        default="periodic",
        tracking=True,
    )
    kind_ids = fields.Many2many(
        "property.item.kind", string="Kinds", help="What is counted; empty: everything."
    )
    custodian_id = fields.Many2one(
        "res.users",
        domain=[("share", "=", False)],
        ondelete="restrict",
        help="Whose box is counted; empty: everybody's.",
        tracking=True,
    )
    receiver_id = fields.Many2one(
        "res.users",
        string="Handed to",
        domain=[("share", "=", False)],
        ondelete="restrict",
        tracking=True,
        help="Who answers for the box from now on.",
    )
    user_id = fields.Many2one("res.users", string="Counted by", readonly=True, copy=False)
    date = fields.Date(
        string="Planned for", required=True, default=fields.Date.context_today, tracking=True
    )
    date_done = fields.Datetime(string="Done on", readonly=True, copy=False)
    state = fields.Selection(
        COUNT_STATES, required=True, default="draft", readonly=True, copy=False, tracking=True
    )
    line_ids = fields.One2many("property.item.count.line", "count_id", string="Things")
    lent_ids = fields.Many2many(
        "property.item.loan",
        string="Lent Meanwhile",
        readonly=True,
        copy=False,
        help="What was in somebody's hands when the counting began.",
    )
    line_count = fields.Integer(compute="_compute_lines")
    open_count = fields.Integer(string="Not Counted Yet", compute="_compute_lines")
    difference_count = fields.Integer(string="Differences", compute="_compute_lines")
    note = fields.Text()

    _receiver_of_handover = models.Constraint(
        "CHECK (purpose <> 'handover' OR receiver_id IS NOT NULL)",
        "Choose who gets the box.",
    )

    @api.depends("line_ids.is_counted", "line_ids.difference")
    def _compute_lines(self):
        for count in self:
            lines = count.line_ids
            count.line_count = len(lines)
            count.open_count = len(lines.filtered(lambda line: not line.is_counted))
            count.difference_count = len(lines.filtered("difference"))

    @api.depends("number", "estate_id.name", "date")
    def _compute_display_name(self):
        for count in self:
            label = count.number or self.env._("Count")
            count.display_name = f"{label} {count.estate_id.name or ''}".strip()

    @api.constrains("custodian_id", "receiver_id", "purpose")
    def _check_receiver(self):
        for count in self:
            if count.purpose == "handover" and count.receiver_id == count.custodian_id:
                raise ValidationError(
                    self.env._(
                        "%s has the box already. Choose somebody else.",
                        count.receiver_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        fresh = {"state": "draft", "date_done": False, "user_id": False, "lent_ids": []}
        return super().create([{**vals, **fresh} for vals in vals_list])

    def write(self, vals):
        # the lines leave the signatures to the count, which looks at them once
        counts = self.with_context(**{SAVING_KEY: SAVING}) if "line_ids" in vals else self
        if self and not self.env.su:
            if OF_SYSTEM & vals.keys():
                raise UserError(
                    self.env._(
                        "%s is counted and closed with the buttons of its form.",
                        self[0].display_name,
                    )
                )
            for count in self:
                changed = (FROZEN - {"line_ids"}) & vals.keys()
                if (changed and count.state != "draft") or (
                    "line_ids" in vals and count.state not in ("draft", "counting")
                ):
                    raise UserError(
                        self.env._("%s has begun and stays as it is.", count.display_name)
                    )
        return super(PropertyItemCount, counts).write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        for count in self:
            if count.state not in ("draft", "cancelled"):
                raise UserError(
                    self.env._("%s was counted and stays on record.", count.display_name)
                )

    # --- approval -------------------------------------------------------------------

    def _approval_gates(self):
        return super()._approval_gates() | {
            "adjust": Gate(
                self.env._("Differences"),
                guards={"state": ("done",)},
                invalidated_by=("line_ids.quantity_counted", "line_ids.reason"),
                required=True,
            )
        }

    def _approval_needed(self, gate, before):
        needed = super()._approval_needed(gate, before)
        return needed.filtered("difference_count") if gate == "adjust" else needed

    def _approval_amount(self):
        """What the missing pieces cost."""
        return sum(
            -line.difference * line.item_id.kind_id.price
            for line in self.line_ids
            if line.difference < 0
        )

    def _approval_granted(self, gate):
        if gate == "adjust":
            self.filtered(lambda count: count.state == "waiting")._finish()
        return super()._approval_granted(gate)

    def _approval_rejected(self, gate, opinion):
        if gate == "adjust":
            # who counts again signs again
            self.filtered(lambda count: count.state == "waiting").write({"state": "counting"})
        return super()._approval_rejected(gate, opinion)

    # --- signature --------------------------------------------------------------------

    def _signature_roles(self):
        counter = self.user_id.name or self.env.user.name
        if self.purpose == "handover":
            return {
                "giver": Role(
                    self.env._("Hands the Box Over"), name=self.custodian_id.name or counter
                ),
                "receiver": Role(self.env._("Takes the Box Over"), name=self.receiver_id.name),
            }
        return {
            "counter": Role(self.env._("Counted by"), staff=True),
            "custodian": Role(
                self.env._("Custodian"), required=False, name=self.custodian_id.name or ""
            ),
        }

    def _signature_version_values(self):
        return [[line.item_id.id, line.quantity_counted] for line in self.line_ids.sorted("id")]

    def _signature_check(self, role):
        result = super()._signature_check(role)
        if self.state != "counting" or self.open_count:
            raise UserError(
                self.env._("%s is signed when everything is counted.", self.display_name)
            )
        return result

    # --- counting -----------------------------------------------------------------------

    def _get_box_domain(self):
        """What the custodian answers for, wherever it is."""
        domain = Domain("estate_id", "=", self.estate_id.id)
        if self.kind_ids:
            domain &= Domain("kind_id", "in", self.kind_ids.ids)
        if self.custodian_id:
            domain &= Domain("custodian_id", "=", self.custodian_id.id)
        return domain

    def _get_items(self):
        return self.env["property.item"].search(
            self._get_box_domain()
            & Domain("condition", "=", "good")
            # what is in somebody's hands cannot be counted in the box
            & (Domain("quantity", ">", 0) | Domain("is_serial", "=", False))
        )

    def _get_lent(self):
        """What of the box is in somebody's hands."""
        return self.env["property.item.loan"].search(
            Domain("state", "=", "out") & Domain("item_id", "any", self._get_box_domain())
        )

    def action_start(self):
        """Write down what the ledger says; now it is counted."""
        self.check_access("write")
        for count in self:
            if count.state != "draft":
                raise UserError(self.env._("%s has begun already.", count.display_name))
            items = count._get_items()
            if not items:
                raise UserError(
                    self.env._("Nothing is in the box that %s could count.", count.display_name)
                )
            # the first column is the ledger's, and the state follows from the buttons; the
            # right to write was checked
            count.sudo().write(
                {
                    "state": "counting",
                    "user_id": self.env.uid,
                    "lent_ids": [Command.set(count._get_lent().ids)],
                    "line_ids": [
                        Command.create({"item_id": item.id, "quantity_ledger": item.quantity})
                        for item in items
                    ],
                }
            )
            count.sudo()._give_numbers()

    def action_count_as_ledger(self):
        """Whatever was not counted one by one is there as the ledger says."""
        self.check_access("write")
        for count in self:
            count.write(
                {
                    "line_ids": [
                        Command.update(
                            line.id, {"quantity_counted": line.quantity_ledger, "is_counted": True}
                        )
                        for line in count.line_ids
                        if not line.is_counted
                    ]
                }
            )

    def action_finish(self):
        """Close the count; differences wait for an approval."""
        self.check_access("write")
        for count in self:
            count._check_finished()
            if not count.difference_count:
                count._finish()
                continue
            # the state follows from the buttons; the right to write was checked
            count.sudo().write({"state": "waiting"})
            count._request_approval("adjust")

    def _check_finished(self):
        self.ensure_one()
        if self.state != "counting":
            raise UserError(self.env._("%s is not being counted.", self.display_name))
        for line in self.line_ids:
            if not line.is_counted:
                raise UserError(self.env._("%s is not counted yet.", line.item_id.display_name))
            if line.difference and not line.reason:
                raise UserError(
                    self.env._(
                        "%(item)s: the ledger says %(ledger)s, you counted %(counted)s. Write"
                        " down what you know about it.",
                        item=line.item_id.display_name,
                        ledger=line.quantity_ledger,
                        counted=line.quantity_counted,
                    )
                )
        self._signature_check_complete()

    def _finish(self):
        """Make the ledger say what was counted; for methods that checked who decides."""
        for count in self:
            wrong = count.line_ids.filtered("difference")
            # state and ledger follow from the count; the gate is checked in write()
            count.sudo().write({"state": "done", "date_done": fields.Datetime.now()})
            self.env["property.item.movement"]._post(
                [
                    {
                        "item_id": line.item_id.id,
                        "kind": "count",
                        "quantity": line.difference,
                        "count_id": count.id,
                        "reason": line.reason,
                    }
                    for line in wrong
                ]
            )
            missing = wrong.filtered(lambda line: line.item_id.is_serial and line.difference < 0)
            missing.item_id.sudo().write({"condition": "lost"})
            count.line_ids.item_id.sudo().write({"date_counted": count.estate_id._today()})
            if count.purpose == "handover":
                count._hand_over()
            count.sudo().activity_ids.filtered("automated").unlink()

    def _hand_over(self):
        """Who gets the box answers for what is lent, broken or lost, too."""
        self.ensure_one()
        box = self.env["property.item"].sudo().with_context(active_test=False)
        items = box.search(self._get_box_domain()) | self.line_ids.item_id.sudo()
        items.filtered(lambda item: item.custodian_id != self.receiver_id).write(
            {"custodian_id": self.receiver_id.id}
        )

    def action_cancel(self):
        """Give up the count."""
        self.check_access("write")
        for count in self:
            if count.state not in ("draft", "counting", "waiting"):
                raise UserError(self.env._("%s is closed.", count.display_name))
        # the state follows from the buttons; the right to write was checked
        self.sudo().write({"state": "cancelled"})
        self.sudo().activity_ids.filtered("automated").unlink()
        self._approval_void(["adjust"], self.env._("the count was cancelled"))

    # --- the nightly check ----------------------------------------------------------------

    @api.model
    def _open_due(self, estate, today):
        """Open a count of each kind of which one is due, for who answers for the box."""
        Item = self.env["property.item"]
        waiting = self.search(
            [("estate_id", "=", estate.id), ("state", "in", ("draft", "counting", "waiting"))]
        )
        if any(not count.kind_ids for count in waiting):
            return
        counted = Item._read_group(
            [("estate_id", "=", estate.id), ("condition", "=", "good")],
            ["kind_id"],
            ["date_counted:min", "date_counted:count", "__count", "create_date:min"],
        )
        due = self.env["property.item.kind"]
        for kind, last, dated, number, made in counted:
            first = estate._local_date(made)
            # what was never counted counts from the day it was entered
            since = min(last or first, first) if dated < number else last
            if kind.active and count_due(since, kind.count_days, today):
                due |= kind
        due -= waiting.kind_ids
        model_id = self.env["ir.model"]._get_id(self._name)
        todo = self.env.ref("mail.mail_activity_data_todo")
        counts = self.create(
            [
                {"estate_id": estate.id, "kind_ids": [Command.set(kinds.ids)], "date": today}
                for kinds in due.grouped(lambda kind: kind._get_custodian()).values()
            ]
        )
        self.env["mail.activity"].create(
            [
                {
                    "activity_type_id": todo.id,
                    "res_model_id": model_id,
                    "res_id": count.id,
                    "user_id": user.id,
                    "date_deadline": today,
                    "automated": True,
                    "summary": self.env._(
                        "Count due: %s", ", ".join(count.kind_ids.mapped("name"))
                    ),
                }
                for count in counts
                if (user := count.kind_ids[:1]._get_custodian()) and user.active
            ]
        )
