from odoo import http
from odoo.fields import Domain
from odoo.http import request

from .portal_pages import PropertyPortalPages

#: of which process the checklist is shown
SHOWN = {
    "reserved": "move_in",
    "moving_in": "move_in",
    "notice": "move_out",
    "clearing": "move_out",
}


class PropertyPortalUnits(PropertyPortalPages):
    """My units: lease, whom to call, what is still to do, the appointment."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        portal = self._portal()
        if "property_unit_count" in counters:
            values["property_unit_count"] = portal._count_rows("property.occupancy")
        if "property_offer_count" in counters:
            values["property_offer_count"] = portal._count_rows(
                "property.occupancy.appointment", self._get_open_offers()
            )
        return values

    def _get_open_offers(self):
        return Domain("state", "=", "offered") & Domain("wish", "=", False)

    @http.route(["/my/units", "/my/units/page/<int:page>"], type="http", auth="user", website=True)
    def my_units(self, page=1, **kw):
        """The units that the user holds, or is a contact of."""
        return self._render_rows(
            "property_tenant.portal_my_units",
            "property.occupancy",
            "/my/units",
            order="date_start desc, id desc",
            page=page,
            page_name="property_units",
        )

    @http.route("/my/unit/<int:occupancy_id>", type="http", auth="user", website=True)
    def my_unit(self, occupancy_id, done="", **kw):
        """One unit."""
        return self._render_unit(self._get_row("property.occupancy", occupancy_id), done=done)

    def _render_unit(self, occupancy, error="", done=""):
        process = SHOWN.get(occupancy.state)
        appointments = self._portal()._find_rows(
            "property.occupancy.appointment",
            Domain("occupancy_id", "in", (occupancy | occupancy.lead_id).ids)
            & Domain("state", "in", ("offered", "agreed")),
            limit=1,
        )
        return self._render(
            "property_tenant.portal_my_unit",
            {
                "page_name": "property_unit",
                "occupancy": occupancy,
                "appointment": appointments,
                "steps": occupancy._get_process().step_ids.filtered(
                    lambda step: step.process == process
                ),
                "error": error,
                "done": done,
            },
        )

    @http.route(
        "/my/unit/<int:occupancy_id>/appointment/<int:appointment_id>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def my_appointment(self, occupancy_id, appointment_id, answer="", wish="", **kw):
        """Come at the offered time, or ask for another one."""
        occupancy = self._get_row("property.occupancy", occupancy_id)
        appointment = self._get_row("property.occupancy.appointment", appointment_id)
        if answer == "other" and not wish.strip():
            return self._render_unit(
                occupancy, error=request.env._("Please say which date would suit you.")
            )
        error = self._attempt(appointment._answer, wish if answer == "other" else "")
        if error:
            return self._render_unit(occupancy, error=error)
        done = "wish" if answer == "other" else "agreed"
        return request.redirect(f"/my/unit/{occupancy.id}?done={done}")
