from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyDossierNumbered(models.AbstractModel):
    """A record that counts on in its estate, without gaps, and is never deleted.

    The model has ``estate_id``; it declares ``_number_letter``, which stands
    between the code of the estate and the number, and the constraint that the
    serial is unique.
    """

    _name = "property.dossier.numbered"
    _description = "Numbered in the Estate"
    _inherit = ["property.constraint.check"]
    _rec_name = "number"

    _number_letter = "X"

    number = fields.Char(readonly=True, copy=False, index="trigram")
    serial = fields.Integer(readonly=True, copy=False, aggregator=None)

    @api.model_create_multi
    def create(self, vals_list):
        given = ("number", "serial")
        records = super().create(
            [{name: vals[name] for name in vals if name not in given} for vals in vals_list]
        )
        for estate, of_estate in records.grouped("estate_id").items():
            of_estate._give_numbers(estate)
        return records

    def _give_numbers(self, estate):
        # the counter belongs to the system: whoever may create the record gets the next number
        counter = self.env["property.dossier.counter"].sudo()
        serials = counter._take(estate, self._number_letter, len(self))
        for record, serial in zip(self, serials, strict=True):
            # super(): the number is given once and never written again
            super(PropertyDossierNumbered, record).write(
                {
                    "serial": serial,
                    "number": f"{estate.code}-{self._number_letter}{serial:05d}",
                }
            )

    def write(self, vals):
        if self and not vals.keys().isdisjoint({"number", "serial"}):
            raise UserError(
                self.env._(
                    "%s keeps its number: the numbers of an estate have no gaps.",
                    self[0].display_name,
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        for record in self[:1]:
            raise UserError(
                self.env._(
                    "%s is numbered and stays on record. Cancel it or make it void instead.",
                    record.display_name,
                )
            )
