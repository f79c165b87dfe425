import base64

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from odoo.addons.property_tenant.calc.work import split

from .property_letter import LIVE_STATES

PRINT_CHANNEL = "property_print"


class PropertyLetter(models.Model):
    """The paper: a PDF that is made once, when the letter is issued, and kept."""

    _inherit = "property.letter"

    def action_print(self):
        """All letters as one file, in the order of the units."""
        self.check_access("read")
        if not self:
            raise UserError(
                self.env._("There are no letters to print. Deliver the billing run first.")
            )
        return self.env.ref("property_billing.action_report_letter").report_action(
            self._in_unit_order(), config=False
        )

    def _get_print_parts(self):
        """Ids of the letters in the parts that are printed in one go, in their order."""
        return [
            part
            for company, letters in self.grouped("company_id").items()
            for part in split(letters.ids, company.pm_print_size)
        ]

    def _make_pdfs(self):
        """Make the PDFs that are missing and keep them.

        The rows are locked: of two that print the same letters one does it.
        Returns how many were made.
        """
        done = 0
        for company, letters in self.grouped("company_id").items():
            letters = letters._lock_unprinted()
            size = company.pm_print_size
            for start in range(0, len(letters), size):
                part = letters[start : start + size]
                # the caller may see the letters; the paper is the same for all,
                # and nobody has the right to write letters by hand
                part.sudo()._keep_pdfs()
                done += len(part)
        return done

    def _lock_unprinted(self):
        """Letters in force without PDF, in the order of ``self``, locked."""
        if not self:
            return self
        self.flush_recordset(["state", "printed_at"])
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM property_letter
                    WHERE id IN %s AND printed_at IS NULL AND state IN %s
                      FOR UPDATE""",
                tuple(self.ids),
                LIVE_STATES,
            )
        )
        unprinted = {letter_id for (letter_id,) in rows}
        self.invalidate_recordset(["printed_at"])
        return self.filtered(lambda letter: letter.id in unprinted)

    def _keep_pdfs(self):
        report = self.env["ir.actions.report"]
        streams = report._render_letters(self.ids)
        now = fields.Datetime.now()
        for letter in self:
            if letter.printed_at:
                continue
            stream = streams[letter.id]["stream"]
            letter.with_context(tracking_disable=True).write(
                {
                    "pdf": base64.b64encode(stream.getvalue()),
                    "pdf_name": f"{letter.number}.pdf",
                    "printed_at": now,
                }
            )

    def _get_pdfs(self):
        """{id: bytes} of the papers that are kept, in one query."""
        # who may read the letter may read its paper: checked by the report
        attachments = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_field", "=", "pdf"),
                    ("res_id", "in", self.ids),
                ]
            )
        )
        return {attachment.res_id: attachment.raw for attachment in attachments}

    # --- what the paper says ----------------------------------------------

    def _prefetch_paper(self):
        """Read what is not read by itself for all charges at once."""
        self.move_ids.invoice_line_ids.pm_charge_id.fetch(["explanation"])

    def _get_payment_url(self):
        """Address of the page that says what is open, for the QR code."""
        self.ensure_one()
        # the link is printed for the payer; the field is hidden from the staff's
        # exports, not from the paper
        return f"{self.get_base_url()}/property/pay/{self.sudo().access_token}"

    def _get_notice_values(self):
        """What the payment notice prints, in the language of the context."""
        self.ensure_one()
        sections = self._get_notice_sections()
        currency = self.currency_id
        return {
            "sections": sections,
            "has_tax": any(
                not currency.is_zero(line["tax"])
                for section in sections
                for line in section["lines"]
            ),
            "words": self._get_words(),
            "owes": currency.compare_amounts(self.amount_due, 0.0) > 0,
            "credit": currency.compare_amounts(self.amount_due, 0.0) < 0,
            "arrears_text": self._get_arrears_text(),
            "payment_url": self._get_payment_url(),
        }

    def _get_arrears_text(self):
        """How many earlier bills were open, and since when."""
        self.ensure_one()
        if not self.arrears_move_ids:
            return ""
        return self.env._(
            "Open from earlier bills: %(count)s, since %(date)s",
            count=len(self.arrears_move_ids),
            date=format_date(self.env, min(self.arrears_move_ids.mapped("invoice_date"))),
        )

    def _get_words(self):
        """The amount to pay in words; Chinese capitals for the renminbi only."""
        self.ensure_one()
        return self.currency_id._get_amount_in_words(max(self.amount_due, 0.0))

    def _get_notice_sections(self):
        """Lines of the bills by unit, as they were posted; nothing is computed anew.

        Credit notes count negative.
        """
        self.ensure_one()
        # what is printed together is read together
        together = (self | self.browse(self._prefetch_ids)).move_ids.invoice_line_ids
        charges = together.pm_charge_id
        sections = {unit: [] for unit in self.unit_ids}
        for move in self.move_ids.sorted(lambda move: (move.invoice_date, move.id)):
            sign = -1 if move.move_type == "out_refund" else 1
            lines = move.invoice_line_ids.filtered(lambda line: line.display_type == "product")
            for line in lines.sorted(lambda line: (line.sequence, line.id)):
                line = line.with_prefetch(together._ids)
                charge = line.pm_charge_id.with_prefetch(charges._ids)
                sections.setdefault(charge.unit_id, []).append(
                    self._get_notice_line(line, charge, sign)
                )
        return [
            {
                "unit": unit,
                "lines": lines,
                "total": sum(line["total"] for line in lines),
            }
            for unit, lines in sections.items()
            if lines
        ]

    def _get_notice_line(self, line, charge, sign):
        what = [self._format_period(charge.period_start, charge.period_end)]
        if charge.kind == "correction":
            what.append(self.env._("correction"))
        if charge.description:
            what.append(charge.description)
        if not charge:
            what = [line.name]
        quantity = ""
        # once a fixed amount is no quantity
        if charge.quantity and (charge.uom_name or charge.quantity != 1.0):
            quantity = f"{charge._format_quantity()} {charge.uom_name or ''}".strip()
        return {
            "name": line.product_id.name or line.name,
            "what": " · ".join(filter(None, what)),
            "quantity": quantity,
            "net": sign * line.price_subtotal,
            "tax": sign * (line.price_total - line.price_subtotal),
            "total": sign * line.price_total,
            "notes": charge._get_short_explanation() if charge else [],
        }

    def _format_period(self, start, end):
        """A whole month by its name, other days by their dates."""
        if not start:
            return ""
        if start.day == 1 and end == fields.Date.end_of(start, "month"):
            return start.strftime("%Y-%m")
        days = [format_date(self.env, day) for day in (start, end) if day]
        return " – ".join(days)
