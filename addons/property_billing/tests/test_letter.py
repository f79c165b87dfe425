from importlib import util

from psycopg2 import IntegrityError, errors

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import SQL, file_path, mute_logger

from odoo.addons.property_tenant.tests.common import ROLES, PropertyBuilders
from odoo.addons.queue_job.tests.common import trap_jobs

from ..calc.payment_reference import is_valid
from .common import BillingCase

READERS = {
    "steward",
    "front_desk",
    "officer",
    "supervisor",
    "manager",
    "collector",
    "billing_supervisor",
    "cashier",
    "accountant",
    "legal",
    "general_manager",
    "controller",
}


class LetterCase(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.make_fee_rule(cls.fee, "area", rate=2.0)
        cls.number = 0
        # the paper is tested elsewhere; here it would only take time
        cls.classPatch(cls.env.registry["property.letter"], "_keep_pdfs", cls.keep_nothing)

    @staticmethod
    def keep_nothing(letters):
        letters.write({"pdf": b"JVBERg==", "printed_at": fields.Datetime.now()})

    def deliver(self, month=1):
        run = self.post_run(self.make_run(2024, month))
        run.action_deliver()
        return run

    def of(self, run, partner, state="issued"):
        return run.letter_ids.filtered(
            lambda letter: letter.partner_id == partner and letter.state == state
        )


@tagged("post_install", "-at_install")
class TestLetter(LetterCase):
    # --- one letter per payer ---------------------------------------------

    def test_delivering_makes_one_numbered_letter_per_payer(self):
        run = self.deliver()
        year = self.estate._today().year
        self.assertEqual(run.state, "delivered")
        self.assertEqual(
            [
                (letter.number, letter.partner_id, letter.amount_due)
                for letter in run.letter_ids.sorted("serial")
            ],
            [
                (f"HP-N{year}-00001", self.tenant, 200.0),
                (f"HP-N{year}-00002", self.owner, 271.0),
            ],
        )
        owner = self.of(run, self.owner)
        self.assertEqual(owner.unit_ids, self.unit_2 + self.unit_3)
        self.assertEqual(owner.level, "1")
        self.assertEqual(owner.date_due, self.day("2024-02-15"))
        self.assertEqual(owner.period_start, self.day("2024-01-01"))
        self.assertEqual(owner.payment_state, "not_paid")

    def test_several_bills_of_a_payer_are_on_one_letter(self):
        self.owner.pm_bill_per_unit = True
        run = self.deliver()
        letter = self.of(run, self.owner)
        self.assertEqual(len(letter.move_ids), 2)
        self.assertEqual(letter.amount_total, 271.0)

    def test_letters_are_numbered_in_the_order_of_the_units(self):
        last = self.make_building(self.estate, "Z", sequence=99)
        first = self.make_building(self.estate, "B", sequence=1)
        for building, code in ((last, "1"), (first, "9"), (first, "10")):
            unit = self.make_unit(building, code, floor=3 if code == "10" else 2)
            payer = self.make_partner(f"Payer {code}")
            self.make_occupancy(unit, payer, "owner", "2020-01-01", state="active")
        run = self.deliver()
        self.assertEqual(
            run.letter_ids.sorted("serial").mapped("unit_id.code"),
            ["9", "10", "A-101", "A-102", "1"],
        )
        self.assertEqual(
            run._get_letters_to_hand_out().mapped("unit_id.code"),
            ["9", "10", "A-101", "A-102", "1"],
        )

    def test_delivering_again_makes_only_what_is_missing(self):
        run = self.deliver()
        letters = run.letter_ids
        run.action_deliver()
        self.assertEqual(run.letter_ids, letters)

    def test_bills_posted_after_the_notice_are_reported(self):
        run = self.deliver()
        letter = self.of(run, self.owner)
        extra = self.make_unit(self.building, "A-301", floor=3)
        self.make_occupancy(extra, self.owner, "owner", "2020-01-01", state="active")
        charge = (
            self.env["property.charge"]
            .sudo()
            .create(
                {
                    "run_id": run.id,
                    "kind": "event",
                    "source_model": "test",
                    "source_id": 1,
                    "source_key": "late",
                    "state": "ready",
                    "product_id": self.fee.id,
                    "unit_id": extra.id,
                    "partner_id": self.owner.id,
                    "amount": 10.0,
                }
            )
        )
        run.action_post()
        self.assertEqual(charge.state, "billed")
        run.action_deliver()
        self.assertEqual(self.of(run, self.owner), letter)
        self.assertIn(letter.number, run.message_ids[0].body)
        letter.action_void("A bill came later.")
        run.action_deliver()
        self.assertEqual(self.of(run, self.owner).amount_total, 281.0)

    def test_numbers_count_per_estate(self):
        other = self.make_estate("LK", journal_id=self.journal.id)
        unit = self.make_unit(self.make_building(other), "L-1", area_gross=10)
        self.make_occupancy(unit, self.owner, "owner", "2020-01-01", state="active")
        run = self.post_run(self.make_run(2024, 1, self.estate + other))
        run.action_deliver()
        of_owner = run.letter_ids.filtered(lambda row: row.partner_id == self.owner)
        self.assertEqual(
            {letter.estate_id: (letter.serial, letter.amount_due) for letter in of_owner},
            {self.estate: (2, 271.0), other: (1, 20.0)},
        )

    def test_numbers_begin_anew_each_year(self):
        run = self.post_run(self.make_run(2024, 1))
        bills = {move.partner_id: move for move in run.move_ids}
        Letter = self.env["property.letter"].sudo()
        numbers = [
            Letter._create_for_bills(bills[payer], date=self.day(date)).number
            for payer, date in (
                (self.owner, "2024-12-31"),
                (self.tenant, "2024-12-31"),
                (self.owner, "2025-01-01"),
            )
        ]
        self.assertEqual(numbers, ["HP-N2024-00001", "HP-N2024-00002", "HP-N2025-00001"])

    def test_second_live_notice_of_a_payer_is_refused_by_the_database(self):
        run = self.deliver()
        letter = self.of(run, self.owner)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env["property.letter"].sudo()._create_for_bills(letter.move_ids, "1", run)

    def test_references_are_valid_and_each_letters_own(self):
        letters = self.deliver().letter_ids
        self.assertEqual([is_valid(letter.payment_reference) for letter in letters], [True, True])
        self.assertEqual(len(set(letters.mapped("payment_reference"))), 2)
        tokens = letters.sudo().mapped("access_token")
        self.assertEqual({len(token) for token in tokens}, {32})
        self.assertEqual(len(set(tokens)), 2)

    # --- money ------------------------------------------------------------

    def test_arrears_are_frozen_when_the_letter_is_issued(self):
        first = self.deliver(1)
        second = self.deliver(2)
        letter = self.of(second, self.owner)
        self.assertEqual(
            (letter.amount_total, letter.amount_arrears, letter.amount_due),
            (271.0, 271.0, 542.0),
        )
        earlier = self.of(first, self.owner)
        self.assertEqual(letter.arrears_move_ids, earlier.move_ids)
        self.assertEqual(earlier.amount_arrears, 0.0)
        self.pay(earlier.move_ids, 271.0)
        self.assertEqual((letter.amount_arrears, letter.amount_due), (271.0, 542.0))
        self.assertEqual((letter.amount_open, letter.payment_state), (271.0, "partial"))
        self.assertEqual(earlier.payment_state, "paid")

    def test_what_was_paid_before_the_letter_is_taken_off(self):
        run = self.post_run(self.make_run(2024, 1))
        bill = run.move_ids.filtered(lambda move: move.partner_id == self.owner)
        self.pay(bill, 71.0)
        run.action_deliver()
        letter = self.of(run, self.owner)
        self.assertEqual(
            (letter.amount_total, letter.amount_settled, letter.amount_due),
            (271.0, 71.0, 200.0),
        )

    def test_arrears_of_other_estates_and_payers_stay_out(self):
        other = self.make_estate("LK", journal_id=self.journal.id)
        unit = self.make_unit(self.make_building(other), "L-1", area_gross=10)
        self.make_occupancy(unit, self.owner, "owner", "2020-01-01", state="active")
        self.post_run(self.make_run(2024, 1, other))
        run = self.deliver(1)
        self.assertEqual(self.of(run, self.owner).amount_arrears, 0.0)

    def test_later_bills_are_no_arrears_of_a_letter_made_late(self):
        first = self.post_run(self.make_run(2024, 1))
        self.post_run(self.make_run(2024, 2))
        first.action_deliver()
        self.assertEqual(self.of(first, self.owner).amount_arrears, 0.0)

    def test_credit_of_a_run_makes_a_letter_that_asks_for_nothing(self):
        self.rule.rate = 0.0
        self.env["property.charge"].sudo().create(
            {
                "kind": "event",
                "source_model": "test",
                "source_id": 2,
                "source_key": "credit",
                "state": "ready",
                "product_id": self.fee.id,
                "unit_id": self.unit.id,
                "partner_id": self.tenant.id,
                "amount": -30.0,
            }
        )
        run = self.deliver()
        letter = self.of(run, self.tenant)
        self.assertEqual(letter.move_ids.move_type, "out_refund")
        self.assertEqual((letter.amount_total, letter.amount_due), (-30.0, -30.0))
        self.assertEqual(letter.payment_state, "paid")

    def pay(self, moves, amount):
        return (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create({"amount": amount, "group_payment": True})
            ._create_payments()
        )

    # --- on record --------------------------------------------------------

    def test_issued_letters_are_neither_changed_nor_deleted(self):
        letter = self.deliver().letter_ids[0].sudo()
        for values in (
            {"number": "X"},
            {"amount_due": 1.0},
            {"move_ids": [fields.Command.clear()]},
            {"partner_id": self.approver.partner_id.id},
            {"date_issued": "2024-01-01"},
            {"pdf": False},
            {"state": "draft"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                letter.write(values)
        with self.assertRaises(UserError):
            letter.unlink()

    def test_void_letter_keeps_its_number_and_the_next_one_gets_the_next(self):
        run = self.deliver()
        letter = self.of(run, self.owner)
        letter.action_void(" Wrong address. ")
        self.assertEqual((letter.state, letter.serial), ("void", 2))
        self.assertEqual(letter.void_reason, "Wrong address.")
        run.action_deliver()
        self.assertEqual(self.of(run, self.owner).serial, 3)
        for state in ("issued", "delivered", "draft"):
            with self.subTest(state=state), self.assertRaises(UserError):
                letter.sudo().state = state

    def test_void_needs_a_reason(self):
        letter = self.deliver().letter_ids[0]
        for reason in ("", "  ", False, 1):
            with self.subTest(reason=reason), self.assertRaises(UserError):
                letter.action_void(reason)
        action = letter.action_void()
        wizard = Form(self.env[action["res_model"]].with_context(**action["context"]))
        wizard.reason = "Printed twice."
        wizard.save().action_confirm()
        self.assertEqual((letter.state, letter.void_reason), ("void", "Printed twice."))

    # --- delivery ---------------------------------------------------------

    def test_delivery_is_recorded_for_many_at_once(self):
        letters = self.deliver().letter_ids
        steward = self.make_user("steward", self.estate)
        action = letters.with_user(steward).action_record_delivery()
        wizard = Form(
            self.env[action["res_model"]].with_user(steward).with_context(**action["context"])
        )
        wizard.result = "signed"
        wizard.note = "Reception"
        wizard.save().action_confirm()
        for letter in letters:
            self.assertEqual(
                (
                    letter.state,
                    letter.delivery_result,
                    letter.delivered_by_id,
                    letter.delivery_note,
                    letter.date_delivered,
                ),
                ("delivered", "signed", steward, "Reception", self.estate._today()),
            )

    def test_nobody_met_leaves_the_letter_to_be_delivered(self):
        letter = self.deliver().letter_ids[0]
        today = self.estate._today()
        letter._record_delivery("not_met", today)
        self.assertEqual(
            (letter.state, letter.delivery_result, letter.date_delivered),
            ("issued", "not_met", False),
        )
        letter._record_delivery("refused", today)
        self.assertEqual((letter.state, letter.date_delivered), ("delivered", today))

    def test_day_of_delivery_is_between_issue_and_today(self):
        letter = self.deliver().letter_ids[0]
        today = self.estate._today()
        for days in (-1, 1):
            with self.subTest(days=days), self.assertRaises(UserError):
                letter._record_delivery("handed", fields.Date.add(today, days=days))
        self.assertEqual(letter.state, "issued")

    def test_one_letter_that_is_not_open_stops_the_whole_selection(self):
        one, two = self.deliver().letter_ids
        one._record_delivery("handed", self.estate._today())
        with self.assertRaises(UserError):
            (one + two).action_record_delivery()
        with self.assertRaises(UserError):
            (two + one)._record_delivery("handed", self.estate._today())
        self.assertEqual(two.state, "issued")

    def test_wrong_delivery_is_taken_back_by_a_supervisor(self):
        letter = self.deliver().letter_ids[0]
        letter._record_delivery("handed", self.estate._today())
        steward = self.make_user("steward", self.estate)
        with self.assertRaises(AccessError):
            letter.with_user(steward).action_undo_delivery()
        letter.action_undo_delivery()
        self.assertEqual(
            (letter.state, letter.date_delivered, letter.delivered_by_id.ids),
            ("issued", False, []),
        )

    # --- printing ---------------------------------------------------------

    def test_many_letters_are_printed_in_parts_in_the_background(self):
        self.company.pm_print_size = 2
        for number in range(3):
            unit = self.make_unit(self.building, f"B-{number}", floor=9)
            payer = self.make_partner(f"Payer {number}")
            self.make_occupancy(unit, payer, "owner", "2020-01-01", state="active")
        run = self.post_run(self.make_run(2024, 1))
        self.company.pm_inline_units = 2
        with trap_jobs() as trap:
            run.action_deliver()
            self.assertEqual((run.letter_count, run.letter_printed_count), (5, 0))
            work = self.env["property.work"].search([("res_id", "=", run.id)], limit=1)
            self.assertEqual((work.state, work.total), ("waiting", 5))
            self.assertEqual(work.part_ids.mapped("size"), [2, 2, 1])
            trap.perform_enqueued_jobs()
            [first, second] = trap.enqueued_jobs
            self.assertEqual(first.channel, "root.property_print")
            first.perform()
            run.invalidate_recordset()
            work.invalidate_recordset()
            self.assertEqual((run.letter_printed_count, run.print_progress), (2, 40.0))
            self.assertEqual((work.state, work.done), ("running", 2))
            second.perform()
            while trap.enqueued_jobs:
                trap.perform_enqueued_jobs()
        run.invalidate_recordset()
        work.invalidate_recordset()
        self.assertEqual((run.letter_printed_count, run.print_progress), (5, 100.0))
        self.assertEqual((work.state, work.done), ("done", 5))
        self.assertIn("5 payment notices", work.message)
        self.assertEqual(work.action_open_result()["res_model"], "property.letter")

    def test_interrupted_printing_goes_on_with_what_is_missing(self):
        run = self.post_run(self.make_run(2024, 1))
        self.company.pm_inline_units = 0
        with trap_jobs():
            run.action_deliver()
        first = run.letter_ids.sorted("serial")[0]
        first._make_pdfs()
        made = first.printed_at
        # the jobs are gone: pressing again sets the same work going again
        with trap_jobs() as trap:
            self.assertEqual(run.action_print_missing()["tag"], "display_notification")
            while trap.enqueued_jobs:
                trap.perform_enqueued_jobs()
        run.invalidate_recordset()
        self.assertEqual(run.letter_printed_count, 2)
        self.assertEqual(self.env["property.work"].search_count([("res_id", "=", run.id)]), 1)
        self.assertEqual(first.printed_at, made)

    def test_printing_a_run_without_letters_says_what_to_do(self):
        run = self.post_run(self.make_run(2024, 1))
        with self.assertRaises(UserError):
            run.action_print_letters()

    def test_print_action_is_in_the_order_of_the_units(self):
        run = self.deliver()
        ordered = run.letter_ids.sorted("serial")
        action = (ordered[1] + ordered[0]).action_print()
        self.assertEqual(action["context"]["active_ids"], ordered.ids)


@tagged("post_install", "-at_install")
class TestLetterAccess(LetterCase):
    def test_who_reads_letters_and_that_nobody_writes_them(self):
        letter = self.deliver().letter_ids[0]
        allowed = {}
        for role in ROLES:
            user = self.make_user(role, self.estate, login=f"letter_{role}")
            mine = letter.with_user(user)
            allowed[role] = mine.has_access("read")
            for operation in ("write", "create", "unlink"):
                with self.subTest(role=role, operation=operation):
                    self.assertFalse(mine.has_access(operation))
        self.assertEqual({role for role, yes in allowed.items() if yes}, READERS)

    def test_who_may_do_what_with_a_letter(self):
        letter = self.deliver().letter_ids[0]
        may = {
            "action_record_delivery": {"steward", "collector", "billing_supervisor"},
            "action_void": {"billing_supervisor"},
            "action_undo_delivery": {"billing_supervisor"},
            "action_register_payment": {"cashier", "accountant"},
        }
        users = {role: self.make_user(role, self.estate, login=f"does_{role}") for role in ROLES}
        for method, roles in may.items():
            if method == "action_undo_delivery":
                letter._record_delivery("handed", self.estate._today())
            for role, user in users.items():
                with self.subTest(role=role, method=method):
                    if role in roles:
                        getattr(letter.with_user(user), method)()
                        continue
                    with self.assertRaises(AccessError):
                        getattr(letter.with_user(user), method)()

    def test_staff_of_other_estates_see_no_letters(self):
        letter = self.deliver().letter_ids[0]
        other = self.make_user("collector", self.make_estate("LK"))
        self.assertFalse(
            self.env["property.letter"].with_user(other).search([("id", "=", letter.id)])
        )
        with self.assertRaises(AccessError):
            letter.with_user(other).read(["number"])
        with self.assertRaises(AccessError):
            letter.with_user(other).action_record_delivery()
        with self.assertRaises(AccessError):
            letter.with_user(other).action_print()

    def test_delivery_dialog_does_not_reach_letters_of_other_estates(self):
        letter = self.deliver().letter_ids[0]
        other = self.make_user("steward", self.make_estate("LK"))
        values = {
            "letter_ids": [fields.Command.set(letter.ids)],
            "date": self.estate._today(),
        }
        Wizard = self.env["property.letter.delivery"]
        with self.assertRaises(AccessError):
            Wizard.with_user(other).create(values)
        wizard = Wizard.create(values)
        wizard.sudo().create_uid = other
        with self.assertRaises(AccessError):
            wizard.with_user(other).action_confirm()
        self.assertEqual(letter.state, "issued")

    def test_link_of_the_payment_page_is_hidden_from_staff(self):
        letter = self.deliver().letter_ids[0]
        collector = self.make_user("collector", self.estate)
        with self.assertRaises(AccessError):
            letter.with_user(collector).read(["access_token"])

    def test_staff_may_note_what_the_payer_said(self):
        letter = self.deliver().letter_ids[0]
        collector = self.make_user("collector", self.estate)
        message = letter.with_user(collector).message_post(body="Pays on Friday.")
        self.assertIn(message, letter.message_ids)


@tagged("post_install", "-at_install")
class TestLetterQueries(LetterCase):
    def make_payers(self, count):
        units = self.env["property.unit"].create(
            [
                {
                    "code": f"Q-{number:03d}",
                    "building_id": self.building.id,
                    "area_gross": 50.0,
                    "floor": 20,
                }
                for number in range(count)
            ]
        )
        payers = self.env["res.partner"].create([{"name": f"Payer {unit.code}"} for unit in units])
        self.env["property.occupancy"].create(
            [
                {
                    "unit_id": unit.id,
                    "partner_id": payer.id,
                    "kind": "owner",
                    "date_start": "2020-01-01",
                    "state": "active",
                }
                for unit, payer in zip(units, payers, strict=True)
            ]
        )

    def count_queries(self, payers):
        """Queries of making the letters of a run with ``payers`` more payers."""
        self.make_payers(payers)
        run = self.make_run(2024, 1)
        self.company.pm_inline_units = 1000
        self.post_run(run)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        run._make_letters()
        self.env.flush_all()
        queries = self.env.cr.sql_log_count - before
        self.assertEqual(len(run.letter_ids), payers + 2)
        return queries

    def test_ten_payers(self):
        self.assertLessEqual(self.count_queries(10), 70)

    def test_a_hundred_payers_need_no_more(self):
        self.assertLessEqual(self.count_queries(100), 70)


@tagged("post_install", "-at_install")
class TestTwoNumberAtOnce(TransactionCase):
    """Two real transactions; what they commit is taken away again."""

    def setUp(self):
        super().setUp()
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            build = type("Build", (PropertyBuilders,), {"env": env})
            self.estate = build.make_estate("2NUM").id
        self.addCleanup(self.take_away)

    def take_away(self):
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cr.execute(
                SQL(
                    "DELETE FROM property_counter WHERE estate_id = %s",
                    self.estate,
                )
            )
            env["property.estate"].browse(self.estate).unlink()

    def transaction(self):
        cursor = self.env.registry.cursor()
        self.addCleanup(cursor.close)
        cursor.execute("SELECT 1")  # the snapshot is taken here
        cursor.execute("SET LOCAL lock_timeout = '300ms'")
        env = api.Environment(cursor, SUPERUSER_ID, {})
        return env["property.counter"], env["property.estate"].browse(self.estate)

    def take(self, transaction, count):
        counter, estate = transaction
        return counter._take(estate, "N", 2024, count)[0]

    @mute_logger("odoo.sql_db")
    def test_second_waits_then_is_tried_again_and_leaves_no_gap(self):
        start = self.transaction()
        self.assertEqual(self.take(start, 2), 1)
        start[0].env.cr.commit()
        first, second = self.transaction(), self.transaction()
        self.assertEqual(self.take(first, 3), 3)
        with self.assertRaises(errors.LockNotAvailable):
            self.take(second, 1)
        second[0].env.cr.rollback()
        late = self.transaction()
        first[0].env.cr.commit()
        with self.assertRaises(errors.SerializationFailure):
            self.take(late, 1)
        late[0].env.cr.rollback()
        again = self.transaction()
        self.assertEqual(self.take(again, 1), 6)
        again[0].env.cr.rollback()
        self.assertEqual(self.take(self.transaction(), 1), 6)

    def test_numbers_go_on_after_those_of_the_former_counter(self):
        path = "property_billing/migrations/19.0.1.1.0/pre-letter_counter.py"
        spec = util.spec_from_file_location("pre_letter_counter", file_path(path))
        migration = util.module_from_spec(spec)
        spec.loader.exec_module(migration)
        counter, estate = self.transaction()
        cr = counter.env.cr
        cr.execute(
            SQL(
                """CREATE TEMP TABLE property_letter_counter ON COMMIT DROP AS
                   SELECT %s AS estate_id, '3'::varchar AS level, 2024 AS year, 7 AS last,
                          1 AS create_uid, 1 AS write_uid, now()::timestamp AS create_date,
                          now()::timestamp AS write_date""",
                estate.id,
            )
        )
        migration.migrate(cr, "19.0.1.0.0")
        self.assertEqual(counter._take(estate, "F", 2024, 1)[0], 8)
        cr.rollback()

    @mute_logger("odoo.sql_db")
    def test_first_number_of_a_year_is_drawn_by_one_only(self):
        first, second = self.transaction(), self.transaction()
        self.assertEqual(self.take(first, 1), 1)
        first[0].env.cr.commit()
        with self.assertRaises(errors.SerializationFailure):
            self.take(second, 1)
        second[0].env.cr.rollback()
        self.assertEqual(self.take(self.transaction(), 1), 2)
