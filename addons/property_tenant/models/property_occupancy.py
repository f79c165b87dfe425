from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

OCCUPANCY_STATES = [
    ("reserved", "Reserved"),
    ("moving_in", "Moving In"),
    ("active", "Active"),
    ("notice", "Notice Given"),
    ("clearing", "In Clearance"),
    ("ended", "Ended"),
    ("cancelled", "Cancelled"),
]

#: where each state may lead; everything else is refused on write
TRANSITIONS = {
    "reserved": {"moving_in", "active", "cancelled"},
    "moving_in": {"active", "reserved", "ended", "cancelled"},
    "active": {"notice", "clearing", "ended"},
    "notice": {"active", "clearing", "ended"},
    "clearing": {"notice", "ended"},
    "ended": set(),
    "cancelled": set(),
}

CURRENT_STATES = ("moving_in", "active", "notice", "clearing")

#: who holds what as what: stays once the occupancy has begun
HELD_FIELDS = ("unit_id", "partner_id", "kind")

#: what the exclusion constraint compares
HOLD_FIELDS = ("unit_id", "kind", "date_start", "date_end", "state")


class PropertyOccupancy(models.Model):
    """One party's dated hold on one unit, as owner or as tenant.

    Several units under one lease are several occupancies with a common
    ``lead_id``. The first and the last day both belong to the occupancy.
    """

    _name = "property.occupancy"
    _description = "Occupancy"
    _inherit = ["mail.thread", "mail.activity.mixin", "property.constraint.check"]
    _order = "date_start desc, id desc"
    _rec_names_search = ["unit_id.code", "partner_id.name", "contract_number"]
    _check_company_auto = True
    _required_constraints = ("_no_overlap", "_dates_in_order")

    unit_id = fields.Many2one(
        "property.unit", required=True, index=True, ondelete="restrict", tracking=True
    )
    building_id = fields.Many2one(related="unit_id.building_id", store=True, precompute=True)
    estate_id = fields.Many2one(
        related="unit_id.estate_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="unit_id.company_id", store=True, index=True, precompute=True
    )
    lead_id = fields.Many2one(
        "property.occupancy",
        string="Leading Occupancy",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('partner_id', '=', partner_id), ('estate_id', '=', estate_id),"
        " ('lead_id', '=', False), ('id', '!=', id)]",
        help="The occupancy that leads when one lease covers several units.",
    )
    member_ids = fields.One2many("property.occupancy", "lead_id", string="Further Units")
    partner_id = fields.Many2one(
        "res.partner", string="Party", required=True, index=True, ondelete="restrict", tracking=True
    )
    payer_id = fields.Many2one(
        "res.partner",
        string="Bills To",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Who gets and pays the bills; empty: the party.",
    )
    kind = fields.Selection(
        [("owner", "Owner"), ("tenant", "Tenant")], required=True, default="tenant", tracking=True
    )
    date_start = fields.Date(
        string="From", required=True, default=fields.Date.context_today, tracking=True
    )
    date_end = fields.Date(string="Until", tracking=True, help="The last day, included.")
    self_use = fields.Boolean(
        string="Used by Owner", tracking=True, help="The owner uses the unit himself."
    )
    persons = fields.Integer(default=1, string="Number of Persons", tracking=True)
    contract_number = fields.Char(tracking=True, index="trigram")
    state = fields.Selection(
        OCCUPANCY_STATES,
        required=True,
        default="reserved",
        tracking=True,
        index=True,
        copy=False,
        group_expand="_group_expand_state",
    )
    contact_ids = fields.One2many("property.occupancy.contact", "occupancy_id", string="Contacts")
    notes = fields.Html()

    # The database refuses what no form may allow: two parties of one kind on
    # one unit on one day.
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (unit_id WITH =, kind WITH =,"
        " daterange(date_start, date_end, '[]') WITH &&) WHERE (state <> 'cancelled')"
        " DEFERRABLE INITIALLY IMMEDIATE",
        "Another party holds this unit in these days. End the earlier occupancy first.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)",
        "An occupancy cannot end before it begins.",
    )
    _persons_not_negative = models.Constraint(
        "CHECK (persons >= 0)", "The number of persons cannot be negative."
    )
    _self_use_of_owner = models.Constraint(
        "CHECK (kind = 'owner' OR self_use IS NOT TRUE)",
        "Only an owner's occupancy can be marked as used by the owner.",
    )

    @api.depends("unit_id.code", "partner_id.name")
    def _compute_display_name(self):
        for occupancy in self:
            occupancy.display_name = (
                f"{occupancy.unit_id.code or ''} {occupancy.partner_id.name or ''}".strip()
            )

    @api.model
    def _group_expand_state(self, states, domain):
        """Columns of the cards: all states, or those that an action names (``show_states``)."""
        every = [state for state, __ in OCCUPANCY_STATES]
        shown = self.env.context.get("show_states")
        if not shown:
            return every
        return [state for state in every if state in shown or state in states]

    # --- checks -----------------------------------------------------------

    def _refuse_end_before_beginning(self, vals):
        """Name the occupancy and its days before the database refuses them."""
        if not {"date_start", "date_end"} & vals.keys():
            return
        for occupancy in self:
            start = fields.Date.to_date(vals.get("date_start", occupancy.date_start))
            end = fields.Date.to_date(vals.get("date_end", occupancy.date_end))
            if start and end and end < start:
                raise ValidationError(
                    self.env._(
                        "The occupancy %(occupancy)s would end on %(end)s, before it begins on"
                        " %(start)s. Correct one of the dates.",
                        occupancy=occupancy.display_name,
                        end=end,
                        start=start,
                    )
                )

    def _refuse_another_hold(self, vals):
        """Unit, party and kind are what an occupancy is about: steps, keys and bills follow."""
        if not set(HELD_FIELDS) & vals.keys():
            return
        for occupancy in self.filtered(lambda occupancy: occupancy._has_begun()):
            for name in HELD_FIELDS:
                field = self._fields[name]
                if name not in vals or vals[name] == field.convert_to_write(
                    occupancy[name], occupancy
                ):
                    continue
                raise UserError(
                    self.env._(
                        "%(occupancy)s has begun, so its field %(field)s stays. Press Hand Over to"
                        " Another Party (Change of Owner) when somebody else comes; what was"
                        " entered by mistake is ended, or cancelled, and entered anew.",
                        occupancy=occupancy.display_name,
                        field=field._description_string(self.env),
                    )
                )

    def _has_begun(self):
        """Whether something was done for this party on this unit."""
        self.ensure_one()
        return self.state != "reserved"

    @contextmanager
    def _naming_overlaps(self):
        """Let the check that names both parties speak before the database does.

        The exclusion constraint waits until the block has ended, no longer: a
        conflict with another transaction is found there.
        """
        constraint = SQL.identifier(f"{self._table}_no_overlap")
        self.env.cr.execute(SQL("SET CONSTRAINTS %s DEFERRED", constraint))
        yield
        self.flush_model(HOLD_FIELDS)
        self.env.cr.execute(SQL("SET CONSTRAINTS %s IMMEDIATE", constraint))

    @api.constrains("unit_id", "kind", "date_start", "date_end", "state")
    def _check_overlap(self):
        """Name the other party; the exclusion constraint is what guards."""
        live = self.filtered(lambda occupancy: occupancy.state != "cancelled")
        if not live:
            return
        others = self.search_fetch(
            [
                ("unit_id", "in", live.unit_id.ids),
                ("state", "!=", "cancelled"),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", min(live.mapped("date_start"))),
            ],
            ["unit_id", "kind", "date_start", "date_end", "partner_id"],
        ).grouped("unit_id")
        for occupancy in live:
            for other in others.get(occupancy.unit_id, self.browse()):
                if other != occupancy and occupancy._overlaps(other):
                    raise ValidationError(
                        self.env._(
                            "Unit %(unit)s is already held by %(other)s from %(start)s until"
                            " %(end)s, so %(party)s cannot hold it from %(from)s. End the earlier"
                            " occupancy, or begin the day after it.",
                            unit=occupancy.unit_id.display_name,
                            other=other.partner_id.display_name,
                            start=other.date_start,
                            end=other.date_end or self.env._("further notice"),
                            party=occupancy.partner_id.display_name,
                            **{"from": occupancy.date_start},
                        )
                    )

    def _overlaps(self, other):
        return (
            self.kind == other.kind
            and (not other.date_end or self.date_start <= other.date_end)
            and (not self.date_end or other.date_start <= self.date_end)
        )

    @api.constrains("lead_id")
    def _check_lead(self):
        for occupancy in self:
            lead = occupancy.lead_id
            if lead and (lead == occupancy or lead.lead_id or occupancy.member_ids):
                raise ValidationError(
                    self.env._(
                        "%(occupancy)s cannot be led by %(lead)s: a leading occupancy is not led"
                        " by another. Choose the one that leads the whole lease.",
                        occupancy=occupancy.display_name,
                        lead=lead.display_name,
                    )
                )
            if lead and (lead.estate_id != occupancy.estate_id or lead.kind != occupancy.kind):
                raise ValidationError(
                    self.env._(
                        "%(occupancy)s and %(lead)s are not of one estate and kind, so one lease"
                        " cannot cover both.",
                        occupancy=occupancy.display_name,
                        lead=lead.display_name,
                    )
                )

    # --- states -----------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            # a record in memory has the name by which the message calls it
            if {"date_start", "date_end"} <= vals.keys():
                known = ("unit_id", "partner_id")
                self.new({key: vals.get(key) for key in known})._refuse_end_before_beginning(vals)
        with self._naming_overlaps():
            occupancies = super().create(vals_list)
        occupancies._check_entered_state(dict.fromkeys(occupancies))
        return occupancies

    def write(self, vals):
        before = {occupancy: occupancy.state for occupancy in self} if "state" in vals else {}
        for occupancy, state in before.items():
            if vals["state"] != state and vals["state"] not in TRANSITIONS[state]:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "The occupancy %(occupancy)s is %(old)s and cannot become %(new)s.",
                        occupancy=occupancy.display_name,
                        old=labels[state],
                        new=labels.get(vals["state"], vals["state"]),
                    )
                )
        self._refuse_another_hold(vals)
        self._refuse_end_before_beginning(vals)
        if vals.keys() & set(HOLD_FIELDS):
            with self._naming_overlaps():
                result = super().write(vals)
        else:
            result = super().write(vals)
        self._check_entered_state(before)
        return result

    def _check_entered_state(self, before):
        """Refuse what the entered state asks for and the record lacks.

        ``before`` maps each record to the state it had; a new record had None.
        Other addons add their demands by overriding.
        """
        for occupancy in self:
            if occupancy.date_end:
                continue
            if occupancy.state == "notice":
                raise UserError(
                    self.env._(
                        "Notice of %(occupancy)s needs the last day of the occupancy."
                        " Fill in Until first.",
                        occupancy=occupancy.display_name,
                    )
                )
            if occupancy.state == "ended":
                # without a last day it would hold the unit for ever
                raise UserError(
                    self.env._(
                        "Fill in the last day of %(occupancy)s before ending it.",
                        occupancy=occupancy.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_reserved(self):
        for occupancy in self:
            if occupancy.state not in ("reserved", "cancelled"):
                raise UserError(
                    self.env._(
                        "The occupancy %(occupancy)s has begun and stays on record. End it"
                        " instead.",
                        occupancy=occupancy.display_name,
                    )
                )

    def _is_current(self):
        """Whether the party holds the unit now, by the stored state."""
        self.ensure_one()
        return self.state in CURRENT_STATES

    def _get_payer(self):
        """Who gets the bills: the payer named on the occupancy, else the party."""
        self.ensure_one()
        return self.payer_id or self.partner_id

    def action_start_move_in(self):
        """Begin the handover of the unit."""
        self.write({"state": "moving_in"})

    def action_activate(self):
        """The unit is handed over: the occupancy is active."""
        self.write({"state": "active"})

    def action_give_notice(self):
        """Notice was given; the last day must be known."""
        self.write({"state": "notice"})

    def action_withdraw_notice(self):
        """The party stays: forget the notice and the last day, in one step."""
        self.write({"state": "active", "date_end": False})

    def action_start_clearance(self):
        """The party begins to leave."""
        self.write({"state": "clearing"})

    def action_end(self):
        """The party has left; the last day must be known."""
        self.write({"state": "ended"})

    def action_cancel(self):
        """The party does not come."""
        self.write({"state": "cancelled"})

    def _get_successor(self):
        """The occupancy of the same kind that follows on the unit, if any."""
        self.ensure_one()
        if not self.date_end:
            return self.browse()
        return self.search(
            [
                ("unit_id", "=", self.unit_id.id),
                ("kind", "=", self.kind),
                ("state", "!=", "cancelled"),
                ("date_start", ">=", self.date_end + timedelta(days=1)),
            ],
            order="date_start",
            limit=1,
        )
