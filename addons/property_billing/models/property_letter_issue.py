import secrets
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..calc.payment_reference import make_reference

#: the letter in a number that tells the level
LEVEL_CODES = {"1": "N", "2": "R", "3": "F", "4": "L"}

#: digits of a payment reference after the check digits
REFERENCE_LENGTH = 10

QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}


class PropertyLetter(models.Model):
    """Making letters, hundreds at once: the number of queries stays the same."""

    _inherit = "property.letter"

    @api.model
    def _create_for_bills(self, moves, level="1", run=None, date=None):
        """Make and issue one letter per payer and estate over ``moves``.

        The letters come in the order of the units and are numbered in it. To be
        called by methods that have checked their user, with ``sudo()``.

        :param date: day of issue; the estate's today if empty
        """
        # the database looks for live letters of the same payers
        self.flush_model(["state"])
        letters = self.with_context(**QUIET).create(self._prepare_letters(moves, level, run))
        letters._issue(date)
        return letters.with_env(self.env)

    def _prepare_letters(self, moves, level, run):
        """Values of the letters over ``moves``, in the order of the units."""
        Unit = self.env["property.unit"]
        charges = self.env["property.charge"].search_fetch(
            [("move_id", "in", moves.ids)],
            ["move_id", "unit_id", "period_start", "period_end"],
        )
        rank = {unit: at for at, unit in enumerate(charges.unit_id._in_unit_order())}
        charges_of = charges.grouped("move_id")
        groups = defaultdict(moves.browse)
        for move in moves.sorted(lambda move: (move.invoice_date, move.id)):
            groups[move.partner_id, move.estate_id] |= move
        arrears = self._get_arrears(groups, run) if level == "1" else {}
        prepared = []
        for (partner, estate), bills in groups.items():
            billed = charges.browse().union(
                *(charges_of[move] for move in bills if move in charges_of)
            )
            units = Unit.union(billed.unit_id).sorted(rank.get)
            first = rank[units[0]] if units else len(rank)
            prepared.append(
                (
                    (first, partner.name or "", partner.id, estate.id),
                    {
                        "level": level,
                        "run_id": run.id if run else False,
                        "partner_id": partner.id,
                        "lang": self._get_letter_lang(partner, estate),
                        "estate_id": estate.id,
                        "unit_ids": [fields.Command.set(units.ids)],
                        "unit_id": units[:1].id,
                        **self._get_letter_period(run, billed),
                        **self._get_letter_amounts(
                            estate, bills, arrears.get((partner, estate), moves.browse())
                        ),
                    },
                )
            )
        return [values for _key, values in sorted(prepared, key=lambda row: row[0])]

    def _in_unit_order(self):
        """The letters by estate, building, floor and code of their first units."""
        rank = {unit: at for at, unit in enumerate(self.unit_id._in_unit_order())}
        return self.sorted(lambda letter: (rank.get(letter.unit_id, len(rank)), letter.id))

    def _get_letter_lang(self, partner, estate):
        """Language of the payer, else of the company, if it is installed."""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        for lang in (partner.lang, estate.company_id.partner_id.lang, self.env.lang):
            if lang in installed:
                return lang
        return "en_US"

    def _get_letter_period(self, run, charges):
        if run:
            return {"period_start": run.period_start, "period_end": run.period_end}
        starts = [charge.period_start for charge in charges if charge.period_start]
        ends = [charge.period_end for charge in charges if charge.period_end]
        return {
            "period_start": min(starts, default=False),
            "period_end": max(ends, default=False),
        }

    def _get_arrears(self, groups, run):
        """Open bills of the payers that are earlier than those on their letters.

        :param groups: {(payer, estate): bills on the letter}
        """
        Move = self.env["account.move"]
        found = Move.search_fetch(
            [
                ("partner_id", "in", [partner.id for partner, _estate in groups]),
                ("estate_id", "in", [estate.id for _partner, estate in groups]),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("state", "=", "posted"),
                ("amount_residual", "!=", 0),
            ],
            [
                "partner_id",
                "estate_id",
                "pm_run_id",
                "invoice_date",
                "amount_residual_signed",
            ],
            order="invoice_date, id",
        ).grouped(lambda move: (move.partner_id, move.estate_id))
        arrears = {}
        for key, bills in groups.items():
            last = max(bills.mapped("invoice_date"))
            arrears[key] = found.get(key, Move).filtered(
                lambda move, bills=bills, last=last: (
                    move.invoice_date <= last
                    and move not in bills
                    and not (run and move.pm_run_id == run)
                )
            )
        return arrears

    def _get_letter_amounts(self, estate, bills, arrears):
        """What the letter says about money; it is not computed again later."""
        company = estate.company_id
        currency = company.currency_id
        total = currency.round(sum(bills.mapped("amount_total_signed")))
        left = currency.round(sum(bills.mapped("amount_residual_signed")))
        earlier = currency.round(sum(arrears.mapped("amount_residual_signed")))
        asked = bills.filtered(lambda move: move.amount_residual_signed > 0) or bills
        bank = bills.partner_bank_id or company.partner_id.bank_ids.filtered(
            lambda account: account.company_id in (company, company.browse())
        )
        return {
            "move_ids": [fields.Command.set(bills.ids)],
            "arrears_move_ids": [fields.Command.set(arrears.ids)],
            "amount_total": total,
            "amount_settled": currency.round(total - left),
            "amount_arrears": earlier,
            "amount_due": currency.round(left + earlier),
            "date_due": min(filter(None, asked.mapped("invoice_date_due")), default=False),
            "partner_bank_id": bank[:1].id,
        }

    # --- issue ------------------------------------------------------------

    def _issue(self, date=None):
        """Give the drafts their numbers, in the order of ``self``.

        Numbers are drawn as late as possible: the counter stays locked until the
        transaction is over.
        """
        for letter in self:
            if letter.state != "draft":
                raise UserError(
                    self.env._(
                        "The letter %(letter)s is already issued.",
                        letter=letter.display_name,
                    )
                )
            if not letter.move_ids:
                raise UserError(
                    self.env._(
                        "The letter for %(payer)s has no bills.",
                        payer=letter.partner_id.display_name,
                    )
                )
        days = {estate: date or estate._today() for estate in self.estate_id}
        numbers = self._draw_numbers(days)
        for letter in self.with_context(**QUIET):
            day = days[letter.estate_id]
            serial = numbers[letter.id]
            code = LEVEL_CODES[letter.level]
            letter.write(
                {
                    "year": day.year,
                    "serial": serial,
                    "number": f"{letter.estate_id.code}-{code}{day.year}-{serial:05d}",
                    "date_issued": day,
                    "payment_reference": make_reference(f"{letter.id:0{REFERENCE_LENGTH}d}"),
                    "access_token": secrets.token_urlsafe(24),
                    "state": "issued",
                }
            )

    def _draw_numbers(self, days):
        """Consecutive numbers per estate, level and year, in the order of ``self``."""
        numbers = {}
        groups = self.grouped(
            lambda letter: (letter.estate_id, letter.level, days[letter.estate_id].year)
        )
        for (estate, level, year), letters in groups.items():
            # the counter belongs to the system: whoever may issue letters gets the next numbers
            counter = self.env["property.counter"].sudo()
            serials = counter._take(estate, LEVEL_CODES[level], year, len(letters))
            numbers |= dict(zip(letters.ids, serials, strict=True))
        return numbers
