from odoo import models


class AccountMove(models.Model):
    """Numbers of the bills of a run, one after the other."""

    _inherit = "account.move"

    def _get_next_sequence_format(self):
        """How the number of the bill is written.

        Odoo looks for the last number of the series again for each bill, and writes the one
        before it to find it there. But once it holds the series in this transaction it counts
        on from what it remembers: how the first number is written is all that the next need.
        """
        if not self.env.context.get("pm_bills_of_run"):
            return super()._get_next_sequence_format()
        where, values = self._get_last_sequence_domain(relaxed=True)
        series = (self.date, where, str(sorted(values.items())))
        known = self.env.cr.precommit.data.setdefault("property.number.format", {})
        if series not in known or not self._holds_series(*known[series]):
            known[series] = super()._get_next_sequence_format()
        text, numbers = known[series]
        return text, dict(numbers)

    def _holds_series(self, text, numbers):
        """Whether Odoo remembers the last number of the series."""
        start = text.format(**{**numbers, "seq": 0})
        return (start, self[self._sequence_index]) in self._get_sequence_cache()
