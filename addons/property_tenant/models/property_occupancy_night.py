from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyOccupancy(models.Model):
    """What happens by itself on the first day and after the last one.

    A unit that is used is handed over and cleared by steps. Who holds a unit
    without using it, and who holds a parking space, simply begins and ends: a
    parking space has no handover, unless a step is made for parking spaces, and
    no clearance, unless something lent with it (a card, a lock) is still out.
    """

    _inherit = "property.occupancy"

    has_handover = fields.Boolean(
        compute="_compute_has_handover",
        help="The unit is handed over and cleared by steps.",
    )

    @api.depends("kind", "self_use", "unit_id.usage", "company_id", "estate_id")
    def _compute_has_handover(self):
        spaces = self.filtered(lambda occupancy: occupancy.unit_id.usage == "parking")
        templates = self.env["property.occupancy.step.template"].sudo()
        if spaces:
            # which steps there are is no secret
            templates = templates.search([("usage", "=", "parking")])
        for occupancy in self:
            using = occupancy.kind == "tenant" or occupancy.self_use
            if using and occupancy in spaces:
                using = any(template._applies_to(occupancy) for template in templates)
            occupancy.has_handover = using

    @api.model
    def _move_states(self, estate, today):
        """Move the states of an estate's occupancies to the local day ``today``.

        Reserved ones begin on their first day; after the last day who used the
        unit is in clearance until all have signed, others have simply ended.
        """
        passed = self.search(
            [
                ("estate_id", "=", estate.id),
                ("state", "in", ("active", "notice")),
                ("date_end", "<", today),
            ]
        )
        # who owes something is cleared like others
        simple = passed.filtered(
            lambda occ: not occ.has_handover and not occ._get_clearance_obstacles()
        )
        simple._move_each("ended")
        (passed - simple)._move_each("clearing")
        begun = self.search(
            [("estate_id", "=", estate.id), ("state", "=", "reserved"), ("date_start", "<=", today)]
        )
        begun._begin()

    def _begin(self):
        """The first day has come: some are active at once, the others move in."""
        holders = self.filtered(lambda occ: not occ.has_handover or occ.unit_id.usage == "parking")
        ready = holders.filtered(lambda occ: not occ._get_missing_for_activation())
        ready -= ready._filter_unopened()
        ready._move_each("active")
        (self - ready)._move_each("moving_in")

    def _move_each(self, state):
        """Move the records to ``state``; who cannot go keeps nobody back, and it is said why."""
        if not self:
            return
        try:
            with self.env.cr.savepoint():
                self.write({"state": state})
        except UserError as error:
            if len(self) == 1:
                self._tell_stuck(str(error))
                return
            for occupancy in self:
                occupancy._move_each(state)
            return
        self.activity_unlink(["property_tenant.activity_type_stuck"])

    def _tell_stuck(self, reason):
        """Somebody who can do something about it reads why the occupancy does not go on."""
        self.ensure_one()
        kind = self.env.ref("property_tenant.activity_type_stuck")
        known = self.activity_ids.filtered(lambda todo: todo.activity_type_id == kind)
        if known:
            if reason not in (known[0].note or ""):
                known.note = reason
            return
        self.activity_schedule(
            "property_tenant.activity_type_stuck",
            summary=self.env._("%s cannot go on by itself", self.display_name),
            note=reason,
            user_id=self._get_caretaker().id,
        )

    def _get_caretaker(self):
        """Who entered the occupancy, else a supervisor of the estate, else the administrator."""
        self.ensure_one()
        staff = self.create_uid.filtered(
            lambda user: user.active and not user.share and user._sees_estate(self.estate_id)
        )
        if staff and staff.has_group("property_tenant.group_user"):
            return staff
        # the members of a role are not readable by every employee; only one is told
        for role in ("supervisor", "manager"):
            group = self.env.ref(f"property_tenant.group_{role}").sudo()
            for user in group.all_user_ids.sorted("id"):
                if user.active and not user.share and user._sees_estate(self.estate_id):
                    return user.sudo(False)
        return self.env.ref("base.user_admin")
