from odoo import models


class PropertyOccupancy(models.Model):
    """What the blocks know of an occupancy: everything that happens is in the time line."""

    _inherit = "property.occupancy"

    def _get_timeline_providers(self):
        return (
            super()._get_timeline_providers()
            + self._get_timeline_of_move_in()
            + self._get_timeline_of_things()
            + self._get_timeline_of_inspections()
            + self._get_timeline_of_wishes()
        )

    def _get_timeline_of_move_in(self):
        return [
            {
                "kind": "appointment",
                "label": self.env._("Appointments"),
                "icon": "fa-calendar",
                "model": "property.occupancy.appointment",
                "domain": [("occupancy_id", "in", self.ids)],
                "date": "date",
                "title": lambda row: self.env._("Appointment: %s", self._get_labels(row, "state")),
                "text": lambda row: _join(row.place, row.reason),
            },
            {
                "kind": "form",
                "label": self.env._("Issued Papers"),
                "icon": "fa-file-o",
                "model": "property.form.issue",
                "domain": [("occupancy_id", "in", self.ids)],
                "date": "date_issued",
                "title": lambda row: row.display_name,
                "text": lambda row: _join(self._get_labels(row, "state"), row.void_reason),
            },
        ]

    def _get_timeline_of_things(self):
        return [
            {
                "kind": "item",
                "label": self.env._("Things Lent"),
                "icon": "fa-key",
                "model": "property.item.loan",
                "domain": [("occupancy_id", "in", self.ids)],
                "date": "date_out",
                "title": self._get_timeline_thing,
                "text": lambda loan: _join(
                    loan.number, self._get_labels(loan, "state"), loan.purpose
                ),
                "opens": lambda loan: loan.slip_id,
            },
            {
                "kind": "item_incident",
                "label": self.env._("Loss and Damage"),
                "icon": "fa-exclamation-triangle",
                "model": "property.item.incident",
                "domain": [("occupancy_id", "in", self.ids)],
                "date": "date",
                "title": lambda row: row.display_name,
                "text": lambda row: _join(
                    self._get_labels(row, "kind"), self._get_labels(row, "state"), row.reason
                ),
            },
        ]

    def _get_timeline_thing(self, loan):
        name = loan.item_id.display_name
        return f"{loan.quantity} × {name}" if loan.quantity > 1 else name

    def _get_timeline_of_inspections(self):
        return [
            {
                "kind": "inspection",
                "label": self.env._("Inspections"),
                "icon": "fa-check-square-o",
                "model": "property.inspection",
                # what is only planned has not happened yet
                "domain": [("occupancy_id", "in", self.ids), ("state", "!=", "planned")],
                "date": "date",
                "title": lambda row: row.display_name,
                "text": lambda row: _join(self._get_labels(row, "state"), row.void_reason),
            },
            {
                "kind": "defect",
                "label": self.env._("Defects"),
                "icon": "fa-wrench",
                "model": "property.defect",
                "domain": [("occupancy_id", "in", self.ids)],
                "date": "date_found",
                "title": lambda row: row.display_name,
                "text": lambda row: _join(self._get_labels(row, "state"), row.location),
            },
            {
                "kind": "visit",
                "label": self.env._("Visits"),
                "icon": "fa-comments-o",
                "model": "property.visit",
                "domain": [("occupancy_id", "in", self.ids), ("state", "=", "done")],
                "date": "date_done",
                "title": lambda row: row.display_name,
                "text": lambda row: _join(self._get_labels(row, "channel"), row.purpose),
            },
        ]

    def _get_timeline_of_wishes(self):
        return [
            {
                "kind": "sign",
                "label": self.env._("Directory Signs"),
                "icon": "fa-map-signs",
                "model": "property.sign.request",
                "domain": [("occupancy_id", "in", self.ids)],
                "date": "date_requested",
                "title": lambda row: row.display_name,
                "text": lambda row: self._get_labels(row, "state"),
            },
            {
                "kind": "parking",
                "label": self.env._("Parking"),
                "icon": "fa-car",
                "model": "property.parking.request",
                "domain": [("occupancy_id", "in", self.ids)],
                "date": "create_date",
                "title": lambda row: row.display_name,
                "text": lambda row: _join(
                    self._get_labels(row, "kind"),
                    self._get_labels(row, "state"),
                    row.vehicle_number,
                ),
            },
        ]


def _join(*parts):
    return " · ".join(filter(None, parts))
