from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..calc.dossier import FILED


class PropertyDocumentReceive(models.TransientModel):
    """Papers that a party brings: taken in, or promised for a day. Nobody is sent home."""

    _name = "property.document.receive"
    _description = "Receive Papers"

    occupancy_id = fields.Many2one("property.occupancy", required=True, ondelete="cascade")
    line_ids = fields.One2many("property.document.receive.line", "receive_id", string="Papers")
    date = fields.Date(string="Received on", required=True, default=fields.Date.context_today)
    shelf = fields.Char(string="Shelf Place", help="Where the papers are put; may follow later.")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        occupancy = self.env["property.occupancy"].browse(values.get("occupancy_id"))
        if occupancy.exists():
            occupancy.check_access("read")
            only = set(self.env.context.get("receive_type_ids") or [])
            papers = occupancy.paper_ids.filtered(
                lambda paper: paper.type_id.id in only if only else paper.state != FILED
            )
            values["line_ids"] = [
                Command.create(
                    {
                        "type_id": paper.type_id.id,
                        "paper_state": paper.state,
                        "form": paper.type_id.form,
                        "expires": paper.type_id.expires,
                        "received": bool(only),
                        "date_promised": paper.date_promised,
                    }
                )
                for paper in papers
            ]
        return values

    def action_confirm(self):
        """File what was ticked, note what was promised."""
        self.ensure_one()
        papers = self.env["property.dossier.paper"]
        papers._check_may_file()
        self.occupancy_id.check_access("read")
        lines = self.line_ids.filtered("type_id")
        received = lines.filtered("received")
        promised = lines.filtered(lambda line: line.date_promised and not line.received)
        if not received and not promised:
            raise UserError(
                self.env._("Tick the papers that are here, or say for which day they are promised.")
            )
        received._file()
        by_type = papers.search(
            [
                ("occupancy_id", "=", self.occupancy_id.id),
                ("type_id", "in", promised.type_id.ids),
            ]
        ).grouped("type_id")
        for line in promised:
            paper = by_type.get(line.type_id)
            if paper and (paper.date_promised, paper.promise_note or "") != (
                line.date_promised,
                line.note or "",
            ):
                paper._promise(line.date_promised, line.note)
        return {"type": "ir.actions.act_window_close"}
