from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..calc.approval import APPROVED

NOTICE_WAYS = [
    ("letter", "Letter"),
    ("email", "E-Mail"),
    ("desk", "At the Desk"),
    ("phone", "Phone"),
    ("term", "End of the Contract"),
    ("sale", "Sold"),
    ("transfer", "Handed Over to Another Party"),
    ("manager", "By the Management"),
]


class PropertyOccupancy(models.Model):
    """How an occupancy comes to its end.

    Notice sets the last day, and says how and when it was given; a successor
    can be reserved only then. The unit is cleared by steps of its own, and the
    occupancy ends when nothing is open any more.
    """

    _inherit = "property.occupancy"

    notice_date = fields.Date(string="Notice Given on", tracking=True, copy=False)
    notice_way = fields.Selection(NOTICE_WAYS, string="Notice by", tracking=True, copy=False)
    clearance_missing = fields.Text(
        string="Still Open",
        compute="_compute_clearance_missing",
        help="What is open before the occupancy can end, one matter in each line.",
    )
    successor_id = fields.Many2one("property.occupancy", compute="_compute_successor_id")

    @api.depends("state", "override_missing", "approval_state", "step_ids.state")
    def _compute_clearance_missing(self):
        leaving = self.filtered(lambda occupancy: occupancy.state in ("notice", "clearing"))
        states = leaving._origin._approval_gate_states("override")
        for occupancy in self:
            missing = occupancy._get_clearance_obstacles() if occupancy in leaving else []
            if states.get(occupancy._origin.id) == APPROVED:
                missing = occupancy._get_uncovered(missing)
            occupancy.clearance_missing = occupancy._get_missing_lines(missing)

    @api.depends("unit_id", "kind", "date_end")
    def _compute_successor_id(self):
        for occupancy in self:
            occupancy.successor_id = occupancy._origin._get_successor() if occupancy.id else False

    def write(self, vals):
        if vals.get("state") == "notice":
            self._check_notice_known(vals)
        return super().write(vals)

    def _check_notice_known(self, vals):
        """Notice says how and when it was given."""
        for occupancy in self.filtered(lambda occupancy: occupancy.state == "active"):
            for name in ("notice_date", "notice_way"):
                if not vals.get(name, occupancy[name]):
                    raise UserError(
                        self.env._(
                            "Say how and when notice of %(occupancy)s was given: press"
                            " Give Notice.",
                            occupancy=occupancy.display_name,
                        )
                    )

    def action_open_notice(self):
        """Ask for the last day, and how and when notice was given."""
        return self._open_leaving_window("property.occupancy.notice", self.env._("Notice"))

    def action_open_stay(self):
        """Ask until when the party stays."""
        return self._open_leaving_window("property.occupancy.stay", self.env._("Stay Longer"))

    def action_open_transfer(self):
        """Ask to whom the unit goes, and from which day."""
        name = self.env._("Change of Owner") if self.kind == "owner" else self.env._("Hand Over")
        return self._open_leaving_window("property.occupancy.transfer", name)

    def _open_leaving_window(self, model, name):
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_occupancy_id": self.id},
        }

    def action_withdraw_notice(self):
        together = self._get_together(("notice",))
        result = super(PropertyOccupancy, together).action_withdraw_notice()
        together.write({"notice_date": False, "notice_way": False})
        return result

    def action_start_clearance(self):
        together = self._get_together(("notice",))
        return super(PropertyOccupancy, together).action_start_clearance()

    def action_end(self):
        together = self._get_together(("clearing",))
        result = super(PropertyOccupancy, together).action_end()
        together._stamp_proven_steps()
        return result

    def _give_notice(self, date_end, way, notice_date):
        """Notice for the whole lease: the last day, how and when it was given."""
        together = self._get_together(("active",))
        together.write(
            {
                "date_end": date_end,
                "notice_way": way,
                "notice_date": notice_date,
                "state": "notice",
            }
        )

    def _stay(self, date_end):
        """Move the last day, and the first day of whoever follows, in one step."""
        for occupancy in self:
            successor = occupancy._get_successor()
            if successor and not date_end:
                raise UserError(
                    self.env._(
                        "%(successor)s follows on %(start)s, so %(party)s cannot stay without an"
                        " end. Cancel that occupancy first, or choose a last day.",
                        successor=successor.display_name,
                        start=successor.date_start,
                        party=occupancy.partner_id.display_name,
                    )
                )
            if successor and successor.date_start <= date_end:
                occupancy._check_successor_can_wait(successor, date_end)
                # the successor moves first, so that the two never hold the unit together
                successor.write({"date_start": date_end + timedelta(days=1)})
                successor._message_log(
                    body=self.env._(
                        "The first day moves to %(day)s: %(party)s stays longer.",
                        day=successor.date_start,
                        party=occupancy.partner_id.display_name,
                    )
                )
            if occupancy.state == "notice" and not date_end:
                occupancy.action_withdraw_notice()
            else:
                occupancy.write({"date_end": date_end})

    def _check_successor_can_wait(self, successor, date_end):
        """The successor has not begun, and still has days left."""
        if successor.state != "reserved" or (successor.date_end and successor.date_end <= date_end):
            raise UserError(
                self.env._(
                    "%(successor)s holds the unit from %(start)s and cannot wait until after"
                    " %(end)s. Choose an earlier last day.",
                    successor=successor.display_name,
                    start=successor.date_start,
                    end=date_end,
                )
            )

    def _transfer(self, partner, day, **values):
        """Let ``partner`` hold the unit from ``day``; the record ends on the day before.

        An owner who does not use the unit changes at once when the day has
        come; who lives or works there is cleared and moved in by steps.
        """
        self.ensure_one()
        last = day - timedelta(days=1)
        if day <= self.date_start:
            raise UserError(
                self.env._(
                    "%(occupancy)s began on %(start)s. The first day of the new party lies after"
                    " that.",
                    occupancy=self.display_name,
                    start=self.date_start,
                )
            )
        if partner == self.partner_id:
            raise UserError(
                self.env._("%(party)s holds the unit already.", party=partner.display_name)
            )
        way = "sale" if self.kind == "owner" else "transfer"
        today = self.estate_id._today()
        vals = {"date_end": last, "notice_way": way, "notice_date": today}
        if self.state == "active":
            vals["state"] = "notice"
        self.write(vals)
        follower = self.create(
            {
                "unit_id": self.unit_id.id,
                "kind": self.kind,
                "partner_id": partner.id,
                "date_start": day,
                **values,
            }
        )
        if day <= today:
            if not self.has_handover and not self._get_clearance_obstacles():
                self.write({"state": "ended"})
            elif self.state == "notice":
                self.write({"state": "clearing"})
            if not follower.has_handover:
                follower.write({"state": "active"})
        for one, other in ((self, follower), (follower, self)):
            one._message_log(body=self.env._("Handed over: %s", other.display_name))
        return follower
