import base64
import io
from unittest.mock import patch

from PyPDF2 import PdfFileReader

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import BillingCase


class NoticeCase(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.tax = cls.company_data["default_tax_sale"].copy(
            {"name": "VAT 6%", "amount": 6.0, "price_include_override": "tax_excluded"}
        )
        cls.fee.taxes_id = cls.tax
        cls.water = cls.make_fee_item("Cold Water")
        cls.make_fee_rule(cls.fee, "area", rate=2.0)
        cls.make_fee_rule(
            cls.water,
            "metered",
            tariff_id=cls.make_tariff("Water", "water_cold", [(0, 3.0), (20, 4.0)]).id,
        )
        cls.meter = cls.make_meter("W-1", cls.unit)
        cls.make_reading(cls.meter, "2023-12-31", 100)
        cls.make_reading(cls.meter, "2024-01-31", 130)
        cls.tenant.lang = "zh_CN"
        cls.owner.lang = "en_US"
        bank = cls.env["res.bank"].create({"name": "Harbour Bank"})
        cls.bank_account = cls.env["res.partner.bank"].create(
            {
                "acc_number": "6217000012345678",
                "partner_id": cls.company.partner_id.id,
                "bank_id": bank.id,
                "allow_out_payment": True,
            }
        )

    def deliver(self, month=1):
        run = self.post_run(self.make_run(2024, month))
        # letters without their PDFs, which take time and are tested apart
        self.patch(self.env.registry["property.billing.run"], "_print_missing", lambda run: None)
        run.action_deliver()
        return run

    def of(self, run, partner):
        return run.letter_ids.filtered(lambda letter: letter.partner_id == partner)

    def html(self, letter):
        content, _type = self.env["ir.actions.report"]._render_qweb_html(
            "property_billing.report_letter", letter.ids
        )
        return content.decode()


@tagged("post_install", "-at_install")
class TestPaymentNotice(NoticeCase):
    def test_lines_stand_by_unit_with_the_taxes_of_the_posted_bill(self):
        run = self.deliver()
        [section] = self.of(run, self.tenant)._get_notice_values()["sections"]
        self.assertEqual(section["unit"], self.unit)
        self.assertEqual(
            [
                (line["name"], line["quantity"], line["net"], line["tax"], line["total"])
                for line in section["lines"]
            ],
            [
                ("Management Fee", "100 m²", 200.0, 12.0, 212.0),
                ("Cold Water", "30 m³", 100.0, 0.0, 100.0),
            ],
        )
        owner = self.of(run, self.owner)
        sections = owner._get_notice_values()["sections"]
        self.assertEqual(
            [(row["unit"], round(row["total"], 2)) for row in sections],
            [(self.unit_2, 117.66), (self.unit_3, 169.6)],
        )
        self.assertEqual(owner.amount_total, 287.26)

    def test_metered_lines_say_how_they_were_computed(self):
        letter = self.of(self.deliver(), self.tenant)
        lines = letter._get_notice_values()["sections"][0]["lines"]
        notes = " ".join(lines[1]["notes"]).replace("\N{NO-BREAK SPACE}", "")
        for part in ("W-1", "100 → 130", "20 × $3.00", "10 × $4.00", "$60.00", "$40.00"):
            self.assertIn(part, notes)

    def test_paper_is_in_the_language_of_the_payer(self):
        run = self.deliver()
        self.assertEqual(self.of(run, self.tenant).lang, "zh_CN")
        self.assertEqual(self.of(run, self.owner).lang, "en_US")
        view = self.env.ref("property_billing.payment_notice")
        view.update_field_translations("arch_db", {"zh_CN": {"Total to pay": "应付总额"}})
        html = self.html(run.letter_ids)
        self.assertEqual((html.count("应付总额"), html.count("Total to pay")), (1, 1))

    def test_chinese_payers_get_the_amount_in_capital_digits(self):
        letter = self.of(self.deliver(), self.tenant)
        yuan = self.env.ref("base.CNY")
        self.assertEqual(
            letter.with_context(lang="zh_CN")._get_words(),
            "Three hundred and twelve dollars",
        )
        for lang, words in (
            ("zh_CN", "叁佰壹拾贰元整"),
            ("en_US", "Three hundred and twelve yuan"),
        ):
            with patch.object(type(letter), "currency_id", yuan.with_context(lang=lang)):
                self.assertEqual(letter.with_context(lang=lang)._get_words(), words)

    def test_corrections_and_credits_count_negative(self):
        first = self.post_run(self.make_run(2024, 1))
        reading = self.env["property.meter.reading"].search(
            [("meter_id", "=", self.meter.id), ("date", "=", "2024-01-31")]
        )
        reading.action_correct(120, "Misread.")
        run = self.deliver(2)
        self.assertEqual(first.state, "posted")
        letter = self.of(run, self.tenant)
        [section] = letter._get_notice_values()["sections"]
        self.assertEqual(sorted(line["total"] for line in section["lines"]), [-40.0, 212.0])
        self.assertEqual(
            (letter.amount_total, letter.amount_arrears, letter.amount_due),
            (172.0, 312.0, 484.0),
        )
        # Odoo puts a mark behind the minus, so that no line ends there
        html = self.html(letter).replace("\N{ZERO WIDTH NO-BREAK SPACE}", "")
        self.assertIn(">-40.00<", html)

    def test_notice_of_a_credit_asks_for_nothing(self):
        self.env["property.charge"].sudo().create(
            {
                "kind": "event",
                "source_model": "test",
                "source_id": 3,
                "source_key": "credit",
                "state": "ready",
                "product_id": self.water.id,
                "unit_id": self.unit.id,
                "partner_id": self.tenant.id,
                "amount": -500.0,
            }
        )
        letter = self.of(self.deliver(), self.tenant)
        self.assertEqual(letter.move_ids.move_type, "out_refund")
        values = letter._get_notice_values()
        [section] = values["sections"]
        self.assertEqual(sorted(line["total"] for line in section["lines"]), [-500.0, 100.0, 212.0])
        self.assertEqual((letter.amount_due, section["total"]), (-188.0, -188.0))
        self.assertEqual((values["owes"], values["credit"]), (False, True))
        self.assertNotIn("data:image/png", self.html(letter).partition("<h2>")[2])

    def test_notice_of_what_was_taken_back_asks_for_nothing(self):
        run = self.post_run(self.make_run(2024, 1))
        bill = run.move_ids.filtered(lambda move: move.partner_id == self.tenant)
        refund = bill._reverse_moves([{"invoice_date": bill.invoice_date}])
        refund._post()
        run._make_letters()
        letter = self.of(run, self.tenant)
        values = letter._get_notice_values()
        self.assertEqual(
            (letter.amount_total, letter.amount_settled, letter.amount_due),
            (312.0, 312.0, 0.0),
        )
        self.assertEqual((values["owes"], values["credit"]), (False, False))

    def test_paper_names_number_payer_account_and_reference(self):
        letter = self.of(self.deliver(), self.owner)
        html = self.html(letter)
        for text in (
            letter.number,
            "Olivia Owner",
            "A-102, A-201",
            "6217000012345678",
            "Harbour Bank",
            letter.payment_reference_text,
            "287.26",
        ):
            self.assertIn(text, html)

    def count_queries(self, letters):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        letters = letters.browse(letters.ids)
        letters._prefetch_paper()
        for letter in letters:
            letter._get_notice_values()
        return self.env.cr.sql_log_count - before

    def test_more_letters_need_no_more_queries(self):
        for number in range(10):
            unit = self.make_unit(self.building, f"M-{number}", floor=9)
            self.make_occupancy(
                unit,
                self.make_partner(f"Payer {number}"),
                "owner",
                "2020-01-01",
                state="active",
            )
            meter = self.make_meter(f"M-{number}", unit)
            self.make_reading(meter, "2023-12-31", 100)
            self.make_reading(meter, "2024-01-31", 130)
        letters = self.deliver().letter_ids.sudo()  # as they are printed
        self.assertEqual(len(letters), 12)
        self.count_queries(letters)  # what is cached for good
        few = self.count_queries(letters.filtered(lambda row: row.serial <= 2))
        many = self.count_queries(letters)
        self.assertLessEqual(many, few + 6)


@tagged("post_install", "-at_install")
class TestNoticePdf(NoticeCase):
    """The paper itself, made by the program that prints."""

    def pages(self, content):
        return PdfFileReader(io.BytesIO(content)).numPages

    def render(self, letters):
        return (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf("property_billing.report_letter", letters.ids)
        )

    def test_paper_is_made_once_and_kept(self):
        run = self.deliver()
        letter = self.of(run, self.owner)
        self.assertEqual(run.letter_ids._make_pdfs(), 2)
        kept = base64.b64decode(letter.pdf)
        self.assertEqual(kept[:5], b"%PDF-")
        self.assertEqual(letter.pdf_name, f"{letter.number}.pdf")
        self.owner.name = "Another Name"
        self.assertEqual(run.letter_ids._make_pdfs(), 0)
        self.assertEqual(base64.b64decode(letter.pdf), kept)
        content, kind = self.render(letter)
        self.assertEqual((kind, content), ("pdf", kept))
        with self.assertRaises(UserError):
            letter.sudo().write({"pdf": False})

    def test_many_letters_are_one_file_each_on_its_own_pages(self):
        # a payer with many units, whose letter has several pages
        units = self.env["property.unit"].create(
            [
                {
                    "code": f"L-{number:02d}",
                    "building_id": self.building.id,
                    "area_gross": 10.0,
                    "floor": 30,
                }
                for number in range(30)
            ]
        )
        holder = self.make_partner("Long List Ltd")
        for unit in units:
            self.make_occupancy(unit, holder, "owner", "2020-01-01", state="active")
        run = self.deliver()
        ordered = run._get_letters_to_hand_out()
        content, _kind = self.render(ordered)
        pages = [self.pages(base64.b64decode(letter.pdf)) for letter in ordered]
        self.assertEqual(pages[:2], [1, 1])
        self.assertGreater(pages[2], 1)
        self.assertEqual(self.pages(content), sum(pages))
        self.assertEqual([bool(letter.printed_at) for letter in ordered], [True] * 3)

    def test_void_letter_is_printed_as_it_was_kept(self):
        letter = self.of(self.deliver(), self.owner)
        letter._make_pdfs()
        kept = base64.b64decode(letter.pdf)
        letter.action_void("Wrong.")
        self.assertEqual(self.render(letter)[0], kept)

    def test_paper_goes_with_the_right_to_read_the_letter(self):
        letter = self.of(self.deliver(), self.owner)
        letter._make_pdfs()
        collector = self.make_user("collector", self.estate)
        content, _kind = self.render(letter.with_user(collector))
        self.assertEqual(content[:5], b"%PDF-")
        stranger = self.make_user("steward", self.make_estate("LK"))
        report = self.env["ir.actions.report"].with_user(stranger)
        with self.assertRaises(Exception) as caught:
            report.with_context(force_report_rendering=True)._render_qweb_pdf(
                "property_billing.report_letter", letter.ids
            )
        self.assertEqual(type(caught.exception).__name__, "AccessError")


@tagged("post_install", "-at_install")
class TestPaymentPage(NoticeCase, HttpCase):
    def page(self, letter):
        token = letter.sudo().access_token
        return self.url_open(f"/property/pay/{token}")

    def test_page_says_what_is_open_and_where_to_pay(self):
        letter = self.of(self.deliver(), self.owner)
        self.assertEqual(
            letter._get_payment_url(),
            f"{letter.get_base_url()}/property/pay/{letter.sudo().access_token}",
        )
        response = self.page(letter)
        self.assertEqual(response.status_code, 200)
        for text in (
            letter.payment_reference_text,
            "287.26",
            "02/15/2024",
            "6217000012345678",
            "Harbour Bank",
            self.estate.name,
        ):
            self.assertIn(text, response.text)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")

    def test_page_says_nothing_about_who_pays(self):
        self.owner.write(
            {
                "street": "7 Secret Lane",
                "city": "Hiddenham",
                "phone": "13800001111",
                "email": "olivia@example.com",
            }
        )
        letter = self.of(self.deliver(), self.owner)
        text = self.page(letter).text
        for secret in (
            "Olivia",
            "Secret Lane",
            "Hiddenham",
            "13800001111",
            "olivia@",
            "A-102",
            "A-201",
            "Management Fee",
            "Cold Water",
            letter.number,
            letter.move_ids[0].name,
        ):
            self.assertNotIn(secret, text)

    def test_unknown_links_are_not_found(self):
        letter = self.of(self.deliver(), self.owner)
        token = letter.sudo().access_token
        for wrong in (
            "x",
            "0" * 32,
            token[:-1],
            token + "A",
            token.swapcase(),
            "%25" * 32,
            "False",
        ):
            with self.subTest(token=wrong):
                response = self.url_open(f"/property/pay/{wrong}")
                self.assertEqual(response.status_code, 404)
                self.assertNotIn("6217000012345678", response.text)

    def test_link_ends_when_the_letter_is_made_void(self):
        letter = self.of(self.deliver(), self.owner)
        self.assertEqual(self.page(letter).status_code, 200)
        letter.action_void("Wrong.")
        self.assertEqual(self.page(letter).status_code, 404)

    def test_page_is_in_the_language_of_the_payer(self):
        letter = self.of(self.deliver(), self.tenant)
        view = self.env.ref("property_billing.payment_page_content")
        view.update_field_translations("arch_db", {"zh_CN": {"Still to Pay": "未付"}})
        text = self.page(letter).text
        self.assertIn("未付", text)
        self.assertIn('lang="zh-CN"', text)

    def test_paid_letter_says_so(self):
        letter = self.of(self.deliver(), self.owner)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=letter.move_ids.ids
        ).create({})._create_payments()
        text = self.page(letter).text
        self.assertIn("Nothing is open", text)
        self.assertNotIn("287.26", text)
        self.assertEqual(letter.move_ids.payment_state, "paid")
        self.assertEqual(letter.payment_state, "paid")


@tagged("post_install", "-at_install")
class TestUnitOrder(NoticeCase):
    def test_archived_units_keep_their_place(self):
        run = self.post_run(self.make_run(2024, 1))
        self.unit_2.active = False
        units = self.unit_3 + self.unit_2 + self.unit
        self.assertEqual(units._in_unit_order(), self.unit + self.unit_2 + self.unit_3)
        run._make_letters()
        self.assertEqual(self.of(run, self.owner).unit_ids, self.unit_2 + self.unit_3)

    def test_bills_of_a_letter_without_run_give_it_its_period(self):
        run = self.post_run(self.make_run(2024, 1))
        bill = run.move_ids.filtered(lambda move: move.partner_id == self.owner)
        letter = self.env["property.letter"].sudo()._create_for_bills(bill)
        self.assertEqual(
            (letter.period_start, letter.period_end),
            (self.day("2024-01-01"), self.day("2024-01-31")),
        )
        self.assertEqual(letter.run_id.ids, [])

    def test_letter_without_bills_is_not_issued(self):
        letter = (
            self.env["property.letter"]
            .sudo()
            .create(
                {
                    "partner_id": self.owner.id,
                    "estate_id": self.estate.id,
                    "move_ids": [Command.clear()],
                }
            )
        )
        with self.assertRaises(UserError):
            letter._issue()
        self.assertEqual(letter.number, False)
