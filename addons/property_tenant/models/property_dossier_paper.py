from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..calc.dossier import EXPIRING, FILED, MISSING, OVERDUE, PAPER_STATES, paper_state

#: occupancies whose dossier is being filled
LIVE_STATES = ("reserved", "moving_in", "active", "notice", "clearing")

#: a change of more dossiers than this is worked off by the scheduled action
AT_ONCE = 500


class PropertyDossierPaper(models.Model):
    """One type of paper in one dossier: is it there, missing, promised, about to expire?

    The rows follow from the occupancies, the document types and the papers; nobody
    writes them. What people add is the promise to supply a paper until a day.
    """

    _name = "property.dossier.paper"
    _description = "Paper of a Dossier"
    _inherit = ["property.constraint.check"]
    _order = "sequence, date_wanted, id"
    _rec_names_search = ["type_id.name", "occupancy_id.partner_id.name", "unit_id.code"]
    _check_company_auto = True
    _required_constraints = ("_once",)

    occupancy_id = fields.Many2one(
        "property.occupancy",
        string="Dossier",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    type_id = fields.Many2one(
        "property.document.type",
        string="Paper",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    category = fields.Selection(related="type_id.category", string="Content")
    required = fields.Boolean(readonly=True, help="The dossier is not complete without it.")
    unit_id = fields.Many2one(
        related="occupancy_id.unit_id", store=True, index="btree_not_null", precompute=True
    )
    building_id = fields.Many2one(
        related="occupancy_id.building_id", store=True, index="btree_not_null", precompute=True
    )
    estate_id = fields.Many2one(
        related="occupancy_id.estate_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="occupancy_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        related="occupancy_id.partner_id", store=True, index="btree_not_null", precompute=True
    )
    state = fields.Selection(
        [
            (OVERDUE, "Promise Not Kept"),
            ("expired", "Expired"),
            (MISSING, "Missing"),
            ("promised", "Promised"),
            (EXPIRING, "Expires Soon"),
            (FILED, "Filed"),
        ],
        required=True,
        readonly=True,
        index=True,
        group_expand=True,
    )
    sequence = fields.Integer(readonly=True, aggregator=None, help="The most urgent first.")
    document_id = fields.Many2one(
        "property.document", readonly=True, index="btree_not_null", ondelete="set null"
    )
    date_expiry = fields.Date(string="Valid until", readonly=True)
    date_promised = fields.Date(string="Promised for", readonly=True)
    promise_note = fields.Char(string="Note on the Promise", readonly=True)
    promised_to_id = fields.Many2one(
        "res.users", string="Promised to", readonly=True, ondelete="set null"
    )
    promise_count = fields.Integer(
        string="Promises", readonly=True, help="How often a day was promised."
    )
    date_wanted = fields.Date(
        string="Due", readonly=True, index="btree_not_null", help="Promised for, or valid until."
    )
    last_chased = fields.Date(string="Last Reminder", readonly=True)

    _once = models.Constraint(
        "UNIQUE (occupancy_id, type_id)", "The dossier already says whether it has this paper."
    )

    @api.depends("type_id.name", "unit_id.code", "partner_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for paper in self:
            paper.display_name = " · ".join(
                filter(None, (paper.unit_id.code, paper.partner_id.name, paper.type_id.name))
            )

    # --- what the dossiers contain -------------------------------------------

    @api.model
    def _refresh(self, dossiers):
        """Find out anew what the ``dossiers`` (leading occupancies) contain and lack.

        The number of queries does not depend on their number.
        """
        if not dossiers:
            return
        # what a dossier lacks follows from facts, not from what the user may see
        self, dossiers = self.sudo(), dossiers.sudo().with_context(active_test=True)
        live = dossiers.filtered(
            lambda occupancy: occupancy.state in LIVE_STATES and not occupancy.lead_id
        )
        wanted = self._get_wanted(live)
        filed = self._get_filed(live)
        rows = self.search([("occupancy_id", "in", dossiers.ids)])
        known = {(row.occupancy_id.id, row.type_id.id): row for row in rows}
        today = {estate: estate._today() for estate in live.estate_id}
        fresh, changed, kept = [], defaultdict(self.browse), set()
        for dossier in live:
            for kind in {*wanted[dossier], *filed[dossier]}:
                row = known.get((dossier.id, kind.id), self.browse())
                document = filed[dossier].get(kind, self.env["property.document"])
                if (
                    kind not in wanted[dossier]
                    and not document.date_expiry
                    and not row.date_promised
                ):
                    continue
                kept.add(row.id)
                values = row._get_values(
                    kind, kind in wanted[dossier], document, today[dossier.estate_id]
                )
                if not row:
                    fresh.append({"occupancy_id": dossier.id, "type_id": kind.id, **values})
                elif row._differs(values):
                    changed[tuple(sorted(values.items(), key=str))] |= row
        rows.filtered(lambda row: row.id not in kept).unlink()
        for values, of_values in changed.items():
            of_values.write(dict(values))
        self._insert(fresh)
        self._close_reminders(dossiers)

    @api.model
    def _get_wanted(self, dossiers):
        """The types that each of the dossiers must contain: {dossier: types}."""
        kinds = self.env["property.document.type"].sudo().search([("required", "=", True)])
        held = dossiers | dossiers.member_ids
        # read for all at once; each dossier is looked at by itself below
        held.unit_id.mapped("usage")
        held.partner_id.commercial_partner_id.mapped("is_company")
        special = {
            kind: held.filtered_domain(domain) for kind in kinds if (domain := kind._get_domain())
        }
        asked = {kind: kind._get_requirement() for kind in kinds}
        wanted = {}
        for dossier in dossiers:
            together = dossier | dossier.member_ids
            usages = set(together.unit_id.mapped("usage"))
            company = dossier.partner_id.commercial_partner_id.is_company
            wanted[dossier] = kinds.filtered(
                lambda kind, dossier=dossier, together=together, usages=usages, company=company: (
                    kind.company_id in (kind.company_id.browse(), dossier.company_id)
                    and asked[kind].asks(dossier.kind, company, usages)
                    and (kind not in special or together & special[kind])
                )
            )
        return wanted

    @api.model
    def _get_filed(self, dossiers):
        """The papers in force of each dossier, the one valid longest of each type."""
        filed = {dossier: {} for dossier in dossiers}
        documents = (
            self.env["property.document"]
            .sudo()
            .search_fetch(
                [("dossier_id", "in", dossiers.ids), ("state", "=", "filed")],
                ["dossier_id", "type_id", "date_expiry"],
                order="id",
            )
        )
        for document in documents:
            of_dossier = filed[document.dossier_id]
            other = of_dossier.get(document.type_id)
            if not other or not (
                other.date_expiry
                and document.date_expiry
                and other.date_expiry > document.date_expiry
            ):
                of_dossier[document.type_id] = document
        return filed

    def _get_values(self, kind, required, document, today):
        """What the row of ``kind`` says, given the ``document`` in force (may be empty)."""
        expiry = document.date_expiry
        state = paper_state(bool(document), expiry, kind.warn_days, self.date_promised, today)
        promised = self.date_promised if state != FILED else False
        return {
            "required": required,
            "document_id": document.id,
            "date_expiry": expiry,
            "date_promised": promised,
            "state": state,
            "sequence": PAPER_STATES.index(state),
            "date_wanted": promised or expiry,
        }

    def _differs(self, values):
        return any(
            (self[name].id if name.endswith("_id") else self[name]) != value
            for name, value in values.items()
        )

    @api.model
    def _insert(self, rows):
        """Insert rows that another transaction may be inserting at the same moment."""
        if not rows:
            return
        self.env["property.occupancy"].flush_model()
        self.env["property.document"].flush_model()

        def column(name):
            return [row[name] or None for row in rows]

        self.env.cr.execute(
            SQL(
                """INSERT INTO property_dossier_paper
                       (occupancy_id, type_id, document_id, date_expiry, date_wanted, state,
                        sequence, required, unit_id, building_id, estate_id, company_id,
                        partner_id, promise_count, create_uid, write_uid, create_date, write_date)
                   SELECT occupancy.id, given.type, given.document, given.expiry, given.expiry,
                          given.state, given.sequence, given.required, occupancy.unit_id,
                          occupancy.building_id, occupancy.estate_id, occupancy.company_id,
                          occupancy.partner_id, 0, %(uid)s, %(uid)s,
                          now() at time zone 'UTC', now() at time zone 'UTC'
                     FROM unnest(%(dossiers)s::int[], %(types)s::int[], %(documents)s::int[],
                                 %(expiries)s::date[], %(states)s::varchar[],
                                 %(sequences)s::int[], %(required)s::boolean[])
                          AS given(dossier, type, document, expiry, state, sequence, required)
                     JOIN property_occupancy occupancy ON occupancy.id = given.dossier
              ON CONFLICT (occupancy_id, type_id) DO NOTHING""",
                uid=self.env.uid,
                dossiers=column("occupancy_id"),
                types=column("type_id"),
                documents=column("document_id"),
                expiries=column("date_expiry"),
                states=column("state"),
                sequences=[row["sequence"] for row in rows],
                required=[row["required"] for row in rows],
            )
        )
        self.invalidate_model()
        self.env["property.occupancy"].invalidate_model(["paper_ids"])

    @api.model
    def _refresh_soon(self):
        """Requirements have changed: few dossiers at once, many in the background."""
        occupancies = self.env["property.occupancy"].sudo()
        live = [("state", "in", LIVE_STATES), ("lead_id", "=", False)]
        dossiers = occupancies.search(live, limit=AT_ONCE + 1)
        if len(dossiers) <= AT_ONCE:
            self._refresh(dossiers)
        else:
            self.env.ref("property_tenant.cron_dossier_papers").sudo()._trigger()

    @api.model
    def _cron_refresh(self):
        """Look through all dossiers, so many in each transaction."""
        live = [("state", "in", LIVE_STATES), ("lead_id", "=", False)]
        dossiers = self.env["property.occupancy"].search(live, order="id")
        self.env["ir.cron"]._commit_progress(remaining=len(dossiers))
        for start in range(0, len(dossiers), AT_ONCE):
            part = dossiers[start : start + AT_ONCE].exists()
            self._refresh(part)
            self.env["ir.cron"]._commit_progress(len(part))

    # --- promises ---------------------------------------------------------------

    def _promise(self, day, note=None):
        """The party promises the papers for ``day``; what was promised before is forgotten."""
        for paper in self:
            if paper.state == FILED:
                raise UserError(
                    self.env._(
                        "%s is filed and need not be promised.",
                        paper.display_name,
                    )
                )
            if day and day < paper.estate_id._today():
                raise UserError(
                    self.env._(
                        "%(paper)s cannot be promised for %(day)s, which has passed. Choose a day"
                        " to come.",
                        paper=paper.display_name,
                        day=day,
                    )
                )
        # nobody writes these rows by hand; the caller was checked
        for paper in self.sudo():
            paper.write(
                {
                    "date_promised": day,
                    "promise_note": note or False,
                    # what the party promises in the portal, it promises to nobody in person
                    "promised_to_id": self.env.uid if day and not self.env.user.share else False,
                    "promise_count": paper.promise_count + bool(day),
                    "last_chased": False,
                }
            )
            paper.occupancy_id._message_log(
                body=self.env._(
                    "%(paper)s is promised for %(day)s. %(note)s",
                    paper=paper.type_id.name,
                    day=day,
                    note=note or "",
                )
            )
        self._refresh(self.occupancy_id)

    def action_promise(self, day, note=None):
        """Note that the party promises the papers for ``day``."""
        self._check_may_file()
        day = fields.Date.to_date(day)
        if not day:
            raise UserError(self.env._("Say for which day the paper is promised."))
        self._promise(day, note)

    def _check_may_file(self):
        self.check_access("read")
        if not self.env["property.document"].has_access("create"):
            raise AccessError(
                self.env._(
                    "Your role does not take in papers. Ask the front desk or the archivist."
                )
            )

    def action_open_receive(self):
        """Open the window in which papers of the dossier are taken in or promised."""
        self.ensure_one()
        return self.occupancy_id._open_receive(self.type_id)

    def action_open_document(self):
        """Open the paper that is there."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.document",
            "res_id": self.document_id.id,
            "view_mode": "form",
        }
