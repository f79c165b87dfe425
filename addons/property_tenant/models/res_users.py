from odoo import api, fields, models
from odoo.exceptions import AccessError

#: what an occupant does not change without the staff
OWN_DATA = {"name", "email", "phone", "login"}


class ResUsers(models.Model):
    _inherit = "res.users"

    estate_ids = fields.Many2many(
        "property.estate",
        "property_estate_res_users_rel",
        "user_id",
        "estate_id",
        string="Estates",
        help="The estates whose records this person sees.",
    )
    estate_all = fields.Boolean(
        string="All Estates", help="This person sees every estate of the allowed companies."
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ["estate_ids", "estate_all"]

    def write(self, vals):
        self._refuse_own_data(vals)
        result = super().write(vals)
        if {"estate_ids", "estate_all"} & vals.keys():
            # record rules are cached per user with the estates they name
            self.env.registry.clear_cache()
        return result

    def _refuse_own_data(self, vals):
        """An occupant asks for a correction of his data instead of writing it himself."""
        user = self.env.user
        if self.env.su or not user.share or not OWN_DATA & vals.keys():
            return
        if self.env["property.portal"]._is_occupant():
            raise AccessError(
                self.env._("Ask for a correction of your data in the portal, under My Data.")
            )

    @api.model
    def default_get(self, fields):
        # colleagues see the screens in the language of the database until they choose another
        return super(ResUsers, self.with_context(pm_staff=True)).default_get(fields)

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        if any({"estate_ids", "estate_all"} & vals.keys() for vals in vals_list):
            self.env.registry.clear_cache()
        return users

    def _sees_estate(self, estate):
        """Whether the estate's records are this person's to see."""
        self.ensure_one()
        return estate.company_id in self.company_ids and (
            self.estate_all or estate in self.estate_ids
        )
