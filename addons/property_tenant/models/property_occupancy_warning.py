from odoo import api, fields, models


class PropertyOccupancy(models.Model):
    """Whoever opens an occupancy sees what to know of its party."""

    _inherit = "property.occupancy"

    warnings = fields.Json(compute="_compute_warnings")
    visit_ids = fields.One2many("property.visit", "occupancy_id", string="Visits")
    visit_count = fields.Integer(compute="_compute_visit_count")
    date_last_visit = fields.Date(
        string="Last Visit", compute="_compute_date_last_visit", search="_search_date_last_visit"
    )

    @api.depends("partner_id", "partner_id.estate_warnings")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_warnings(self):
        for occupancy in self:
            occupancy.warnings = occupancy.partner_id.estate_warnings

    def _compute_visit_count(self):
        counts = dict(
            self.env["property.visit"]._read_group(
                [("occupancy_id", "in", self.ids)], ["occupancy_id"], ["__count"]
            )
        )
        for occupancy in self:
            occupancy.visit_count = counts.get(occupancy, 0)

    def _compute_date_last_visit(self):
        last = dict(
            self.env["property.visit"]._read_group(
                [("occupancy_id", "in", self.ids), ("state", "=", "done")],
                ["occupancy_id"],
                ["date_done:max"],
            )
        )
        for occupancy in self:
            done = last.get(occupancy)
            occupancy.date_last_visit = occupancy.estate_id._local_date(done) if done else False

    def _search_date_last_visit(self, operator, value):
        """Who was visited since a day, or never (``in [False]``)."""
        if operator == "in" and set(value) == {False}:
            return [("visit_ids", "not any", [("state", "=", "done")])]
        if operator in (">=", ">") and value:
            return [("visit_ids", "any", [("state", "=", "done"), ("date_done", operator, value)])]
        if operator in ("<", "<=") and value:
            since = ">=" if operator == "<" else ">"
            return [
                ("visit_ids", "not any", [("state", "=", "done"), ("date_done", since, value)]),
                ("visit_ids", "any", [("state", "=", "done")]),
            ]
        return NotImplemented

    def action_view_visits(self):
        """Open the visits to the occupant."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_visit_action"
        )
        action["domain"] = [("occupancy_id", "in", self.ids)]
        action["context"] = {"default_occupancy_id": self.id}
        return action
