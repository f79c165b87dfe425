import json
import warnings

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import ROLES, PropertyBuilders, PropertyCase

NUMBER = "11010519491231002X"
MASKED = "1101**********002X"
HIDDEN_PART = "05194912"
PHONE = "13812345678"

SEE_PRIVATE = ("officer", "supervisor", "manager", "archivist", "accountant", "legal")
SEE_MASKED = (
    "user",
    "sales",
    "steward",
    "front_desk",
    "engineer",
    "engineering_supervisor",
    "security",
    "collector",
    "cashier",
    "billing_supervisor",
    "general_manager",
    "controller",
)


class PrivacyCase(PropertyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env.ref("property_tenant.id_category_resident_id")
        cls.paper = cls.env["res.partner.id_number"].create(
            {"partner_id": cls.owner.id, "category_id": cls.kind.id, "number": NUMBER}
        )
        cls.occupancy = cls.make_occupancy(cls.unit, cls.owner, kind="owner", state="active")
        cls.contact = cls.env["property.occupancy.contact"].create(
            {
                "occupancy_id": cls.occupancy.id,
                "partner_id": cls.make_partner("Emil Emergency").id,
                "role": "emergency",
                "phone_number": PHONE,
            }
        )
        cls.env.flush_all()

    def as_role(self, role):
        user = self.env["res.users"].search([("login", "=", f"test_{role}")])
        return user or self.make_user(role, self.estate)

    def outsider(self, groups):
        login = f"outside_{groups.replace('.', '_').replace(',', '_')}"
        user = self.env["res.users"].search([("login", "=", login)])
        return user or new_test_user(self.env, login=login, groups=groups)

    def looks(self, record):
        return self.env["property.reveal.log"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )


def ways_to_read(paper):
    """Ways by which the number might come out. ``paper`` is browsed by the one who tries."""
    env = paper.env
    papers = env["res.partner.id_number"]
    partner = paper.sudo().partner_id.with_env(env)
    domain = [("id", "=", paper.id)]
    return {
        "attribute": lambda: paper.name,
        "mapped": lambda: paper.mapped("name"),
        "read": lambda: paper.read(["name"]),
        "read of everything": lambda: paper.read(),
        "read of the hash": lambda: paper.read(["number_hash"]),
        "search_read": lambda: papers.search_read(domain, ["name"]),
        "search_fetch": lambda: papers.search_fetch(domain, ["name"]).mapped("name"),
        "web_read": lambda: paper.web_read({"name": {}}),
        "web_search_read": lambda: papers.web_search_read(domain, {"name": {}}),
        "web_save": lambda: paper.web_save({}, {"name": {}}),
        "entry field": lambda: paper.web_read({"number": {}, "name_masked": {}}),
        "display name": lambda: paper.display_name,
        "name search": lambda: papers.name_search(""),
        "name search of a part": lambda: papers.name_search(HIDDEN_PART),
        "group by": lambda: papers._read_group(domain, ["name"], ["__count"]),
        "formatted groups": lambda: papers.formatted_read_group(domain, ["name"], ["__count"]),
        "web groups": lambda: papers.web_read_group(domain, ["name"], ["__count"]),
        "read_group": lambda: papers.read_group(domain, ["name"], ["name"]),
        "maximum": lambda: papers._read_group(domain, [], ["name:max"]),
        "array": lambda: papers.formatted_read_group(domain, ["category_id"], ["name:array_agg"]),
        "distinct hashes": lambda: papers._read_group(domain, ["number_hash"]),
        "export": lambda: paper.export_data(["name"]),
        "export of the entry": lambda: paper.export_data(["number", "name_masked"]),
        "export by path": lambda: partner.export_data(["name", "id_numbers/name"]),
        "export of the entry by path": lambda: partner.export_data(["id_numbers/number"]),
        "path of the party": lambda: partner.mapped("id_numbers.name"),
        "nested read": lambda: partner.web_read(
            {"id_numbers": {"fields": {"name": {}, "display_name": {}}}}
        ),
        "read of the party": lambda: partner.read(["id_numbers", "display_name"]),
        "onchange": lambda: paper.onchange({}, [], {"name": {}, "number": {}}),
        "onchange of the party": lambda: partner.onchange(
            {}, [], {"id_numbers": {"fields": {"name": {}}}}
        ),
        "copy": lambda: paper.copy_data(),
        "fields": lambda: papers.fields_get(["name"])["name"],
        "messages": lambda: paper.message_ids.mapped("body"),
        "record names of messages": lambda: paper.message_ids.mapped("record_name"),
        "reveal": lambda: paper.action_reveal("curiosity"),
        "method of the validation": lambda: paper.validate_id_number(),
    }


def ways_to_ask(env, fragment):
    """Ways to find out whether a number contains ``fragment``: the answer must not tell."""
    papers = env["res.partner.id_number"]
    partners = env["res.partner"]
    return {
        "search": lambda: papers.search([("name", "ilike", fragment)]).ids,
        "equal": lambda: papers.search([("name", "=", fragment)]).ids,
        "like": lambda: papers.search([("name", "=like", f"%{fragment}%")]).ids,
        "not": lambda: papers.search([("name", "not ilike", fragment)]).ids,
        "negated": lambda: papers.search(["!", ("name", "ilike", fragment)]).ids,
        "count": lambda: papers.search_count([("name", "ilike", fragment)]),
        "hash": lambda: papers.search([("number_hash", "=", fragment)]).ids,
        "entry": lambda: papers.search([("number", "=", fragment)]).ids,
        "display name": lambda: papers.search([("display_name", "ilike", fragment)]).ids,
        "name search": lambda: papers.name_search(fragment),
        "path": lambda: partners.search([("id_numbers.name", "ilike", fragment)]).ids,
        "path by name": lambda: partners.search([("id_numbers", "ilike", fragment)]).ids,
        "any": lambda: partners.search([("id_numbers", "any", [("name", "ilike", fragment)])]).ids,
        "not any": lambda: (
            partners.search([("id_numbers", "not any", [("name", "ilike", fragment)])]).ids
        ),
        "path of the entry": lambda: partners.search([("id_numbers.number", "=", fragment)]).ids,
        "occupancy path": lambda: (
            env["property.occupancy"]
            .search([("partner_id.id_numbers.name", "ilike", fragment)])
            .ids
        ),
        "filtered domain": lambda: (
            papers.search([]).filtered_domain([("name", "ilike", fragment)]).ids
        ),
        "party search": lambda: partners.name_search(fragment),
    }


def ways_to_sort(env):
    papers = env["res.partner.id_number"]
    return {
        "search": lambda: papers.search([], order="name").ids,
        "search descending": lambda: papers.search([], order="name desc").ids,
        "web": lambda: papers.web_search_read([], {}, order="name asc"),
        "sorted": lambda: papers.search([]).sorted("name").ids,
        "hash": lambda: papers.search([], order="number_hash").ids,
    }


@tagged("post_install", "-at_install")
class TestIdentityNumbers(PrivacyCase):
    def try_all(self, ways, user):
        """Results of the ways that were not refused, as text."""
        results = {}
        for name, way in ways.items():
            try:
                with self.env.cr.savepoint(), warnings.catch_warnings():
                    # a deprecated way is a way
                    warnings.simplefilter("ignore", DeprecationWarning)
                    results[name] = repr(way())
            except (UserError, ValueError, KeyError, NotImplementedError):
                continue
        return results

    def assert_nothing_comes_out(self, user, but=()):
        ways = ways_to_read(self.paper.with_user(user))
        for name, result in self.try_all(ways, user).items():
            if name in but:
                continue
            with self.subTest(role=user.login, way=name):
                self.assertNotIn(NUMBER, result)
                self.assertNotIn(HIDDEN_PART, result)

    def test_masked_roles_get_the_number_by_no_way(self):
        for role in SEE_MASKED:
            self.assert_nothing_comes_out(self.as_role(role))

    def test_private_roles_get_the_number_only_by_what_is_logged(self):
        logged = {"reveal", "export", "export of the entry"}
        for role in SEE_PRIVATE:
            user = self.as_role(role)
            self.assert_nothing_comes_out(user, but=logged)

    def test_employees_without_a_role_get_nothing_of_papers_at_all(self):
        for groups in (
            "base.group_user",
            "base.group_user,base.group_partner_manager",
            "base.group_user,base.group_system",
        ):
            user = self.outsider(groups)
            self.assert_nothing_comes_out(user)
            with self.assertRaises(AccessError):
                self.paper.with_user(user).read(["category_id"])

    def test_employees_without_a_role_still_work_with_partners(self):
        partners = self.env["res.partner"].with_user(self.outsider("base.group_user"))
        self.assertNotIn("id_numbers", partners.fields_get())
        arch = etree.fromstring(partners.get_view(view_type="form")["arch"])
        self.assertFalse(arch.xpath("//field[@name='id_numbers']"))
        names = [name for name in arch.xpath("/form//field/@name") if name in partners._fields]
        record = partners.browse(self.owner.id)
        self.assertEqual(record.web_read({name: {} for name in names})[0]["name"], "Olivia Owner")

    def test_no_question_tells_part_of_a_number(self):
        for role in (*SEE_MASKED, *SEE_PRIVATE):
            user = self.as_role(role)
            env = self.env(user=user)
            right = self.try_all(ways_to_ask(env, HIDDEN_PART), user)
            wrong = self.try_all(ways_to_ask(env, "77777777"), user)
            with self.subTest(role=role):
                self.assertEqual(right, wrong)

    def test_masked_roles_cannot_even_ask_for_a_whole_number(self):
        for role in SEE_MASKED:
            user = self.as_role(role)
            env = self.env(user=user)
            right = self.try_all(ways_to_ask(env, NUMBER), user)
            wrong = self.try_all(ways_to_ask(env, "440524188001010014"), user)
            with self.subTest(role=role):
                self.assertEqual(right, wrong)

    def test_private_roles_find_a_party_by_the_whole_number(self):
        env = self.env(user=self.as_role("officer"))
        typed = " 1101 0519 4912 3100 2x"
        self.assertEqual(env["res.partner.id_number"].search([("number", "=", typed)]), self.paper)
        self.assertEqual(env["res.partner"].search([("id_numbers.number", "=", typed)]), self.owner)

    def test_papers_cannot_be_sorted_by_number(self):
        later = self.paper.create(
            {
                "partner_id": self.tenant.id,
                "category_id": self.kind.id,
                "number": "440524188001010014",
            }
        )
        self.assertTrue(later)
        for role in (*SEE_MASKED, *SEE_PRIVATE):
            user = self.as_role(role)
            with self.subTest(role=role):
                self.assertEqual(self.try_all(ways_to_sort(self.env(user=user)), user), {})

    def test_staff_see_kind_validity_and_mask(self):
        self.paper.valid_until = "2030-01-31"
        paper = self.paper.with_user(self.as_role("steward"))
        values = paper.read(["category_id", "valid_until", "name_masked", "number"])[0]
        self.assertEqual(values["category_id"], (self.kind.id, "Resident Identity Card"))
        self.assertEqual(values["valid_until"], fields.Date.to_date("2030-01-31"))
        self.assertEqual(values["name_masked"], MASKED)
        self.assertEqual(values["number"], MASKED)
        self.assertEqual(paper.display_name, f"Resident Identity Card {MASKED}")

    def test_display_name_is_masked_for_everybody_even_for_the_system(self):
        self.assertEqual(self.paper.sudo().display_name, f"Resident Identity Card {MASKED}")
        officer = self.paper.with_user(self.as_role("officer"))
        self.assertEqual(officer.display_name, f"Resident Identity Card {MASKED}")

    def test_views_of_papers_and_parties_do_not_ask_for_the_number(self):
        manager = self.as_role("manager")
        for kind in ("form", "list", "kanban", "search"):
            arch = self.env["res.partner.id_number"].with_user(manager).get_view(view_type=kind)
            with self.subTest(view=kind):
                self.assertFalse(etree.fromstring(arch["arch"]).xpath("//field[@name='name']"))
            arch = self.env["res.partner"].with_user(manager).get_view(view_type=kind)
            path = "//field[@name='id_numbers']//field[@name='name']"
            with self.subTest(party=kind):
                self.assertFalse(etree.fromstring(arch["arch"]).xpath(path))

    def test_chatter_of_a_paper_never_holds_the_number(self):
        self.paper.write({"number": "440524188001010014", "valid_until": "2031-01-01"})
        self.flush_tracking()
        messages = self.env["mail.message"].search(
            [("model", "=", "res.partner.id_number"), ("res_id", "=", self.paper.id)]
        )
        self.assertTrue(messages)
        values = self.env["mail.tracking.value"].search([("mail_message_id", "in", messages.ids)])
        told = repr([messages.mapped(name) for name in ("body", "subject", "record_name")])
        told += repr(values.read())
        for number in (NUMBER, "440524188001010014", HIDDEN_PART):
            self.assertNotIn(number, told)

    def flush_tracking(self):
        self.env.flush_all()
        self.cr.flush()

    def test_staff_of_another_estate_do_not_see_the_paper(self):
        stranger = self.make_user("officer", self.make_estate("SV"), login="other_officer")
        with self.assertRaises(AccessError):
            self.paper.with_user(stranger).action_reveal("curiosity")
        found = self.env["res.partner.id_number"].with_user(stranger).search([])
        self.assertNotIn(self.paper, found)

    def test_nobody_without_private_data_enters_or_changes_a_number(self):
        for role in SEE_MASKED:
            paper = self.paper.with_user(self.as_role(role))
            for values in ({"number": "440524188001010014"}, {"name": "440524188001010014"}):
                with self.subTest(role=role, values=values), self.assertRaises(AccessError):
                    paper.write(values)
            if role == "front_desk":
                # enters what is shown to it, see test_identity_papers.py
                continue
            with self.subTest(role=role), self.assertRaises(AccessError):
                paper.create(
                    {
                        "partner_id": self.tenant.id,
                        "category_id": self.kind.id,
                        "number": "440524188001010014",
                    }
                )
        self.assertEqual(self.paper.sudo().name, NUMBER)

    def test_kinds_of_papers_run_no_code_of_contact_managers(self):
        contact_manager = self.outsider("base.group_user,base.group_partner_manager")
        with self.assertRaises(AccessError):
            self.kind.with_user(contact_manager).write({"validation_code": "failed = True"})
        with self.assertRaises(AccessError):
            self.kind.with_user(self.as_role("manager")).write({"validation_code": "failed = True"})


@tagged("post_install", "-at_install")
class TestReveal(PrivacyCase):
    def test_reveal_gives_the_number_and_logs_who_when_what_and_why(self):
        officer = self.as_role("officer")
        number = self.paper.with_user(officer).action_reveal("  Compare with the lease ")
        self.assertEqual(number, NUMBER)
        look = self.looks(self.paper)
        self.assertEqual(
            (look.user_id, look.kind, look.field_name, look.purpose, look.record_name),
            (
                officer,
                "reveal",
                "name",
                "Compare with the lease",
                f"Resident Identity Card {MASKED}",
            ),
        )
        self.assertEqual(look.date.date(), fields.Datetime.now().date())

    def test_every_private_role_may_reveal_and_no_other(self):
        for role in SEE_PRIVATE:
            with self.subTest(role=role):
                paper = self.paper.with_user(self.as_role(role))
                self.assertEqual(paper.action_reveal("work"), NUMBER)
        for role in SEE_MASKED:
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.paper.with_user(self.as_role(role)).action_reveal("work")
        self.assertEqual(len(self.looks(self.paper)), len(SEE_PRIVATE))

    def test_reveal_without_purpose_is_refused_and_not_logged(self):
        paper = self.paper.with_user(self.as_role("officer"))
        for purpose in ("", "   ", None, False, True, 7):
            with self.subTest(purpose=purpose), self.assertRaisesRegex(UserError, "what you need"):
                paper.action_reveal(purpose)
        self.assertFalse(self.looks(self.paper))

    def test_only_declared_private_fields_are_revealed(self):
        paper = self.paper.with_user(self.as_role("officer"))
        with self.assertRaisesRegex(UserError, "no private data of this name"):
            paper.action_reveal("work", "comment")
        with self.assertRaisesRegex(UserError, "no private data of this name"):
            paper.action_reveal("work", "number_hash")

    def test_export_of_private_roles_is_full_and_logged(self):
        self.env.ref("base.group_allow_export").user_ids += self.as_role("archivist")
        paper = self.paper.with_user(self.as_role("archivist"))
        rows = paper.export_data(["partner_id/name", "number", "name_masked"])["datas"]
        self.assertEqual(rows, [["Olivia Owner", NUMBER, MASKED]])
        self.assertEqual(set(self.looks(self.paper).mapped("kind")), {"export", "list"})

    def test_every_export_of_a_list_is_logged(self):
        manager = self.as_role("manager")
        units = self.unit | self.unit_2
        units.with_user(manager).export_data(["code", "building_id/name"])
        [look] = self.env["property.reveal.log"].search([("res_model", "=", "property.unit")])
        self.assertEqual((look.kind, look.user_id), ("list", manager))
        self.assertEqual(look.record_name, "2 rows: Unit")
        self.assertIn("Building", look.field_label)
        with self.assertRaises(UserError):
            look.write({"purpose": "None"})

    def test_export_of_masked_roles_is_masked_and_not_logged(self):
        paper = self.paper.with_user(self.as_role("controller"))
        self.assertEqual(paper.export_data(["number"])["datas"], [[MASKED]])
        with self.assertRaises(AccessError):
            paper.export_data(["name"])
        self.assertEqual(self.looks(self.paper).mapped("kind"), ["list"])

    def test_who_answers_for_figures_may_export_lists(self):
        exporting = {
            role
            for role in ROLES
            if self.make_user(role, login=f"exports_{role}").has_group("base.group_allow_export")
        }
        self.assertEqual(
            exporting,
            {
                "supervisor",
                "manager",
                "billing_supervisor",
                "accountant",
                "general_manager",
                "controller",
            },
        )

    def test_a_refused_export_is_not_logged(self):
        officer = self.as_role("officer")
        self.env.ref("base.group_allow_export").user_ids -= officer
        with self.assertRaises(UserError):
            self.paper.with_user(officer).export_data(["number"])
        self.assertFalse(self.looks(self.paper))

    def test_a_caller_is_confirmed_without_showing_the_number(self):
        desk = self.paper.with_user(self.as_role("front_desk"))
        self.assertIs(desk.action_confirm("110105 19491231 002x"), True)
        self.assertIs(desk.action_confirm("440524188001010014"), False)
        self.assertEqual(self.looks(self.paper).mapped("kind"), ["wrong", "confirm"])

    def test_a_number_cannot_be_found_by_trying(self):
        self.env.company.pm_confirm_limit = 2
        desk = self.paper.with_user(self.as_role("front_desk"))
        self.assertIs(desk.action_confirm("1"), False)
        self.assertIs(desk.action_confirm("2"), False)
        with self.assertRaisesRegex(UserError, "2 values were not right today"):
            desk.action_confirm(NUMBER)

    def test_the_log_cannot_be_written_changed_or_deleted(self):
        self.paper.with_user(self.as_role("officer")).action_reveal("work")
        look = self.looks(self.paper)
        for user in (self.as_role("manager"), self.as_role("officer"), self.env.user):
            log = look.with_user(user)
            with self.subTest(user=user.login):
                with self.assertRaises(UserError):
                    log.write({"purpose": "other"})
                with self.assertRaises(UserError):
                    log.unlink()
        with self.assertRaises(UserError):
            look.sudo().write({"purpose": "other"})
        with self.assertRaises(UserError):
            look.sudo().unlink()
        values = look.copy_data()[0]
        for role in (*SEE_PRIVATE, *SEE_MASKED):
            with self.subTest(role=role), self.assertRaises(AccessError):
                look.with_user(self.as_role(role)).create(
                    dict(values, company_id=self.env.company.id)
                )
        self.assertEqual(look.purpose, "work")

    def test_the_log_is_read_by_those_who_control(self):
        self.paper.with_user(self.as_role("officer")).action_reveal("work")
        look = self.looks(self.paper)
        for role in ("manager", "general_manager", "controller"):
            with self.subTest(role=role):
                self.assertEqual(look.with_user(self.as_role(role)).purpose, "work")
        for role in ("officer", "supervisor", "front_desk", "accountant", "user"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                look.with_user(self.as_role(role)).read(["purpose"])

    def test_the_log_of_another_company_is_out_of_sight(self):
        self.paper.with_user(self.as_role("officer")).action_reveal("work")
        company = self.make_company()
        manager = self.make_user(
            "manager",
            login="second_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.assertFalse(self.env["property.reveal.log"].with_user(manager).search([]))


@tagged("post_install", "-at_install")
class TestPrivatePhones(PrivacyCase):
    def test_staff_see_the_mask_only(self):
        contact = self.contact.with_user(self.as_role("security"))
        values = contact.read(["phone_masked", "phone_number", "display_name"])[0]
        self.assertEqual(values["phone_masked"], "138****5678")
        self.assertEqual(values["phone_number"], "138****5678")
        for way in (
            lambda: contact.phone_private,
            lambda: contact.read(["phone_private"]),
            lambda: contact.search([("phone_private", "ilike", "1234")]),
            lambda: contact.search([], order="phone_private"),
            lambda: contact._read_group([], ["phone_private"]),
            lambda: contact.occupancy_id.search([("contact_ids.phone_private", "=", PHONE)]),
            lambda: contact.action_reveal("curiosity"),
        ):
            with self.assertRaises(AccessError):
                way()

    def test_reveal_of_a_phone_is_logged(self):
        contact = self.contact.with_user(self.as_role("officer"))
        self.assertEqual(contact.action_reveal("Pipe burst", "phone_number"), PHONE)
        look = self.looks(self.contact)
        self.assertEqual((look.field_name, look.purpose), ("phone_private", "Pipe burst"))

    def test_the_front_desk_enters_a_phone_that_it_cannot_read_again(self):
        contact = self.contact.with_user(self.as_role("front_desk"))
        contact.write({"phone_number": "139 8765 4321"})
        self.assertEqual(contact.phone_masked, "139******4321")
        self.assertEqual(self.contact.sudo().phone_private, "139 8765 4321")
        with self.assertRaises(AccessError):
            contact.read(["phone_private"])

    def test_a_mask_that_comes_back_changes_nothing(self):
        contact = self.contact.with_user(self.as_role("front_desk"))
        contact.write({"phone_number": "138****5678", "role": "finance"})
        self.assertEqual(self.contact.sudo().phone_private, PHONE)
        self.assertEqual(contact.role, "finance")

    def test_a_mask_is_never_kept_as_a_number(self):
        contact = self.contact.with_user(self.as_role("front_desk"))
        with self.assertRaisesRegex(UserError, "Type the whole value"):
            contact.write({"phone_number": "139****0000"})
        with self.assertRaisesRegex(UserError, "Type the whole value"):
            contact.create(
                {
                    "occupancy_id": self.occupancy.id,
                    "partner_id": self.tenant.id,
                    "phone_number": "139****0000",
                }
            )

    def test_a_phone_can_be_taken_out(self):
        self.contact.with_user(self.as_role("front_desk")).write({"phone_number": False})
        self.assertFalse(self.contact.sudo().phone_private)
        self.assertFalse(self.contact.phone_masked)

    def test_the_form_enters_and_keeps_the_phone(self):
        desk = self.as_role("front_desk")
        with Form(self.contact.with_user(desk)) as form:
            self.assertEqual(form.phone_number, "138****5678")
            form.role = "agent"
        self.assertEqual(self.contact.sudo().phone_private, PHONE)
        with Form(self.contact.with_user(desk)) as form:
            form.phone_number = "13900001111"
        self.assertEqual(self.contact.sudo().phone_private, "13900001111")


@tagged("post_install", "-at_install")
class TestPrivacyOverRpc(PropertyBuilders, HttpCase):
    """The same from outside, as a script with a password would try it."""

    def setUp(self):
        super().setUp()
        estate = self.make_estate("RPC")
        unit = self.make_unit(self.make_building(estate, "R"), "R-101")
        party = self.make_partner("Rita Remote")
        self.make_occupancy(unit, party, kind="owner", state="active")
        self.paper = self.env["res.partner.id_number"].create(
            {
                "partner_id": party.id,
                "category_id": self.env.ref("property_tenant.id_category_resident_id").id,
                "number": NUMBER,
            }
        )
        self.make_user("front_desk", estate, login="rpc_desk", password="rpc_desk")
        self.make_user("officer", estate, login="rpc_officer", password="rpc_officer")

    def call(self, model, method, *args, **kwargs):
        response = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps(
                {"params": {"model": model, "method": method, "args": args, "kwargs": kwargs}}
            ),
            headers={"Content-Type": "application/json"},
        )
        return response.json()

    def test_no_call_of_masked_staff_brings_the_number(self):
        self.authenticate("rpc_desk", "rpc_desk")
        ids = self.paper.ids
        for method, args, kwargs in (
            ("read", [ids, ["name"]], {}),
            ("read", [ids], {}),
            ("web_read", [ids], {"specification": {"name": {}, "number": {}, "display_name": {}}}),
            ("web_search_read", [], {"domain": [], "specification": {"number": {}}}),
            ("search_read", [[["name", "ilike", HIDDEN_PART]]], {}),
            ("formatted_read_group", [[], ["name"], ["__count"]], {}),
            ("export_data", [ids, ["name"]], {}),
            ("action_reveal", [ids, "curiosity"], {}),
            ("name_search", [HIDDEN_PART], {}),
        ):
            # refusals are warnings in the log, as they should be
            with self.subTest(method=method), mute_logger("odoo.http"):
                answer = json.dumps(self.call("res.partner.id_number", method, *args, **kwargs))
                self.assertNotIn(NUMBER, answer)
                self.assertNotIn(HIDDEN_PART, answer)

    def test_reveal_over_rpc_is_logged_and_the_log_stands(self):
        self.authenticate("rpc_officer", "rpc_officer")
        answer = self.call("res.partner.id_number", "action_reveal", self.paper.ids, "Lease")
        self.assertEqual(answer["result"], NUMBER)
        look = self.env["property.reveal.log"].search([("res_id", "=", self.paper.id)])
        self.assertEqual(look.mapped("purpose"), ["Lease"])
        with self.assertLogs("odoo.http", "WARNING"):
            answer = self.call("property.reveal.log", "write", look.ids, {"purpose": "x"})
        self.assertIn("error", answer)
        with self.assertLogs("odoo.http", "WARNING"):
            answer = self.call("property.reveal.log", "unlink", look.ids)
        self.assertIn("error", answer)
        self.assertEqual(look.mapped("purpose"), ["Lease"])

    def test_reveal_and_check_in_the_browser(self):
        papers = self.env.ref("property_tenant.property_id_number_action")
        self.start_tour(f"/odoo/action-{papers.id}", "property_tenant_reveal", login="rpc_officer")
        looks = self.env["property.reveal.log"].search([("res_id", "=", self.paper.id)])
        self.assertEqual(looks.mapped("purpose"), ["Comparing with the lease"])
        self.start_tour(f"/odoo/action-{papers.id}", "property_tenant_confirm", login="rpc_desk")
        looks = self.env["property.reveal.log"].search([("res_id", "=", self.paper.id)])
        self.assertEqual(looks.mapped("kind"), ["confirm", "reveal"])
