from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .items_common import DRAWN, ItemsCase


@tagged("post_install", "-at_install", "property", "property_items")
class TestItemForms(ItemsCase):
    """The papers of things lent, in Chinese, in the order of units and numbers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        # what the installation does with the translations of the addon
        cls.env["ir.module.module"].search([("name", "=", "property_tenant")])._update_translations(
            ["zh_CN"]
        )
        cls.tenant.lang = "zh_CN"
        cls.reader = cls.make_user("front_desk", cls.estate, login="reader", lang="zh_CN")
        cls.second = cls.make_item(cls.card_kind, serial="C-010", unit_id=cls.unit.id)
        cls.third = cls.make_item(cls.card_kind, serial="C-002", unit_id=cls.unit.id)
        cls.other = cls.make_item(cls.key_kind, unit_id=cls.unit_2.id, quantity=2)

    def paper(self, report, record):
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.reader)
            .with_context(lang="zh_CN")
            ._render_qweb_html(f"property_tenant.{report}", record.ids)
        )
        return " ".join(html2plaintext(html.decode()).split())

    def assertInOrder(self, text, *parts):
        places = [text.find(part) for part in parts]
        self.assertNotIn(-1, places, f"{parts}\n{text}")
        self.assertEqual(places, sorted(places), f"{parts}\n{text}")

    def test_key_receipt(self):
        slip = self.lend(self.other, self.second, self.umbrellas, self.third, (self.keys, 2))
        slip._sign("holder", "Tina Tenant", DRAWN)
        text = self.paper("report_key_receipt", slip)
        self.assertInOrder(
            text,
            "钥匙签收单",
            self.tenant.name,
            "A-101",
            slip.number,
            "C-002",
            "C-010",
            "Key A-101",
            "Key A-102",
            "Umbrella",
            "Tina Tenant",
        )

    def test_receipt_has_the_places_of_the_return(self):
        slip = self.lend(self.keys)
        self.assertNotIn("归还人", self.paper("report_key_receipt", slip))
        self.take_back(slip.loan_ids)
        text = self.paper("report_key_receipt", slip)
        self.assertInOrder(text, "钥匙签收单", "归还人", "收回人")

    def test_loan_slip(self):
        slip = self.lend(self.second, self.third, self.keys)
        text = self.paper("report_item_slip", slip)
        self.assertInOrder(text, "借用单", slip.number, "C-002", "C-010", "Key A-101")

    def test_key_handover(self):
        things = self.keys | self.second | self.third | self.other | self.card
        things.custodian_id = self.desk
        self.lend(self.card)
        count = (
            self.env["property.item.count"]
            .with_user(self.desk)
            .create(
                {
                    "estate_id": self.estate.id,
                    "purpose": "handover",
                    "custodian_id": self.desk.id,
                    "receiver_id": self.supervisor.id,
                }
            )
        )
        count.action_start()
        line = count.line_ids.filtered(lambda line: line.item_id == self.keys)
        count.write(
            {
                "line_ids": [
                    Command.update(line.id, {"quantity_counted": 4, "reason": "少一把，门锁班借走"})
                ]
            }
        )
        text = self.paper("report_key_handover", count)
        self.assertInOrder(
            text,
            "钥匙交接表",
            count.number,
            "Dora Desk",
            "Susan Supervisor",
            "C-002",
            "C-010",
            "Key A-101",
            "少一把，门锁班借走",
            "Key A-102",
            "C-001",
            "A-101 Tenant Trading Ltd",
        )

    def test_key_loan_register(self):
        first = self.lend((self.keys, 2), purpose="搬家")
        second = self.lend(self.other, holder_kind="staff", user_id=self.desk.id)
        umbrella = self.lend(self.umbrellas)
        self.take_back(first.loan_ids)
        today = self.estate._today()
        register = (
            self.env["property.item.register"]
            .with_user(self.reader)
            .create({"estate_id": self.estate.id, "date_from": today, "date_to": today})
        )
        action = register.action_print()
        self.assertEqual(action["report_name"], "property_tenant.report_item_register")
        text = self.paper("report_item_register", register)
        self.assertInOrder(
            text, "钥匙借用登记表", first.number, "搬家", "Dora Desk", "已归还", second.number
        )
        self.assertNotIn(umbrella.number, text)
