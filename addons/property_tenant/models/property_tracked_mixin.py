from odoo import api, models
from odoo.tools import ormcache

#: kinds of fields whose changes the chatter can tell
TOLD = {
    "boolean",
    "char",
    "date",
    "datetime",
    "float",
    "integer",
    "many2many",
    "many2one",
    "monetary",
    "selection",
    "text",
}


class PropertyTrackedMixin(models.AbstractModel):
    """Settings that many rely on: the chatter tells who changed what, of every field."""

    _name = "property.tracked.mixin"
    _description = "Changes Are Told in the Chatter"
    _inherit = ["mail.thread"]

    @ormcache("self.env.uid", "self.env.su")
    def _track_get_fields(self):
        names = {
            name
            for name, field in self._fields.items()
            if field.type in TOLD
            and field.store
            and not field.compute
            and name not in models.MAGIC_COLUMNS
        }
        return set(self.fields_get(names, ["type"]))


class PropertyLoggedMixin(models.AbstractModel):
    """Rows of a record: its chatter tells who added, changed or removed them.

    ``_logged_on`` is the field with the record. Only the names of the fields are told: what
    stands in them may be private.
    """

    _name = "property.logged.mixin"
    _description = "Changes Are Told in the Chatter of the Record"
    _logged_on = "occupancy_id"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._log_rows(self.env._("added"))
        return rows

    def write(self, vals):
        before = {name: self.mapped(name) for name in vals if name in self._fields}
        result = super().write(vals)
        changed = [name for name, values in before.items() if self.mapped(name) != values]
        if changed:
            labels = ", ".join(self._fields[name]._description_string(self.env) for name in changed)
            self._log_rows(self.env._("changed: %s", labels))
        return result

    def unlink(self):
        self._log_rows(self.env._("taken off"))
        return super().unlink()

    def _log_rows(self, what):
        # only the system leaves it out, as when demo data is loaded
        if not self or (self.env.su and self.env.context.get("tracking_disable")):
            return
        # a line in the chatter is written whoever may change the rows
        kind = self.env["ir.model"]._get(self._name).name
        bodies = {}
        for record, rows in self.sudo().grouped(self._logged_on).items():
            names = ", ".join(filter(None, rows.mapped("display_name")))
            bodies[record.id] = f"{kind}: {names} – {what}"
        records = self.sudo()[self._logged_on]
        records._message_log_batch(bodies=bodies)
