import re

from odoo import http
from odoo.http import request

#: what `secrets.token_urlsafe` gives for 24 bytes
TOKEN = re.compile(r"[0-9A-Za-z_-]{32}")


class DirectoryPage(http.Controller):
    @http.route(
        "/property/directory/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
        readonly=True,
    )
    def directory_page(self, token):
        """Who is on which floor, for a screen at the entrance.

        Shows what hangs on the sign beside it, nothing else; the page renews itself.
        """
        if not TOKEN.fullmatch(token):
            raise request.not_found()
        # the link is the right to look; it ends when the screen is switched off
        building = request.env["property.building"].sudo()._find_by_directory_token(token)
        if not building:
            raise request.not_found()
        response = request.render(
            "property_tenant.directory_page",
            {
                "page_lang": building.company_id.partner_id.lang or "en_US",
                "building": building.name,
                "estate": building.estate_id.name,
                "floors": building._get_directory(),
            },
        )
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response
