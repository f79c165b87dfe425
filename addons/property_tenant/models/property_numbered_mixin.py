from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyNumberedMixin(models.AbstractModel):
    """A record that is numbered in its estate and year, without gaps, and never deleted.

    The model has a stored ``estate_id`` and names its series::

        _inherit = ["property.numbered.mixin"]
        _number_series = "KL"

    Numbers look like ``HP-KL2026-00017``. A model whose records are numbered
    later than they are made sets ``_number_on_create = False`` and calls
    ``_give_numbers()`` at that moment.
    """

    _name = "property.numbered.mixin"
    _description = "Numbered in the Estate"
    _inherit = ["property.constraint.check"]
    _rec_name = "number"
    _required_constraints = ("_number_uniq",)

    _number_series = "X"
    _number_on_create = True

    number = fields.Char(readonly=True, copy=False)

    _number_uniq = models.UniqueIndex(
        "(estate_id, number) WHERE number IS NOT NULL", "This number is already given."
    )

    @api.model_create_multi
    def create(self, vals_list):
        # said to be empty, so that no default of the context fills it
        records = super().create([{**vals, "number": False} for vals in vals_list])
        if self._number_on_create:
            records._give_numbers()
        return records

    def _give_numbers(self):
        """Number the records that have no number yet, in their order."""
        waiting = self.filtered(lambda record: not record.number)
        for estate, records in waiting.grouped("estate_id").items():
            for record, number in zip(
                records, self._draw_numbers(estate, len(records)), strict=True
            ):
                record._keep_number(number)

    @api.model
    def _draw_numbers(self, estate, count):
        """The next numbers of the estate in this year; for records whose text says its number,
        which then keep it with ``_keep_number``."""
        year = estate._today().year
        # the counter belongs to the system: whoever may make the record gets the next number
        counter = self.env["property.counter"].sudo()
        serials = counter._take(estate, self._number_series, year, count)
        return [f"{estate.code}-{self._number_series}{year}-{serial:05d}" for serial in serials]

    def _keep_number(self, number):
        """Past the refusal below: the number is given once and never written again."""
        return super().write({"number": number})

    def write(self, vals):
        if self and "number" in vals:
            raise UserError(
                self.env._(
                    "%s keeps its number: the numbers of an estate have no gaps.",
                    self[0].display_name,
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        for record in self:
            if record.number:
                raise UserError(
                    self.env._(
                        "%s is numbered and stays on record. Cancel it or make it void instead.",
                        record.display_name,
                    )
                )
