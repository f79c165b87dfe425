"""What a move-in asks of companies and agents; what expires is found and chased."""

from lxml import etree

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .dossier_common import DossierCase


@tagged("post_install", "-at_install", "property", "property_dossier")
class TestDossierExpiry(DossierCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.steward = cls.make_user("steward", cls.estate)

    def standard(self, *names):
        kinds = self.env["property.document.type"].browse(
            self.env.ref(f"property_tenant.document_type_{name}").id for name in names
        )
        kinds.active = True
        return kinds

    def refresh(self):
        self.env["property.dossier.paper"]._refresh(self.occupancy)

    def test_company_is_asked_for_its_organisation_code(self):
        kind = self.standard("organisation_code")
        self.tenant.is_company = True
        person = self.make_occupancy(self.unit_3, self.owner, "owner", state="active")
        self.env["property.dossier.paper"]._refresh(self.occupancy | person)
        self.assertEqual(self.paper(kind).state, "missing")
        self.assertFalse(self.paper(kind, person))

    def test_agent_brings_the_authorisation_and_the_own_identity(self):
        kinds = self.standard("authorisation", "agent_identity")
        self.refresh()
        for kind in kinds:
            self.assertFalse(self.paper(kind))
        agent = self.env["property.occupancy.contact"].create(
            {
                "occupancy_id": self.occupancy.id,
                "partner_id": self.make_partner("Anna Agent").id,
                "role": "agent",
            }
        )
        for kind in kinds:
            with self.subTest(kind.code):
                self.assertEqual(self.paper(kind).state, "missing")
        agent.role = "finance"
        self.assertFalse(self.paper(kinds[0]))
        agent.role = "agent"
        self.assertTrue(self.paper(kinds[0]))
        agent.unlink()
        self.assertFalse(self.paper(kinds[0]))

    def make_contract(self, days):
        return self.make_document(
            self.contract, estate_id=self.estate.id, date_expiry=self.days(days), name="Lifts Ltd"
        )

    def test_contract_that_expires_is_a_to_do_of_the_archivist(self):
        soon, later = self.make_contract(20), self.make_contract(200)
        documents = self.env["property.document"]
        self.assertEqual(documents._chase_contracts(self.estate, self.today), soon)
        self.assertEqual(soon.activity_ids.user_id, self.archivist)
        self.assertIn("Lifts Ltd", soon.activity_ids.note)
        self.assertFalse(later.activity_ids)
        self.assertFalse(documents._chase_contracts(self.estate, self.today), "once only")

    def test_without_archivist_the_steward_is_asked(self):
        self.archivist.active = False
        soon = self.make_contract(-3)
        self.env["property.document"]._chase_contracts(self.estate, self.today)
        self.assertEqual(soon.activity_ids.user_id, self.steward)

    def test_new_version_ends_the_to_do(self):
        soon = self.make_contract(20)
        documents = self.env["property.document"]
        documents._chase_contracts(self.estate, self.today)
        self.make_document(
            self.contract,
            estate_id=self.estate.id,
            replaces_id=soon.id,
            date_expiry=self.days(400),
        )
        documents._chase_contracts(self.estate, self.today)
        self.assertFalse(soon.activity_ids)

    def found(self, action):
        """What the filters of the screen, taken together, find for the archivist."""
        values = self.env["ir.actions.act_window"]._for_xml_id(f"property_tenant.{action}")
        records = self.env[values["res_model"]].with_user(self.archivist)
        search = values["search_view_id"] and values["search_view_id"][0]
        view = records.get_views([(search, "search")])
        context = safe_eval(values["context"])
        tree = etree.fromstring(view["views"]["search"]["arch"])
        chosen = [
            safe_eval(node.get("domain"))
            for node in tree.iter("filter")
            if context.get(f"search_default_{node.get('name')}")
        ]
        self.assertEqual(len(chosen), 3)
        return records.search(Domain(safe_eval(values["domain"])) & Domain.OR(map(Domain, chosen)))

    def test_screen_lists_papers_and_contracts_that_expire_in_90_days(self):
        gone, soon, later = (self.make_contract(days) for days in (-3, 80, 100))
        licence = self.make_document(self.licence, date_expiry=self.days(50))
        found = self.found("property_document_expiry_action")
        self.assertLessEqual(gone | soon | licence, found)
        self.assertNotIn(later, found)

    def test_screen_lists_identity_papers_that_expire(self):
        category = self.env["res.partner.id_category"].create({"name": "Permit", "code": "PMX"})
        papers = self.env["res.partner.id_number"].create(
            [
                {
                    "name": f"X{days + 100}",
                    "category_id": category.id,
                    "partner_id": self.tenant.id,
                    "valid_until": self.days(days),
                }
                for days in (-3, 80, 100)
            ]
        )
        found = self.found("property_id_number_expiry_action")
        self.assertLessEqual(papers[:2], found)
        self.assertNotIn(papers[2], found)
