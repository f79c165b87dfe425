from odoo import http
from odoo.http import request

from .portal_pages import PropertyPortalPages


class PropertyPortalData(PropertyPortalPages):
    """My data: what is known of the party and its people; corrections are asked for."""

    @http.route(["/my/data", "/my/data/page/<int:page>"], type="http", auth="user", website=True)
    def my_data(self, page=1, done="", **kw):
        """Names, phones and addresses by unit; private numbers stand masked."""
        return self._render_data(page=page, done=done)

    def _render_data(self, page=1, **values):
        return self._render_rows(
            "property_tenant.portal_my_data",
            "property.occupancy",
            "/my/data",
            [("lead_id", "=", False)],
            order="date_start desc, id desc",
            page=page,
            page_name="property_data",
            corrections=self._portal()._find_rows("property.contact.correction", limit=20),
            **values,
        )

    @http.route(
        "/my/data/<int:occupancy_id>/person/<int:person_id>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def my_data_correct(self, occupancy_id, person_id, name="", phone="", email="", other="", **kw):
        """Ask for a correction; customer service decides."""
        occupancy = self._get_row("property.occupancy", occupancy_id)
        people = occupancy.partner_id | occupancy.contact_ids.partner_id
        # only people of the occupancy that was found to be the user's own
        partner = people.filtered(lambda person: person.id == person_id)
        if not partner:
            raise request.not_found()
        wanted = {"name": name, "phone": phone, "email": email, "other": other}
        error = self._attempt(
            request.env["property.contact.correction"]._ask, occupancy, partner, wanted
        )
        if error:
            return self._render_data(error=error)
        return request.redirect("/my/data?done=asked")
