import base64
import json
import re

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user

from .common import PropertyBuilders

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f"
    b"\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84\x00\x00"
    b"\x00\x00IEND\xaeB`\x82"
)
#: a signature, as the browser sends it
SCRIBBLE = base64.b64encode(PNG).decode()


class PortalCase(PropertyBuilders, HttpCase):
    """Two tenants of one estate with a login each, one who has left, one of another company.

    ``secret`` words stand on everything that is not the first tenant's.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.pm_require_identity = False
        cls.env["property.occupancy.step.template"].search([]).active = False
        cls.env["property.form"].search([]).active = False
        cls.env["property.document.type"].search([]).required = False
        cls.kind = cls.env["property.document.type"].create(
            {"name": "Lease copy", "code": "t_lease", "required": True}
        )
        cls.hidden_kind = cls.env["property.document.type"].create(
            {"name": "Internal memo", "code": "t_memo", "portal_visible": False}
        )
        cls.estate = cls.make_estate()
        cls.building = cls.make_building(cls.estate)
        cls.unit, cls.unit_b, cls.unit_c = (
            cls.make_unit(cls.building, code, floor=1) for code in ("A-101", "B-SECRET", "C-SECRET")
        )
        cls.desk = cls.make_user("front_desk", cls.estate, login="portal_desk")
        cls.officer = cls.make_user("officer", cls.estate, login="portal_officer")
        cls.party = cls.make_partner("Anna Own", email="anna@example.com")
        cls.other_party = cls.make_partner("Bert Secret", email="bert@example.com")
        cls.lease = cls.make_occupancy(cls.unit, cls.party, state="active", portal_party=True)
        cls.other_lease = cls.make_occupancy(
            cls.unit_b, cls.other_party, state="active", portal_party=True
        )
        cls.user = cls.make_portal_user(cls.party, "portal_anna")
        cls.other_user = cls.make_portal_user(cls.other_party, "portal_bert")
        # the first tenant has left another unit
        cls.past_lease = cls.make_occupancy(
            cls.unit_c, cls.party, portal_party=True, state="active", date_end="2024-06-30"
        )
        cls.past_paper = cls.make_paper(cls.past_lease, "Past SECRET paper")
        cls.past_lease.write({"state": "clearing"})
        cls.past_lease.write({"state": "ended"})
        cls.foreign_company = cls.make_company("Foreign Company")
        calendar = cls.foreign_company.resource_calendar_id
        cls.foreign_estate = cls.make_estate(
            "FO", company_id=cls.foreign_company.id, calendar_id=calendar.id
        )
        foreign_unit = cls.make_unit(cls.make_building(cls.foreign_estate), "F-SECRET")
        # named to the first tenant, but of a company that his login does not belong to
        cls.foreign_lease = cls.make_occupancy(
            foreign_unit, cls.party, state="active", portal_party=True
        )
        cls.own_paper = cls.make_paper(cls.lease, "Own paper")
        cls.hidden_paper = cls.make_paper(cls.lease, "Hidden SECRET paper", cls.hidden_kind)
        cls.other_paper = cls.make_paper(cls.other_lease, "Other SECRET paper")
        cls.env.flush_all()

    @classmethod
    def make_portal_user(cls, partner, login):
        return new_test_user(
            cls.env,
            login=login,
            name=partner.name,
            email=partner.email or f"{login}@example.com",
            groups="base.group_portal",
            partner_id=partner.id,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def make_paper(cls, lease, name, kind=None, content=PDF):
        kind = kind or cls.env["property.document.type"].create(
            {"name": name, "code": f"t_{lease.id}_{name[:4]}"}
        )
        return cls.env["property.document"].create(
            {
                "type_id": kind.id,
                "name": name,
                "occupancy_id": lease.id,
                "attachment_ids": [
                    Command.create(
                        {"name": f"{name}.pdf", "raw": content, "res_model": "property.document"}
                    )
                ],
            }
        )

    def missing_paper(self, lease):
        return self.env["property.dossier.paper"].search(
            [("occupancy_id", "=", lease.id), ("type_id", "=", self.kind.id)]
        )

    @classmethod
    def make_form(cls):
        """The kind of paper that the party signs."""
        return cls.env["property.form"].create(
            {
                "name": "Covenant",
                "body": "<p>We keep the house rules.</p>",
                "sign_party": True,
            }
        )

    def make_forms(self, leases):
        """Ids of such papers, issued for ``leases``."""
        Issue = self.env["property.form.issue"]
        form = self.make_form()
        return [Issue._issue(lease, form).id for lease in leases]

    def json(self, url, params):
        response = self.url_open(
            url,
            json.dumps({"jsonrpc": "2.0", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        return response.json()

    def log_in(self, user):
        self.authenticate(user.login, user.login)

    def get(self, url):
        return self.url_open(url, allow_redirects=True)

    def post(self, url, data=None, files=None, page="/my/papers"):
        """Send a form with the token that stands on ``page``."""
        token = re.search(r'csrf_token: "([^"]+)"', self.get(page).text)
        return self.url_open(url, {"csrf_token": token[1], **(data or {})}, files=files)
