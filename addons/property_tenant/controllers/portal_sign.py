from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from .portal_pages import PropertyPortalPages


class PropertyPortalSign(PropertyPortalPages):
    """Papers that wait for my signature: read them, and sign on the screen."""

    def _get_signed_kinds(self):
        """What is signed in the portal: {kind: (model, domain, report)}; addons add theirs."""
        return {
            "form": (
                "property.form.issue",
                [("state", "=", "issued"), ("form_id.sign_party", "=", True)],
                "property_tenant.report_form_issue",
            ),
            "slip": (
                "property.item.slip",
                [("state", "=", "out")],
                "property_tenant.report_key_receipt",
            ),
            "inspection": (
                "property.inspection",
                [("state", "=", "done")],
                "property_tenant.report_inspection",
            ),
        }

    def _get_waiting(self):
        """{kind: records on which the party still has to sign}."""
        return {
            kind: self._portal()._find_rows(model, domain)._filter_signed_in_portal()
            for kind, (model, domain, __) in self._get_signed_kinds().items()
        }

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "property_sign_count" in counters:
            values["property_sign_count"] = sum(map(len, self._get_waiting().values()))
        return values

    def _get_paper(self, kind, row_id):
        """The own record, and its report."""
        kinds = self._get_signed_kinds()
        if kind not in kinds:
            raise request.not_found()
        model, __, report = kinds[kind]
        return self._get_row(model, row_id), report

    @http.route("/my/sign", type="http", auth="user", website=True)
    def my_sign(self, done="", **kw):
        """What waits for the party's signature."""
        return self._render(
            "property_tenant.portal_my_sign",
            {"page_name": "property_sign", "waiting": self._get_waiting(), "done": done},
        )

    @http.route("/my/sign/<string:kind>/<int:row_id>", type="http", auth="user", website=True)
    def my_sign_paper(self, kind, row_id, **kw):
        """One paper: its text, the PDF, and the place to sign."""
        record, __ = self._get_paper(kind, row_id)
        partner = request.env.user.partner_id
        return self._render(
            "property_tenant.portal_sign_paper",
            {
                "page_name": "property_sign_paper",
                "kind": kind,
                "record": record,
                "is_waiting": bool(record._filter_signed_in_portal()),
                "may_sign": record.occupancy_id._may_sign_in_portal(partner),
                "signatures": record._signature_rows(),
            },
        )

    @http.route("/my/sign/<string:kind>/<int:row_id>/pdf", type="http", auth="user", website=True)
    def my_sign_pdf(self, kind, row_id, **kw):
        """The paper as it is printed."""
        record, report = self._get_paper(kind, row_id)
        return self._send_report(report, record)

    @http.route(
        "/my/sign/<string:kind>/<int:row_id>/submit", type="jsonrpc", auth="user", website=True
    )
    def my_sign_submit(self, kind, row_id, signature="", **kw):
        """Keep the signature: who, when, from where. The name is that of the login."""
        record, __ = self._get_paper(kind, row_id)
        # the record was found to be the user's own; it signs with the user's own rights
        record = record.with_env(request.env)
        try:
            with request.env.cr.savepoint():
                record._sign_in_portal(signature, request.httprequest.remote_addr)
        except (AccessError, UserError) as error:
            return {"error": str(error)}
        return {"force_refresh": True, "redirect_url": "/my/sign?done=signed"}
