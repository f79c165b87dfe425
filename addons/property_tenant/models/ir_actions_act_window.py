from odoo import models

#: in the context of an action: stewards who have buildings of their own begin with these
OWN_BUILDINGS = "'own_buildings_first'"


class IrActionsActWindow(models.Model):
    """Lists of a building steward begin with the own buildings.

    A steward sees the whole estate, because colleagues stand in for each other; who is
    named on no building begins with the whole estate, too. An action takes part when its
    search view has a filter ``mine`` and its context the key ``own_buildings_first``.
    """

    _inherit = "ir.actions.act_window"

    def _get_action_dict(self):
        result = super()._get_action_dict()
        context = result.get("context") or ""
        if OWN_BUILDINGS in context and self.env["property.building"]._has_own():
            result["context"] = context.replace(OWN_BUILDINGS, "'search_default_mine'")
        return result
