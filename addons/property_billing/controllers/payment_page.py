import re

from odoo import http
from odoo.http import request

#: what `secrets.token_urlsafe` gives for 24 bytes
TOKEN = re.compile(r"[0-9A-Za-z_-]{32}")


class PaymentPage(http.Controller):
    @http.route(
        "/property/pay/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
        readonly=True,
    )
    def payment_page(self, token):
        """What is open on a letter and where to pay it.

        Whoever holds the paper may see it, so nothing on the page says who pays,
        for which unit, or for what.
        """
        if not TOKEN.fullmatch(token):
            raise request.not_found()
        # the link is the right to look: it cannot be guessed, is printed on the
        # letter only, and ends when the letter is made void
        letter = request.env["property.letter"].sudo()._find_by_token(token)
        if not letter:
            raise request.not_found()
        response = request.render(
            "property_billing.payment_page", letter._get_payment_page_values()
        )
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response
