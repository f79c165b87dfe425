from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class PropertyConstraintCheck(models.AbstractModel):
    """Refuse to run without the database constraints money and keys rely on.

    Odoo creates the constraints of a model when it installs or updates, and
    only writes a line to its log when PostgreSQL refuses one (missing
    extension, rows that violate it). A model that must not live without one
    inherits this and names it in ``_required_constraints``.
    """

    _name = "property.constraint.check"
    _description = "Check of Required Database Constraints"

    #: names of class attributes that are constraints or unique indexes
    _required_constraints = ()

    def _register_hook(self):
        super()._register_hook()
        missing = self._missing_constraints()
        if missing:
            raise UserError(
                self.env._(
                    "The table of %(model)s lacks the rules %(constraints)s in the"
                    " database. Update the module after removing the records that"
                    " violate them, and create the PostgreSQL extension btree_gist.",
                    model=self._description,
                    constraints=", ".join(missing),
                )
            )

    def _missing_constraints(self):
        if self._abstract or not self._required_constraints:
            return []
        wanted = {f"{self._table}_{name.lstrip('_')}" for name in self._required_constraints}
        found = self.env.execute_query(
            SQL(
                """SELECT conname FROM pg_constraint WHERE conname IN %(names)s
                   UNION SELECT indexname FROM pg_indexes WHERE indexname IN %(names)s""",
                names=tuple(wanted),
            )
        )
        return sorted(wanted - {name for (name,) in found})
