from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _get_work_lists(self):
        rounds = "property_billing.property_reading_round_action"
        letters = "property_billing.property_letter_action"
        lists = super()._get_work_lists()
        rest = [lists.pop()]
        return [
            *lists,
            (
                "property_tenant.group_billing_supervisor",
                "property_billing.property_billing_run_action",
            ),
            ("property_tenant.group_collector", rounds),
            ("property_tenant.group_steward", rounds),
            ("property_tenant.group_engineer", rounds),
            ("property_tenant.group_cashier", letters),
            ("property_tenant.group_accountant", "property_billing.account_move_bill_action"),
            ("property_tenant.group_legal", letters),
            *rest,
        ]
