from odoo import api, fields, models

from .property_letter import LIVE_STATES
from .property_letter_print import PRINT_CHANNEL

#: how many parts of a run are printed side by side, if the queue's channel allows it
PRINT_LANES = 2


class PropertyBillingRun(models.Model):
    """Delivering a run: one payment notice per payer, printed in unit order."""

    _inherit = "property.billing.run"

    letter_ids = fields.One2many("property.letter", "run_id", string="Payment Notices")
    letter_count = fields.Integer(compute="_compute_letters", string="Notices")
    letter_printed_count = fields.Integer(compute="_compute_letters", string="PDFs Made")
    letter_delivered_count = fields.Integer(compute="_compute_letters", string="Notices Delivered")
    print_progress = fields.Float(
        compute="_compute_letters", help="Share of the payment notices whose PDF is made."
    )

    @api.depends("letter_ids.state", "letter_ids.printed_at")
    def _compute_letters(self):
        domain = [("run_id", "in", self.ids), ("state", "in", LIVE_STATES)]
        counts = {
            run.id: (count, printed)
            for run, count, printed in self.env["property.letter"]._read_group(
                domain, ["run_id"], ["__count", "printed_at:count"]
            )
        }
        delivered = {
            run.id: count
            for run, count in self.env["property.letter"]._read_group(
                [("run_id", "in", self.ids), ("state", "=", "delivered")],
                ["run_id"],
                ["__count"],
            )
        }
        for run in self:
            count, printed = counts.get(run._origin.id, (0, 0))
            run.letter_count = count
            run.letter_printed_count = printed
            run.letter_delivered_count = delivered.get(run._origin.id, 0)
            run.print_progress = 100.0 * printed / count if count else 0.0

    def _deliver(self):
        result = super()._deliver()
        self._make_letters()
        self._print_missing()
        return result

    def _make_letters(self):
        """Make the payment notices that are missing; doing it again changes nothing."""
        self.ensure_one()
        # letters are made by the run: nobody has the right to write them by hand,
        # and action_deliver has checked its user
        run = self.sudo()
        bills = run.move_ids.filtered(lambda move: move.state == "posted")
        live = run.letter_ids.filtered(
            lambda letter: letter.level == "1" and letter.state in LIVE_STATES
        )
        have = {(letter.partner_id, letter.estate_id): letter for letter in live}
        left = bills - live.move_ids
        late = left.filtered(lambda move: (move.partner_id, move.estate_id) in have)
        letters = run.env["property.letter"]._create_for_bills(left - late, "1", run)
        if late:
            self._tell_late_bills([have[move.partner_id, move.estate_id] for move in late])
        return letters

    def _tell_late_bills(self, letters):
        """Bills posted after their payer's notice are on no notice: say so."""
        names = sorted({letter.number for letter in letters})
        self.message_post(
            body=self.env._(
                "%(count)s bills were posted after the payment notice of their payer and"
                " are not on it. Make these notices void and deliver again: %(letters)s",
                count=len(letters),
                letters=", ".join(names[:20]) + (" …" if len(names) > 20 else ""),
            )
        )

    # --- printing ---------------------------------------------------------

    def _get_letters_to_hand_out(self):
        """Notices in force, in the order of the units; seen by the user only."""
        letters = self.env["property.letter"].search(
            [("run_id", "in", self.ids), ("level", "=", "1"), ("state", "in", LIVE_STATES)]
        )
        return letters._in_unit_order()

    def _print_missing(self):
        """Make the PDFs that are missing: few at once, many in the background."""
        self.ensure_one()
        # see _make_letters
        letters = (
            self.sudo()._get_letters_to_hand_out().filtered(lambda letter: not letter.printed_at)
        )
        if not letters:
            return self.env["property.work"]
        return self.env["property.work"]._start(
            self,
            "_print_part",
            letters._get_print_parts(),
            name=self.env._("Print the payment notices of %s", self.name),
            end="_print_end",
            inline=len(letters) <= self.company_id.pm_inline_units,
            lanes=PRINT_LANES,
            channel=PRINT_CHANNEL,
        )

    def _print_part(self, letter_ids, _part):
        """Make the PDFs of some letters, as a part of long work."""
        # who started it may run the billing; letters are made by the run, see _make_letters
        self.env["property.letter"].sudo().browse(letter_ids).exists()._make_pdfs()

    def _print_end(self, work):
        self.invalidate_recordset(["letter_printed_count"])
        work._set_result(
            action=self.action_view_letters(),
            message=self.env._(
                "%(count)s payment notices of %(run)s can be printed.",
                count=self.letter_printed_count,
                run=self.name,
            ),
        )

    def action_print_missing(self):
        """Make the PDFs that are missing, after an interruption for example."""
        self._check_may_run()
        works = self.env["property.work"]
        for run in self:
            works |= run._print_missing()
        # what is done at once needs no word
        live = works.sudo().filtered(lambda work: work.state != "done")[:1]
        return live.with_env(self.env)._get_action() if live else None

    def action_print_letters(self):
        """All payment notices of the run as one file, in the order of the units."""
        self.check_access("read")
        return self._get_letters_to_hand_out().action_print()

    def action_view_letters(self):
        """Open the payment notices of the run."""
        return self._action_view(
            "property_billing.property_letter_action",
            fields.Domain("run_id", "in", self.ids),
        )
