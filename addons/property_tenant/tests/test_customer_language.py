from lxml import etree

from odoo.tests import Form, new_test_user, tagged

from .import_common import PARTY_HEADER, ImportCase


@tagged("post_install", "-at_install")
class TestCustomerLanguage(ImportCase):
    """New parties read the language of the company, not the one Odoo was installed in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.company = cls.env.company
        cls.company.country_id = False
        cls.company.partner_id.lang = "en_US"
        # what the database gives by default
        cls.env["ir.default"].set("res.partner", "lang", "en_US")

    def lang_of_new_party(self, **values):
        return self.env["res.partner"].create({"name": "Newcomer", **values}).lang

    def test_the_setting_of_the_company_comes_before_its_country_and_that_before_its_address(self):
        self.assertEqual(self.lang_of_new_party(), "en_US")
        self.company.partner_id.lang = "fr_FR"
        self.assertEqual(self.lang_of_new_party(), "fr_FR")
        self.company.country_id = self.env.ref("base.cn")
        self.assertEqual(self.lang_of_new_party(), "zh_CN")
        self.company.pm_customer_lang = "en_US"
        self.assertEqual(self.lang_of_new_party(), "en_US")

    def test_a_chosen_language_stays(self):
        self.company.pm_customer_lang = "zh_CN"
        self.assertEqual(self.lang_of_new_party(lang="fr_FR"), "fr_FR")
        self.assertEqual(
            self.env["res.partner"].with_context(default_lang="fr_FR").create({"name": "X"}).lang,
            "fr_FR",
        )
        party = self.make_partner(lang="en_US")
        self.company.pm_customer_lang = "fr_FR"
        self.assertEqual(party.lang, "en_US")

    def test_the_contact_of_a_party_reads_what_the_party_reads(self):
        self.company.pm_customer_lang = "zh_CN"
        foreigner = self.make_partner("Foreigner", lang="fr_FR", is_company=True)
        self.assertEqual(self.lang_of_new_party(parent_id=foreigner.id), "fr_FR")
        with Form(self.env["res.partner"].with_context(default_parent_id=foreigner.id)) as form:
            form.name = "Secretary"
            self.assertEqual(form.lang, "fr_FR")

    def test_a_party_typed_in_the_client_shows_it_and_keeps_what_is_chosen(self):
        self.company.pm_customer_lang = "zh_CN"
        with Form(self.env["res.partner"].with_user(self.officer)) as form:
            form.name = "Typed"
            self.assertEqual(form.lang, "zh_CN")
        self.assertEqual(form.record.lang, "zh_CN")
        with Form(self.env["res.partner"].with_user(self.officer)) as form:
            form.name = "Typed, too"
            form.lang = "fr_FR"
        self.assertEqual(form.record.lang, "fr_FR")

    def test_a_party_named_on_an_occupancy_reads_the_language_of_the_estate(self):
        self.company.pm_customer_lang = "zh_CN"
        [field] = [
            node
            for node in self.arch("property.occupancy").iter("field")
            if node.get("name") == "partner_id" and node.get("placeholder")
        ]
        self.assertIn("pm_estate_id", field.get("context"))
        Party = self.env["res.partner"].with_user(self.officer)
        self.assertEqual(self.created_by_name(Party, self.estate), "zh_CN")
        self.estate.customer_lang = "fr_FR"
        self.assertEqual(self.created_by_name(Party, self.estate), "fr_FR")
        self.assertEqual(self.created_by_name(Party, self.estate.browse()), "zh_CN")

    def test_the_language_of_the_estate_of_others_is_not_told(self):
        self.company.pm_customer_lang = "zh_CN"
        other = self.make_estate("H2", customer_lang="fr_FR")
        Party = self.env["res.partner"].with_user(self.officer)
        self.assertEqual(self.created_by_name(Party, other), "zh_CN")
        employee = new_test_user(self.env, "lang_employee", "base.group_partner_manager")
        self.assertEqual(self.created_by_name(Party.with_user(employee), self.estate), "zh_CN")

    def test_imported_parties_read_it_unless_the_file_says_another(self):
        self.company.pm_customer_lang = "zh_CN"
        self.run_import(
            "party",
            [
                [*PARTY_HEADER, "Language"],
                ["P-7", "Without", "", "", "", ""],
                ["P-8", "With", "", "", "", "fr_FR"],
                ["P-1", "Tenant Trading", "", "", "", ""],
            ],
            user=self.officer,
        )
        parties = self.env["res.partner"].search([("ref", "in", ("P-1", "P-7", "P-8"))])
        self.assertEqual(
            {party.ref: party.lang for party in parties},
            {"P-1": "en_US", "P-7": "zh_CN", "P-8": "fr_FR"},
        )

    def test_colleagues_keep_the_language_of_the_database(self):
        self.company.pm_customer_lang = "zh_CN"
        defaults = self.env["res.users"].default_get(["lang", "name"])
        self.assertEqual(defaults["lang"], "en_US")

    def test_a_language_that_is_not_in_use_any_more_is_passed_over(self):
        self.company.pm_customer_lang = "fr_FR"
        self.env.ref("base.lang_fr").active = False
        self.assertEqual(self.lang_of_new_party(), "en_US")

    def test_many_new_parties_cost_no_query_for_their_language(self):
        self.company.pm_customer_lang = "zh_CN"
        self.env["res.partner"].create({"name": "First"})
        before = self.cr.sql_log_count
        for _number in range(20):
            self.company._get_customer_lang()
        self.assertEqual(self.cr.sql_log_count, before)

    def created_by_name(self, Party, estate):
        """Language of a party that was typed into the field of a form about the estate."""
        party_id, _name = Party.with_context(pm_estate_id=estate.id).name_create("Quick")
        return self.env["res.partner"].browse(party_id).lang

    def arch(self, model):
        return etree.fromstring(self.env[model].get_view(view_type="form")["arch"])
