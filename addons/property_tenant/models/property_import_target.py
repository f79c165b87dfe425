from odoo import api, fields, models
from odoo.fields import Domain


class PropertyImportTarget(models.Model):
    """A column that a kind of import knows, to choose from on the mapping screen.

    The kinds are code; this list is made from them when an addon is installed
    or updated. The name shown is the column's heading in the reader's language.
    """

    _name = "property.import.target"
    _description = "Column of an Import"
    _order = "kind, sequence, id"

    kind = fields.Char(required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(readonly=True)

    _kind_name_uniq = models.Constraint(
        "UNIQUE (kind, name)", "This kind of import already has a column of this name."
    )

    @api.depends("kind", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = self._labels()
        for target in self:
            target.display_name = labels.get((target.kind, target.name), target.name)

    @api.model
    def _search_display_name(self, operator, value):
        if operator not in ("ilike", "like", "=", "in", "=ilike", "=like"):
            return NotImplemented
        values = [value] if isinstance(value, str) else list(value)
        words = [str(word).strip("%").casefold() for word in values]
        exact = operator in ("=", "in")

        def fits(target):
            name = target.display_name.casefold()
            return name in words if exact else any(word in name for word in words)

        # the names are made in the reader's language, so the database cannot search them
        return Domain("id", "in", self.search([]).filtered(fits).ids)

    def _labels(self):
        kinds = self.env["property.import.kind"]._kinds()
        return {
            (key, column.name): column.label
            for key, kind in kinds.items()
            if key in set(self.mapped("kind"))
            for column in kind._columns()
        }

    @api.model
    def _by_name(self, kind):
        """Mapping from name to target of the columns of ``kind``."""
        names = [
            column.name for column in self.env["property.import.kind"]._kinds()[kind]._columns()
        ]
        targets = self.search([("kind", "=", kind)])
        if not set(names) <= set(targets.mapped("name")):
            # an addon has more columns since the last update; the list is made
            # from code, nothing a user typed goes into it
            self.sudo()._update(kind, names)
            targets = self.search([("kind", "=", kind)])
        return {target.name: target for target in targets}

    @api.model
    def _update(self, kind, names):
        """Make the list of ``kind`` hold ``names``, in their order."""
        existing = {target.name: target for target in self.search([("kind", "=", kind)])}
        for sequence, name in enumerate(names):
            if name in existing:
                existing[name].sequence = sequence
        self.create(
            [
                {"kind": kind, "name": name, "sequence": sequence}
                for sequence, name in enumerate(names)
                if name not in existing
            ]
        )
