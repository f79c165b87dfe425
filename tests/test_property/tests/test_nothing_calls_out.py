"""The suite needs nothing from the internet, and nothing in it asks there by itself."""

import re
import socket
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from .common import ADDONS, SuiteMixin

#: Odoo's own addons that call out, or invite to
UNWANTED = {
    "google_gmail",
    "mail_bot",
    "microsoft_outlook",
    "partner_autocomplete",
    "snailmail",
    "web_unsplash",
}
LOCAL = {"localhost", "127.0.0.1", "::1", None}
#: ways of Python and JavaScript to reach another machine
CALLS = re.compile(
    r"\b(import requests|from requests|urllib\.request|http\.client|xmlrpc\.client|iap_jsonrpc"
    r"|XMLHttpRequest|navigator\.sendBeacon|new WebSocket|(?<!\.)fetch\(|browser\.fetch\()"
)


@tagged("post_install", "-at_install")
class TestNothingCallsOut(SuiteMixin, TransactionCase):
    def test_addons_that_call_out_are_not_there(self):
        installed = self.env["ir.module.module"].search([("state", "=", "installed")])
        self.assertEqual(UNWANTED & set(installed.mapped("name")), set())

    def test_the_publisher_is_not_told(self):
        self.assertFalse(self.env.ref("mail.ir_cron_module_update_notification").active)

    def test_no_scheduled_action_asks_another_machine(self):
        asked = []
        resolve = socket.getaddrinfo

        def watched(host, *args, **kwargs):
            if host not in LOCAL:
                asked.append(host)
                raise socket.gaierror("no internet here")
            return resolve(host, *args, **kwargs)

        crons = self.env["ir.cron"].search([])
        self.assertIn("Property: daily work of the estates", crons.mapped("cron_name"))
        with (
            patch.object(socket, "getaddrinfo", watched),
            patch.object(self.env.cr, "commit", lambda: None),
            patch.object(self.env.cr, "rollback", lambda: None),
        ):
            for cron in crons:
                cron.ir_actions_server_id.with_context(cron_id=cron.id).run()
                self.env.flush_all()
                self.assertEqual(asked, [], cron.cron_name)

    def test_our_sources_reach_no_other_machine(self):
        found = [
            f"{path.relative_to(ADDONS)}: {match.group()}"
            for pattern in ("*.py", "*.js")
            for path in sorted(ADDONS.rglob(pattern))
            if "tests" not in path.parts
            for match in CALLS.finditer(path.read_text(encoding="utf-8"))
        ]
        self.assertEqual(found, [])
