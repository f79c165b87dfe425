from odoo import fields, http
from odoo.http import request

from .portal_pages import PropertyPortalPages

#: papers that are to be brought
LACKING = ("missing", "overdue", "expired", "promised", "expiring")


class PropertyPortalPapers(PropertyPortalPages):
    """My papers: what is filed, what is missing, what was sent in."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "property_paper_count" in counters:
            values["property_paper_count"] = self._portal()._count_rows("property.document")
        if "property_missing_count" in counters:
            values["property_missing_count"] = len(self._get_lacking()[0])
        return values

    def _get_lacking(self):
        """Papers that are to be brought, and what was sent in and waits, by dossier and type."""
        papers = self._portal()._find_rows(
            "property.dossier.paper", [("required", "=", True), ("state", "in", LACKING)]
        )
        uploads = self._portal()._find_rows(
            "property.portal.upload",
            [("occupancy_id", "in", papers.occupancy_id.ids), ("state", "!=", "accepted")],
            order="id",
        )
        latest = {(row.occupancy_id, row.type_id): row for row in uploads}
        sent = {
            paper: upload
            for paper in papers
            if (upload := latest.get((paper.occupancy_id, paper.type_id)))
        }
        return papers.filtered(
            lambda paper: paper not in sent or sent[paper].state != "waiting"
        ), sent

    @http.route(
        ["/my/papers", "/my/papers/page/<int:page>"], type="http", auth="user", website=True
    )
    def my_papers(self, page=1, sortby="date", done="", **kw):
        """What is in the dossier, and what it lacks."""
        return self._render_papers(page=page, sortby=sortby, done=done)

    def _render_papers(self, page=1, sortby="date", **values):
        sortings = {
            "date": {"label": request.env._("Newest"), "order": "date_received desc, id desc"},
            "name": {"label": request.env._("Paper"), "order": "type_id, id desc"},
        }
        sortby = sortby if sortby in sortings else "date"
        lacking, sent = self._get_lacking()
        return self._render_rows(
            "property_tenant.portal_my_papers",
            "property.document",
            "/my/papers",
            order=sortings[sortby]["order"],
            page=page,
            url_args={"sortby": sortby},
            page_name="property_papers",
            searchbar_sortings=sortings,
            sortby=sortby,
            lacking=lacking,
            sent=sent,
            waiting=[upload for upload in sent.values() if upload.state == "waiting"],
            **values,
        )

    @http.route("/my/paper/<int:document_id>/<int:file_id>", type="http", auth="user", website=True)
    def my_paper_file(self, document_id, file_id, **kw):
        """A file of a paper, for saving."""
        document = self._get_row("property.document", document_id)
        # only a file of the paper that was found to be the user's own
        file = document.attachment_ids.filtered(lambda row: row.id == file_id)
        if not file:
            raise request.not_found()
        return self._send_file(file.raw, file.name, file.mimetype)

    @http.route(
        "/my/papers/missing/<int:paper_id>/upload",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def my_paper_upload(self, paper_id, file=None, date_expiry="", note="", **kw):
        """Send in a paper that is missing; the staff look at it before it counts."""
        paper = self._get_row("property.dossier.paper", paper_id)
        company = paper.company_id
        # no more is read than may be kept, whatever is sent
        limit = company.pm_portal_upload_megabytes * 1024 * 1024 + 1
        content = file.read(limit) if file else b""
        error = self._attempt(
            request.env["property.portal.upload"]._send_in,
            paper,
            file.filename if file else "",
            content,
            date_expiry=self._to_date(date_expiry),
            note=note,
        )
        if error:
            return self._render_papers(error=error)
        return request.redirect("/my/papers?done=sent")

    @http.route(
        "/my/papers/missing/<int:paper_id>/promise",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def my_paper_promise(self, paper_id, date="", **kw):
        """Say until when the paper will be there."""
        paper = self._get_row("property.dossier.paper", paper_id)
        day = self._to_date(date)
        if not day:
            return self._render_papers(error=request.env._("Please choose a day."))
        error = self._attempt(paper._promise, day, request.env._("said in the portal"))
        if error:
            return self._render_papers(error=error)
        return request.redirect("/my/papers?done=promised")

    def _to_date(self, text):
        try:
            return fields.Date.to_date(text) or False
        except ValueError:
            return False
