import io

from odoo import models

LETTER_REPORT = "property_billing.report_letter"


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Letters in force are printed from the paper that is kept."""
        report = self._get_report(report_ref)
        if report.report_name != LETTER_REPORT or not res_ids:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        letters = self.env["property.letter"].browse(res_ids)
        letters.check_access("read")
        letters._make_pdfs()
        kept = letters._get_pdfs()
        fresh = self._render_letters([id_ for id_ in res_ids if id_ not in kept])
        return {
            id_: {"stream": io.BytesIO(kept[id_]), "attachment": None}
            if id_ in kept
            else fresh[id_]
            for id_ in res_ids
        }

    def _render_letters(self, letter_ids):
        """{id: {"stream": …}} of letters as their records are now."""
        if not letter_ids:
            return {}
        self.env["property.letter"].browse(letter_ids)._prefetch_paper()
        return super()._render_qweb_pdf_prepare_streams(LETTER_REPORT, {}, res_ids=list(letter_ids))
