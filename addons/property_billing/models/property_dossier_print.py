from odoo import api, models
from odoo.fields import Domain

LETTER = "property_billing.report_letter"
BILL = "account.report_invoice_with_payments"


class PropertyOccupancy(models.Model):
    """Bills and letters belong to the whole dossier, for who may read them."""

    _inherit = "property.occupancy"

    def _get_dossier_prints(self):
        return super()._get_dossier_prints() + self._get_bill_prints() + self._get_letter_prints()

    def _get_bill_prints(self):
        moves = self.env["account.move"]
        if not moves.has_access("read"):
            return []
        moves = moves.search(
            Domain("id", "in", self._get_billed_moves()) & Domain("state", "=", "posted")
        )
        return [
            self._prepare_print(
                move, BILL, "payment", move.invoice_date, move.name, self.env._("Bill")
            )
            for move in moves
        ]

    def _get_letter_prints(self):
        letters = self.env["property.letter"]
        if not letters.has_access("read"):
            return []
        letters = letters.search(
            [
                ("move_ids", "in", self._get_billed_moves()),
                ("state", "in", ("issued", "delivered")),
            ]
        )
        return [
            self._prepare_print(
                letter,
                LETTER,
                "legal" if letter.level == "4" else "payment",
                letter.date_issued,
                letter.number,
                self._get_labels(letter, "level"),
            )
            for letter in letters
        ]


class PropertyDossierExport(models.Model):
    _inherit = "property.dossier.export"

    @api.model
    def _get_kept_prints(self, report, ids):
        if report != BILL:
            return super()._get_kept_prints(report, ids)
        # whoever reads a bill may read its paper, which was checked when it was listed
        files = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "account.move"),
                    ("res_field", "=", "invoice_pdf_report_file"),
                    ("res_id", "in", ids),
                ]
            )
        )
        return {file.res_id: file.raw for file in files}

    @api.model
    def _render_prints(self, reports, report, ids):
        # the form of the accounts reads more of the accounts than the readers of a bill may
        return super()._render_prints(reports.sudo() if report == BILL else reports, report, ids)
