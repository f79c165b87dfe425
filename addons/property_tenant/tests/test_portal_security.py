"""Portal users see their own only, whatever id they type, whichever way they try."""

import itertools
import json
import re
import threading
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .portal_common import PDF, SCRIBBLE, PortalCase

#: what stands for the id of each kind of record in the routes of the portal
HOLE = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")

NOWHERE = (0, 999999999, 2**31, 10**30)


@tagged("post_install", "-at_install")
class TestPortalForeignIds(PortalCase):
    def foreign_ids(self):
        """{name in a route: ids that are not for the first tenant}."""
        others = self.other_lease + self.past_lease + self.foreign_lease
        papers = self.hidden_paper + self.other_paper + self.past_paper
        return {
            "occupancy_id": others.ids,
            "appointment_id": self.make_appointments(self.other_lease + self.past_lease),
            "document_id": papers.ids,
            "file_id": papers.attachment_ids.ids,
            "paper_id": self.env["property.dossier.paper"]
            .search([("occupancy_id", "in", others.ids)])
            .ids,
            "inspection_id": self.make_inspections(self.other_lease + self.past_lease),
            "person_id": (self.other_party + self.company.partner_id).ids,
            "kind": ["nothing", "property.form.issue"],
            "row_id": self.make_forms(self.other_lease + self.past_lease),
        }

    def own_ids(self):
        return {
            "inspection_id": self.make_inspections(self.lease)[0],
            "person_id": self.party.id,
            "kind": "form",
            "row_id": self.make_forms(self.lease)[0],
            "occupancy_id": self.lease.id,
            "appointment_id": self.make_appointments(self.lease)[0],
            "document_id": self.own_paper.id,
            "file_id": self.own_paper.attachment_ids.id,
            "paper_id": self.missing_paper(self.lease).id,
        }

    def make_appointments(self, leases):
        return [
            lease._offer_appointment("2030-01-01 02:00:00", "SECRET place").id for lease in leases
        ]

    def make_inspections(self, leases):
        template = self.env["property.inspection.template"].create(
            {"name": "Handover", "kind": "handover", "point_ids": [(0, 0, {"name": "Doors"})]}
        )
        inspections = self.env["property.inspection"].create(
            [{"template_id": template.id, "occupancy_id": lease.id} for lease in leases]
        )
        inspections._give_numbers()
        inspections.sudo()._store({"state": "signed"})
        return inspections.ids

    def our_routes(self):
        """Addresses under /my that the suite adds, with the methods that they take."""
        with patch.object(threading.current_thread(), "dbname", self.env.cr.dbname, create=True):
            rules = self.env["ir.http"].routing_map().iter_rules()
        found = {}
        for rule in rules:
            module = rule.endpoint.func.__module__
            if rule.rule.startswith("/my/") and ".property_" in module and "<" in rule.rule:
                routing = rule.endpoint.routing
                methods = routing.get("methods") or ["GET"]
                found[rule.rule] = ["JSON"] if routing["type"] == "jsonrpc" else methods
        return found

    def changes(self):
        """What a request could have changed."""
        self.env.invalidate_all()
        models = (
            "property.portal.upload",
            "property.occupancy.appointment",
            "property.dossier.paper",
            "property.signature",
            "property.form.issue",
            "property.contact.correction",
        )
        fields = {"state", "wish", "date_promised", "is_void"}
        return {
            model: self.env[model]
            .search([], order="id")
            .read(fields & set(self.env[model]._fields))
            for model in models
        }

    def test_every_route_is_known_to_this_test(self):
        known = set(self.foreign_ids()) | {"page"}
        holes = {hole for route in self.our_routes() for hole in HOLE.findall(route)}
        self.assertTrue(holes)
        self.assertEqual(holes - known, set())

    @mute_logger("odoo.http")
    def test_ids_of_others_are_not_found(self):
        foreign, own = self.foreign_ids(), self.own_ids()
        self.log_in(self.user)
        token = re.search(r'csrf_token: "([^"]+)"', self.get("/my/papers").text)[1]
        before = self.changes()
        for route, methods in self.our_routes().items():
            holes = [hole for hole in HOLE.findall(route) if hole != "page"]
            if not holes:
                continue
            # one id of somebody else's among own ones is enough to be refused
            for hole, bad in itertools.product(holes, NOWHERE + ("all",)):
                for row in foreign[hole] if bad == "all" else [bad]:
                    ids = {**own, hole: row}
                    url = HOLE.sub(lambda match, ids=ids: str(ids[match[1]]), route)
                    with self.subTest(url=url):
                        if "JSON" in methods:
                            answer = self.json(url, {"signature": SCRIBBLE})
                            self.assertIn("error", answer)
                            self.assertNotIn("SECRET", str(answer).upper())
                            continue
                        if "POST" in methods:
                            data = {
                                "csrf_token": token,
                                "answer": "agree",
                                "date": "2031-01-01",
                                "name": "Changed",
                            }
                            answer = self.url_open(
                                url, data, files={"file": ("a.pdf", PDF)}, allow_redirects=False
                            )
                        else:
                            answer = self.url_open(url, allow_redirects=False)
                        self.assertEqual(answer.status_code, 404)
                        self.assertNotIn("SECRET", answer.text.upper())
        self.assertEqual(self.changes(), before)

    def test_own_ids_are_found(self):
        """Otherwise the test above would pass for pages that show nothing."""
        own = self.own_ids()
        self.log_in(self.user)
        for route, methods in self.our_routes().items():
            if "GET" in methods and "page" not in HOLE.findall(route):
                url = HOLE.sub(lambda match: str(own[match[1]]), route)
                with self.subTest(url=url):
                    self.assertEqual(self.url_open(url).status_code, 200)

    def test_without_login_every_page_asks_for_one(self):
        own = self.own_ids()
        self.authenticate(None, None)
        for route, methods in self.our_routes().items():
            if "GET" in methods:
                url = HOLE.sub(lambda match: str(own.get(match[1], 1)), route)
                with self.subTest(url=url):
                    answer = self.url_open(url, allow_redirects=False)
                    self.assertIn("/web/login", answer.headers.get("Location", ""))

    @mute_logger("odoo.http")
    def test_files_and_reports_are_not_got_by_guessing(self):
        self.log_in(self.user)
        papers = self.own_paper + self.hidden_paper + self.other_paper
        for file in papers.attachment_ids:
            for url in (f"/web/content/{file.id}", f"/web/image/{file.id}"):
                answer = self.url_open(url)
                self.assertNotIn(PDF, answer.content)
        issue = self.own_paper.occupancy_id
        for report in self.env["ir.actions.report"].search([("model", "like", "property.%")]):
            answer = self.url_open(f"/report/html/{report.report_name}/{issue.id}")
            self.assertNotEqual(answer.status_code, 200, report.report_name)

    @mute_logger("odoo.http")
    def test_odoo_pages_that_change_the_own_data_are_closed(self):
        self.log_in(self.user)
        name = self.party.name
        token = re.search(r'csrf_token: "([^"]+)"', self.get("/my/papers").text)[1]
        self.url_open(
            "/my/address/submit",
            {"csrf_token": token, "name": "Changed", "email": "changed@example.com"},
        )
        self.assertEqual(self.party.name, name)
        for url in ("/my/account", "/my/addresses", "/my/address"):
            answer = self.url_open(url, allow_redirects=False)
            self.assertIn(answer.status_code, (302, 303))


@tagged("post_install", "-at_install")
class TestPortalRpc(PortalCase):
    """Over RPC a portal user reaches no model of the suite at all."""

    def call(self, model, method, *args, **kwargs):
        response = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps(
                {
                    "jsonrpc": "2.0",
                    "params": {"model": model, "method": method, "args": args, "kwargs": kwargs},
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        return response.json()

    def our_models(self):
        return [
            name
            for name in self.env.registry
            if name.startswith("property.") and name != "property"
        ]

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_no_model_is_read_or_written(self):
        self.log_in(self.user)
        self.assertGreater(len(self.our_models()), 100)
        for model in self.our_models():
            found = self.env[model].search([], limit=1) if self.env[model]._auto else None
            row = [found.id if found else 1]
            for method, args in (
                ("search_read", [[]]),
                ("read", [row, ["display_name"]]),
                ("web_read", [row, {"display_name": {}}]),
                ("write", [row, {"display_name": "x"}]),
                ("create", [{}]),
                ("unlink", [row]),
                ("name_search", [""]),
            ):
                with self.subTest(model=model, method=method):
                    answer = self.call(model, method, *args)
                    self.assertIn("error", answer, answer)

    @mute_logger("odoo.http")
    def test_the_own_name_and_address_are_not_changed_over_rpc(self):
        self.log_in(self.user)
        for values in ({"name": "Changed"}, {"email": "x@example.com"}, {"phone": "1"}):
            answer = self.call("res.users", "write", [self.user.id], values)
            self.assertIn("error", answer)
            answer = self.call("res.partner", "write", [self.party.id], values)
            self.assertIn("error", answer)
        # what is nobody else's business stays his own
        self.assertNotIn("error", self.call("res.users", "write", [self.user.id], {"tz": "UTC"}))

    def test_no_line_of_access_is_for_the_portal(self):
        lines = self.env["ir.model.access"].search(
            [
                ("group_id", "=", self.env.ref("base.group_portal").id),
                ("model_id.model", "=like", "property.%"),
            ]
        )
        self.assertFalse(lines)

    def test_a_model_without_a_rule_for_the_portal_shows_nothing(self):
        portal = self.env["property.portal"].with_user(self.user)
        for model in ("property.unit", "property.reveal.log", "res.partner"):
            self.assertFalse(portal._find_rows(model), model)
