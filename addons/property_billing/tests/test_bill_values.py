from contextlib import closing

from odoo.fields import Command
from odoo.tools import SQL

from .common import BillingCase

#: what tells two copies of a bill apart
OF_THE_COPY = {"id", "move_id", "access_token"}


class TestBillValues(BillingCase):
    """The bills of a run are those that Odoo makes of the same values, in every column.

    Making them, the run anticipates what Odoo works out line by line.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tags = cls.env["account.account.tag"].create(
            [
                {"name": name, "applicability": "taxes", "country_id": cls.env.ref("base.cn").id}
                for name in ("base", "tax", "item")
            ]
        )
        cls.excluded = cls.make_tax("Excluded", tags=cls.tags)
        cls.included = cls.make_tax("Included", amount=9.0, price_include_override="tax_included")
        cls.fixed = cls.make_tax("Fixed", amount=0.37, amount_type="fixed")
        cls.first = cls.make_tax("First", amount=3.0, include_base_amount=True, sequence=1)
        cls.second = cls.make_tax("Second", amount=7.0, tags=cls.tags[:2], sequence=2)
        cls.paid = cls.make_tax(
            "When Paid",
            tags=cls.tags[:2],
            tax_exigibility="on_payment",
            cash_basis_transition_account_id=cls.income_account.copy({"reconcile": True}).id,
        )
        cls.fees = cls.env["product.product"]
        for number, taxes in enumerate(
            (
                cls.env["account.tax"],
                cls.excluded,
                cls.included,
                cls.fixed + cls.included,
                cls.first + cls.second,
                cls.paid,
            )
        ):
            cls.fees |= cls.make_fee_item(f"Fee {number}", taxes)
        cls.fees[:2].account_tag_ids = cls.tags[2]
        for number, fee in enumerate(cls.fees):
            cls.make_fee_rule(fee, "area", rate=0.37 + number * 1.01)
        cls.make_payers()

    @classmethod
    def make_tax(cls, name, amount=6.0, tags=None, **values):
        tax = cls.env["account.tax"].create(
            {"name": name, "amount": amount, "type_tax_use": "sale", **values}
        )
        if tags:
            lines = tax.invoice_repartition_line_ids + tax.refund_repartition_line_ids
            for line in lines:
                line.tag_ids = tags[0] if line.repartition_type == "base" else tags[1]
        return tax

    @classmethod
    def make_payers(cls):
        """One whose taxes and accounts are others, a contact of a company, one with terms."""
        position = cls.env["account.fiscal.position"].create({"name": "Abroad"})
        cls.make_tax(
            "Abroad",
            amount=2.0,
            price_include_override="tax_included",
            fiscal_position_ids=[Command.set(position.ids)],
            original_tax_ids=[Command.set((cls.excluded + cls.included).ids)],
        )
        position.account_ids = [
            Command.create(
                {
                    "account_src_id": cls.income_account.id,
                    "account_dest_id": cls.income_account.copy().id,
                }
            )
        ]
        abroad, exempt = cls.make_partner("Abroad"), cls.make_partner("Exempt")
        abroad.property_account_position_id = position
        exempt.property_account_position_id = cls.env["account.fiscal.position"].create(
            {"name": "Exempt"}
        )
        contact = cls.make_partner(
            "Contact", parent_id=cls.make_partner("Parent Ltd", is_company=True).id
        )
        cls.make_partner("Where Bills Go", parent_id=abroad.id, type="delivery")
        for number, payer in enumerate((abroad, exempt, contact)):
            unit = cls.make_unit(cls.building, f"B-{number}", area_gross=43.7 + number * 11.11)
            cls.make_occupancy(unit, payer, "owner", "2020-01-01", state="active")

    # --- the two ways ---------------------------------------------------------

    def make_credit(self, run):
        """What is owed to the tenant is more than the bill."""
        return (
            self.env["property.charge"]
            .sudo()
            .create(
                {
                    "kind": "event",
                    "source_model": "property.unit",
                    "source_id": self.unit.id,
                    "source_key": "credit",
                    "product_id": self.fees[2].id,
                    "unit_id": self.unit.id,
                    "partner_id": self.tenant.id,
                    "amount": -5000.0,
                    "run_id": run.id,
                }
            )
        )

    def prepare(self):
        run = self.make_run(2024, 1).sudo()
        run.action_compute()
        self.make_credit(run)
        run.charge_ids.state = "ready"
        return run, list(run._group_charges(run.charge_ids).items())

    def make_by_run(self, run, bills):
        run._make_bills(bills)
        return run.move_ids

    def make_by_odoo(self, run, bills):
        moves = self.env["account.move"].sudo()
        moves = moves.create([run._prepare_move(key, charges) for key, charges in bills])
        moves._post(soft=False)
        return moves

    def values(self, make, run, bills):
        with closing(self.env.cr.savepoint()):
            moves = make(run, bills).sorted("id")
            self.env.flush_all()
            result = [
                {
                    "move": row,
                    "lines": sorted(
                        self.rows(move.line_ids),
                        key=lambda line: (line["sequence"], line["display_type"], str(line)),
                    ),
                }
                for move, row in zip(moves, self.rows(moves), strict=True)
            ]
        return result

    def rows(self, records):
        """Everything that is stored about the records, in the order of their ids."""
        self.env.cr.execute(
            SQL(
                "SELECT * FROM %s WHERE id IN %s ORDER BY id",
                SQL.identifier(records._table),
                tuple(records.ids),
            )
        )
        rows = self.env.cr.dictfetchall()
        links = [
            field
            for field in records._fields.values()
            if field.type == "many2many" and field.store and field.relation
        ]
        for row in rows:
            record = records.browse(row["id"])
            row.update({field.name: sorted(record[field.name].ids) for field in links})
            for name in OF_THE_COPY & row.keys():
                del row[name]
        return rows

    def assert_same_bills(self, refunds=1):
        run, bills = self.prepare()
        expected = self.values(self.make_by_odoo, run, bills)
        found = self.values(self.make_by_run, run, bills)
        kinds = [bill["move"]["move_type"] for bill in expected]
        self.assertEqual(kinds.count("out_refund"), refunds)
        self.assertEqual(len(expected), 5)
        self.assertTrue(any(line["tax_tag_ids"] for line in expected[0]["lines"]))
        for one, other in zip(found, expected, strict=True):
            self.assertEqual(one["move"], other["move"])
            self.assertEqual(one["lines"], other["lines"])
        return found

    # --- cases ------------------------------------------------------------------

    def test_taxes_of_all_kinds(self):
        self.assert_same_bills()

    def test_taxes_rounded_for_the_whole_bill(self):
        self.company.sudo().tax_calculation_rounding_method = "round_globally"
        self.assert_same_bills()

    def test_bills_without_any_tax(self):
        self.fees.taxes_id = False
        bills = self.assert_same_bills()
        self.assertFalse([line for line in bills[0]["lines"] if line["display_type"] == "tax"])

    def test_terms_with_two_instalments(self):
        self.estate.payment_term_id = self.pay_terms_b
        bills = self.assert_same_bills()
        terms = [line for line in bills[0]["lines"] if line["display_type"] == "payment_term"]
        self.assertEqual(len(terms), 2)

    def test_costs_distributed_by_models(self):
        plan = self.env["account.analytic.plan"].create({"name": "Buildings"})
        accounts = self.env["account.analytic.account"].create(
            [{"name": name, "plan_id": plan.id} for name in ("One", "Other")]
        )
        self.env["account.analytic.distribution.model"].create(
            [
                {"product_id": self.fees[1].id, "analytic_distribution": {accounts[0].id: 100}},
                {"partner_id": self.owner.id, "analytic_distribution": {accounts[1].id: 100}},
            ]
        )
        self.excluded.analytic = True
        bills = self.assert_same_bills()
        self.assertTrue([line for line in bills[0]["lines"] if line["analytic_distribution"]])

    def test_credit_notes_with_numbers_of_their_own(self):
        bills = self.assert_same_bills()
        self.assertEqual(len({bill["move"]["sequence_prefix"] for bill in bills}), 2)

    def test_numbers_go_on_from_those_there_are(self):
        self.journal.refund_sequence = False
        for name in ("BILL/2024/01/0041", "Bill 41", "2024/41"):
            with self.subTest(name=name), closing(self.env.cr.savepoint()):
                invoice = self.init_invoice(
                    "out_invoice", invoice_date="2024-01-05", amounts=[10.0], post=False
                )
                invoice.journal_id = self.journal
                invoice.name = name
                invoice.action_post()
                bills = self.assert_same_bills()
                numbers = [bill["move"]["name"] for bill in bills]
                start = name.replace("41", "")
                self.assertEqual(numbers, [f"{start}{42 + number}" for number in range(5)])
