from odoo.tests import TransactionCase, tagged

from ..hooks import post_init_hook

#: fields of account whose states our screens and the accountant's show
FIELDS = (
    ("account.move", "payment_state"),
    ("account.move", "status_in_payment"),
    ("account.invoice.report", "payment_state"),
    ("account.payment", "state"),
)


@tagged("post_install", "-at_install")
class TestWordsOfAccount(TransactionCase):
    """Account's Chinese calls a paid bill 已支, which is half a word."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")

    def word(self, model, field, key="paid"):
        description = self.env[model].with_context(lang="zh_CN").fields_get([field])
        return dict(description[field]["selection"])[key]

    def test_a_paid_bill_is_called_so_in_chinese(self):
        post_init_hook(self.env)
        for model, field in FIELDS:
            self.assertEqual(self.word(model, field), "已支付", f"{model} {field}")
        self.assertEqual(self.word("account.move", "payment_state", "not_paid"), "未支付")
        self.assertEqual(self.word("account.move", "payment_state", "partial"), "部分支付")

    def test_the_form_of_an_invoice_says_so_too(self):
        post_init_hook(self.env)
        view = self.env.ref("account.view_move_form").with_context(lang="zh_CN")
        self.assertIn("已支付", view.arch_db)
        self.assertNotIn('"已支"', view.arch_db)

    def test_english_stays(self):
        post_init_hook(self.env)
        labels = self.env["account.move"].fields_get(["payment_state"])["payment_state"]
        self.assertEqual(dict(labels["selection"])["paid"], "Paid")

    def test_a_language_that_comes_later_brings_the_right_words(self):
        """Then all translations come at once, ours after those of account."""
        states = self.env["ir.model.fields.selection"].search(
            [("field_id.model", "=", "account.move"), ("value", "=", "paid")]
        )
        self.assertTrue(states)
        for state in states:
            state.update_field_translations("name", {"zh_CN": "已支"})
        wizard = self.env["base.language.install"].create(
            {"lang_ids": self.env.ref("base.lang_zh_CN").ids, "overwrite": True}
        )
        wizard.lang_install()
        self.assertEqual(self.word("account.move", "payment_state"), "已支付")
