"""What all pages of the portal share. Rights: see ``models/property_portal.py``."""

from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

#: rows on a page
PAGE = 20


class PropertyPortalPages(CustomerPortal):
    def _portal(self):
        return request.env["property.portal"]

    def _get_row(self, model, row_id):
        """The user's own row; anything else does not exist, whatever it is."""
        row = self._portal()._get_row(model, row_id)
        if not row:
            raise request.not_found()
        return row

    def _render_rows(self, template, model, url, domain=Domain.TRUE, order=None, page=1, **values):
        """A page of a list: rows, pager, and what all pages need."""
        total = self._portal()._count_rows(model, domain)
        pager = portal_pager(
            url=url,
            url_args=values.get("url_args") or {},
            total=total,
            page=page,
            step=PAGE,
            scope=5,
        )
        rows = self._portal()._find_rows(
            model, domain, order=order, limit=PAGE, offset=pager["offset"]
        )
        return self._render(
            template, {"rows": rows, "pager": pager, "default_url": url, "total": total, **values}
        )

    def _render(self, template, values):
        return request.render(template, {**self._prepare_portal_layout_values(), **values})

    def _attempt(self, method, *args, **kwargs):
        """Sentence that says why it did not work, or nothing; a failed attempt changes nothing."""
        try:
            with request.env.cr.savepoint():
                method(*args, **kwargs)
        except UserError as error:
            return str(error)
        return ""

    def _send_file(self, content, name, mimetype):
        """A file for saving; browsers neither guess its kind nor keep it."""
        return request.make_response(
            content,
            headers=[
                ("Content-Type", mimetype),
                ("Content-Length", len(content)),
                ("Content-Disposition", http.content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store, private"),
            ],
        )

    def _send_report(self, report, record):
        """The PDF of a record that was found to be the user's own."""
        # reports are read by the staff only; the record is the user's, in the party's language
        reports = request.env["ir.actions.report"].sudo()
        content, __ = reports._render_qweb_pdf(report, record.ids)
        return self._send_file(content, f"{record.display_name}.pdf", "application/pdf")

    # --- home -------------------------------------------------------------------

    @http.route()
    def home(self, **kw):
        response = super().home(**kw)
        response.qcontext["property_occupant"] = self._portal()._is_occupant()
        return response

    # --- Odoo's own pages on which a user would change his data himself -------------

    @http.route()
    def account(self, **kwargs):
        if self._portal()._is_occupant():
            return request.redirect("/my/data")
        return super().account(**kwargs)

    @http.route()
    def my_addresses(self, **query_params):
        if self._portal()._is_occupant():
            return request.redirect("/my/data")
        return super().my_addresses(**query_params)

    @http.route()
    def portal_address(self, *args, **kwargs):
        if self._portal()._is_occupant():
            return request.redirect("/my/data")
        return super().portal_address(*args, **kwargs)

    @http.route()
    def portal_address_submit(self, *args, **kwargs):
        if self._portal()._is_occupant():
            raise request.not_found()
        return super().portal_address_submit(*args, **kwargs)

    @http.route()
    def address_archive(self, partner_id):
        if self._portal()._is_occupant():
            raise request.not_found()
        return super().address_archive(partner_id)
