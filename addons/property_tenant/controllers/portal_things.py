from odoo import http
from odoo.fields import Domain
from odoo.http import request

from .portal_pages import PropertyPortalPages


class PropertyPortalThings(PropertyPortalPages):
    """Things lent to me, inspections of my units, and their defects."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "property_overdue_count" in counters:
            values["property_overdue_count"] = self._portal()._count_rows(
                "property.item.loan", [("state", "=", "out"), ("is_overdue", "=", True)]
            )
        return values

    @http.route(
        ["/my/things", "/my/things/page/<int:page>"], type="http", auth="user", website=True
    )
    def my_things(self, page=1, filterby="out", **kw):
        """Keys, cards and the like, and when they are due."""
        filters = {
            "out": {"label": request.env._("With You"), "domain": Domain("state", "=", "out")},
            "all": {"label": request.env._("All"), "domain": Domain.TRUE},
        }
        filterby = filterby if filterby in filters else "out"
        return self._render_rows(
            "property_tenant.portal_my_things",
            "property.item.loan",
            "/my/things",
            filters[filterby]["domain"],
            order="state, date_due, id desc",
            page=page,
            url_args={"filterby": filterby},
            searchbar_filters=filters,
            filterby=filterby,
            page_name="property_things",
        )

    @http.route(
        ["/my/inspections", "/my/inspections/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def my_inspections(self, page=1, **kw):
        """Handovers and move-outs of the own units."""
        return self._render_rows(
            "property_tenant.portal_my_inspections",
            "property.inspection",
            "/my/inspections",
            order="date_planned desc, id desc",
            page=page,
            page_name="property_inspections",
        )

    @http.route("/my/inspection/<int:inspection_id>/pdf", type="http", auth="user", website=True)
    def my_inspection_pdf(self, inspection_id, **kw):
        """The sheet of an inspection, with its signatures."""
        inspection = self._get_row("property.inspection", inspection_id)
        return self._send_report("property_tenant.report_inspection", inspection)

    @http.route(
        ["/my/defects", "/my/defects/page/<int:page>"], type="http", auth="user", website=True
    )
    def my_defects(self, page=1, filterby="open", **kw):
        """Defects of the own units, and how far they are mended."""
        filters = {
            "open": {
                "label": request.env._("Not Settled"),
                "domain": Domain("state", "!=", "accepted"),
            },
            "all": {"label": request.env._("All"), "domain": Domain.TRUE},
        }
        filterby = filterby if filterby in filters else "open"
        return self._render_rows(
            "property_tenant.portal_my_defects",
            "property.defect",
            "/my/defects",
            filters[filterby]["domain"],
            order="date_found desc, id desc",
            page=page,
            url_args={"filterby": filterby},
            searchbar_filters=filters,
            filterby=filterby,
            page_name="property_defects",
        )
