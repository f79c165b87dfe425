from odoo import models
from odoo.exceptions import UserError


class PropertyPortalRequest(models.AbstractModel):
    """What occupants send in through the portal: it waits until the staff accept or refuse it.

    Nobody has the right to create or write rows: they come from the portal, and are
    accepted or refused through methods that check. Models have ``state`` (waiting,
    accepted, refused) and ``reason``.
    """

    _name = "property.portal.request"
    _description = "Request from the Portal"
    _inherit = ["property.constraint.check"]

    def _check_decider(self):
        """Raise AccessError when the current user does not decide about the records."""
        raise NotImplementedError

    def _get_settled(self, vals):
        """Values that a decided request gets, with who decided and when."""
        raise NotImplementedError

    def _check_may_decide(self):
        self.check_access("read")
        self._check_decider()
        labels = dict(self._fields["state"]._description_selection(self.env))
        for row in self:
            if row.state != "waiting":
                raise UserError(
                    self.env._(
                        "%(request)s is %(state)s already.",
                        request=row.display_name,
                        state=labels[row.state],
                    )
                )

    def action_open_refuse(self):
        """Ask why it is refused."""
        self.ensure_one()
        self._check_may_decide()
        return self.env["property.portal.refuse"]._open(self)

    def _refuse(self, reason):
        """Who sent it reads why."""
        self._check_may_decide()
        if not (reason or "").strip():
            raise UserError(
                self.env._(
                    "Say why %s is refused; who asked for it reads it.", self[:1].display_name
                )
            )
        self._settle({"state": "refused", "reason": reason.strip()})

    def _settle(self, vals):
        # nobody has the right to write rows; who decides was checked
        self.sudo().write(self._get_settled(vals))
