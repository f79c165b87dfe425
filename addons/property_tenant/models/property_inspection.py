"""Looking at a place, point by point; what people do with it is in ``property_inspection_do``."""

from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..calc.signature import Role
from .property_inspection_signer import STAFF
from .property_state_mixin import MAIL_FIELDS

STATES = [
    ("planned", "Planned"),
    ("in_progress", "In Progress"),
    ("done", "Done"),
    ("signed", "Signed"),
    ("cancelled", "Void"),
]

OPEN_STATES = ("planned", "in_progress")

#: where each state may lead
TRANSITIONS = {
    "planned": {"in_progress", "cancelled"},
    "in_progress": {"done", "cancelled"},
    "done": {"in_progress", "signed", "cancelled"},
    "signed": set(),
    "cancelled": set(),
}

#: what is found out on the way, beside the state; changed by the buttons only
SYSTEM_FIELDS = {
    "plan_id",
    "slot",
    "signers",
    "started_at",
    "done_at",
    "done_by_id",
    "signed_at",
    "void_reason",
    "correction_of_id",
    "score_percent",
}

#: what does not change any more once the inspection has begun
PLACE_FIELDS = {"template_id", "estate_id", "building_id", "unit_id", "occupancy_id"}


class PropertyInspection(models.Model):
    _name = "property.inspection"
    _description = "Inspection"
    _inherit = [
        "property.state.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "property.numbered.mixin",
        "property.signature.mixin",
    ]
    _order = "date_planned desc, id desc"
    _rec_name = "number"
    _rec_names_search = ["number", "unit_id.code", "template_id.name"]
    _check_company_auto = True
    _required_constraints = ("_number_uniq", "_slot_once", "_correction_once")

    _number_series = "IN"
    _number_on_create = False
    _transitions = TRANSITIONS
    _system_fields = frozenset(SYSTEM_FIELDS)

    template_id = fields.Many2one(
        "property.inspection.template",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="['|', ('estate_id', '=', False), ('estate_id', '=?', estate_id)]",
    )
    kind = fields.Selection(related="template_id.kind", store=True, precompute=True)
    layout = fields.Selection(related="template_id.layout")
    estate_id = fields.Many2one(
        "property.estate",
        required=True,
        index=True,
        ondelete="restrict",
        compute="_compute_place",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    company_id = fields.Many2one(
        related="estate_id.company_id", store=True, index=True, precompute=True
    )
    building_id = fields.Many2one(
        "property.building",
        index="btree_not_null",
        ondelete="restrict",
        compute="_compute_place",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain="[('estate_id', '=?', estate_id)]",
    )
    unit_id = fields.Many2one(
        "property.unit",
        index="btree_not_null",
        ondelete="restrict",
        compute="_compute_place",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain="[('estate_id', '=?', estate_id)]",
    )
    occupancy_id = fields.Many2one(
        "property.occupancy",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('unit_id', '=?', unit_id), ('state', '!=', 'cancelled')]",
    )
    date_planned = fields.Datetime(
        string="Planned for", required=True, index=True, default=fields.Datetime.now
    )
    date = fields.Date(index=True, help="Day of the inspection by the clock of the estate.")
    deadline = fields.Datetime(
        string="Late from",
        compute="_compute_deadline",
        store=True,
        readonly=False,
        precompute=True,
        help="When it should have been done.",
    )
    is_late = fields.Boolean(string="Late", compute="_compute_is_late", search="_search_is_late")
    user_id = fields.Many2one(
        "res.users",
        string="Inspector",
        index="btree_not_null",
        ondelete="restrict",
        domain=[("share", "=", False)],
    )
    department_id = fields.Many2one(
        "property.department",
        string="Done by",
        index="btree_not_null",
        ondelete="restrict",
        compute="_compute_department_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    participants = fields.Char(help="Who was there beside the inspector.")
    remarks = fields.Text()
    plan_id = fields.Many2one(
        "property.inspection.plan",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    slot = fields.Datetime(string="Moment of the Plan", readonly=True, copy=False)
    state = fields.Selection(
        STATES, required=True, default="planned", readonly=True, copy=False, index=True
    )
    signers = fields.Json(readonly=True, copy=False)
    line_ids = fields.One2many("property.inspection.line", "inspection_id", string="Points")
    defect_ids = fields.One2many("property.defect", "inspection_id", string="Defects")
    line_count = fields.Integer(
        string="Number of Points", compute="_compute_counts", store=True, copy=False
    )
    open_count = fields.Integer(
        string="Still to Look at", compute="_compute_counts", store=True, copy=False
    )
    defect_count = fields.Integer(
        string="Points with Defects", compute="_compute_counts", store=True, copy=False
    )
    outside_count = fields.Integer(
        string="Outside the Limits", compute="_compute_counts", store=True, copy=False
    )
    progress = fields.Float(string="Looked at (%)", compute="_compute_progress")
    score_percent = fields.Float(
        string="Score (%)", readonly=True, copy=False, digits=(5, 1), aggregator="avg"
    )
    started_at = fields.Datetime(string="Begun at", readonly=True, copy=False)
    done_at = fields.Datetime(string="Finished at", readonly=True, copy=False)
    done_by_id = fields.Many2one(
        "res.users", string="Finished by", readonly=True, copy=False, ondelete="restrict"
    )
    signed_at = fields.Datetime(readonly=True, copy=False)
    void_reason = fields.Char(string="Void because", readonly=True, copy=False)
    correction_of_id = fields.Many2one(
        "property.inspection",
        string="Corrects",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    correction_ids = fields.One2many(
        "property.inspection", "correction_of_id", string="Corrected by"
    )

    # the plan makes an inspection once, however often and by whomever it is asked
    _slot_once = models.UniqueIndex(
        "(plan_id, COALESCE(unit_id, 0), COALESCE(building_id, 0), slot) WHERE plan_id IS NOT NULL",
        "The plan has already made this inspection.",
    )
    _correction_once = models.UniqueIndex(
        "(correction_of_id) WHERE correction_of_id IS NOT NULL AND state <> 'cancelled'",
        "This inspection is already being corrected. Open its correction.",
    )
    _begun_is_numbered = models.Constraint(
        "CHECK (state IN ('planned', 'cancelled') OR number IS NOT NULL)",
        "An inspection that has begun has a number.",
    )
    _void_with_reason = models.Constraint(
        "CHECK (state <> 'cancelled' OR void_reason IS NOT NULL)",
        "Say why the inspection is void.",
    )
    _due_index = models.Index("(estate_id, date_planned) WHERE state IN ('planned', 'in_progress')")

    # --- computes -----------------------------------------------------------

    @api.depends("occupancy_id", "unit_id", "template_id")
    def _compute_place(self):
        for inspection in self:
            unit = inspection.occupancy_id.unit_id or inspection.unit_id
            stops = inspection.template_id.stop_ids
            inspection.unit_id = unit
            inspection.building_id = unit.building_id or inspection.building_id
            inspection.estate_id = (
                unit.estate_id
                or inspection.building_id.estate_id
                or inspection.estate_id
                or inspection.template_id.estate_id
                or stops[:1].unit_id.estate_id
            )

    @api.depends("template_id")
    def _compute_department_id(self):
        for inspection in self:
            inspection.department_id = (
                inspection.template_id.department_id or inspection.department_id
            )

    @api.depends("date", "estate_id")
    def _compute_deadline(self):
        """The end of the day, by the clock of the estate."""
        for inspection in self:
            day, estate = inspection.date, inspection.estate_id
            inspection.deadline = day and estate and estate._utc_at(day + timedelta(days=1))

    @api.depends("deadline", "state")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for inspection in self:
            inspection.is_late = bool(
                inspection.state in OPEN_STATES
                and inspection.deadline
                and inspection.deadline <= now
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("state", "in", OPEN_STATES) & Domain("deadline", "<=", fields.Datetime.now())

    @api.depends("line_ids.result", "line_ids.is_outside")
    def _compute_counts(self):
        counts = {}
        if self.ids:
            lines = self.env["property.inspection.line"]
            lines.flush_model(["inspection_id", "result", "is_outside"])
            for inspection, result, outside, number in lines._read_group(
                [("inspection_id", "in", self.ids)],
                ["inspection_id", "result", "is_outside"],
                ["__count"],
            ):
                row = counts.setdefault(inspection.id, {"all": 0, "outside": 0})
                row["all"] += number
                row[result] = row.get(result, 0) + number
                row["outside"] += number if outside else 0
        for inspection in self:
            row = counts.get(inspection._origin.id, {})
            inspection.line_count = row.get("all", 0)
            inspection.open_count = row.get(False, 0)
            inspection.defect_count = row.get("defect", 0)
            inspection.outside_count = row.get("outside", 0)

    @api.depends("line_count", "open_count")
    def _compute_progress(self):
        for inspection in self:
            seen = inspection.line_count - inspection.open_count
            inspection.progress = (
                100.0 * seen / inspection.line_count if inspection.line_count else 0.0
            )

    @api.depends("number", "template_id.name", "unit_id.code", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for inspection in self:
            place = inspection.unit_id.code or inspection.building_id.name
            parts = [inspection.number or str(inspection.date or ""), inspection.template_id.name]
            inspection.display_name = " ".join(part for part in [*parts, place] if part)

    # --- checks -------------------------------------------------------------

    @api.constrains("template_id", "estate_id", "unit_id")
    def _check_template(self):
        for inspection in self:
            template = inspection.template_id
            if not template._is_for(inspection.estate_id, inspection.unit_id.usage):
                raise ValidationError(
                    self.env._(
                        "%(template)s is not meant for %(place)s. Choose a template for the estate"
                        " and the use of the unit.",
                        template=template.name,
                        place=inspection.unit_id.display_name or inspection.estate_id.name,
                    )
                )

    @api.constrains("estate_id", "building_id", "unit_id", "occupancy_id")
    def _check_place(self):
        for inspection in self:
            unit, building = inspection.unit_id, inspection.building_id
            if (
                (unit and unit.estate_id != inspection.estate_id)
                or (building and building.estate_id != inspection.estate_id)
                or (inspection.occupancy_id and inspection.occupancy_id.unit_id != unit)
            ):
                raise ValidationError(
                    self.env._(
                        "The unit, the building and the occupancy of %(inspection)s are not of one"
                        " place. Choose the unit again.",
                        inspection=inspection.display_name,
                    )
                )

    @api.model
    def _create_rows(self, vals_list):
        """Create inspections for a plan or a button; those by hand have their points at once."""
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        rows = [self._complete_moment(vals) for vals in vals_list]
        inspections = super(PropertyInspection, quiet)._create_rows(rows).with_env(self.env)
        for inspection in inspections.filtered(lambda row: not row.date):
            day = inspection.estate_id._local_date(inspection.date_planned)
            inspection._store({"date": day})
        by_hand = inspections.filtered(lambda row: not (row.plan_id or row.correction_of_id))
        by_hand._make_lines()
        return inspections

    def write(self, vals):
        # super() is called by _store  # pylint: disable=method-required-super
        self._refuse_changes(vals)
        if {"date", "date_planned"} & vals.keys():
            for estate, inspections in self.grouped("estate_id").items():
                inspections._store(self._complete_moment(vals, estate))
        else:
            self._store(vals)
        if PLACE_FIELDS & vals.keys():
            self._renew_lines()
        return True

    @api.model
    def _complete_moment(self, vals, estate=None):
        """Of day and moment each follows from the other, by the estate's clock."""
        vals = dict(vals)
        day = fields.Date.to_date(vals.get("date"))
        moment = fields.Datetime.to_datetime(vals.get("date_planned"))
        if not estate:
            estate = self._estate_of(vals)
        if not estate:
            return vals
        if moment:
            vals["date"] = estate._local_date(moment)
        elif day:
            vals["date_planned"] = estate._utc_at(datetime.combine(day, time(9)))
        elif not self:
            vals["date_planned"] = fields.Datetime.now()
            vals["date"] = estate._today()
        return vals

    def _estate_of(self, vals):
        """The estate that the values lead to, before there is a record."""
        for name in ("occupancy_id", "unit_id", "building_id"):
            if vals.get(name):
                return self.env[self._fields[name].comodel_name].browse(vals[name]).estate_id
        return self.env["property.estate"].browse(vals.get("estate_id") or ())

    def _explain_guard(self):
        return self.env._(
            "How far an inspection is follows from its buttons: start it, answer its points, finish"
            " and sign it."
        )

    def _refuse_changes(self, vals):
        if vals.keys() <= MAIL_FIELDS:
            return
        for inspection in self:
            if inspection.state not in OPEN_STATES:
                raise UserError(inspection._explain_closed())
            if inspection.state != "planned" and PLACE_FIELDS & vals.keys():
                raise UserError(
                    self.env._(
                        "%(inspection)s has begun, so its place and template stay. Make it void"
                        " and begin another one.",
                        inspection=inspection.display_name,
                    )
                )
        self._refuse_guarded(vals)

    def _explain_closed(self):
        self.ensure_one()
        if self.state == "signed":
            return self.env._(
                "%(inspection)s is signed and stays as it is. Use Correct: a new inspection takes"
                " its place.",
                inspection=self.display_name,
            )
        if self.state == "cancelled":
            return self.env._(
                "%(inspection)s is void and stays as it is.", inspection=self.display_name
            )
        return self.env._(
            "%(inspection)s is finished. Use Go on Inspecting to change it before it is signed.",
            inspection=self.display_name,
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_planned(self):
        for inspection in self:
            if inspection.state != "planned":
                raise UserError(
                    self.env._(
                        "%(inspection)s has begun and stays on record. Make it void instead.",
                        inspection=inspection.display_name,
                    )
                )

    # --- signatures ---------------------------------------------------------

    def _signature_roles(self):
        labels = dict(
            self.env["property.inspection.signer"]._fields["party"]._description_selection(self.env)
        )
        names = self._get_party_names()
        return {
            row["party"]: Role(
                labels.get(row["party"], row["party"]),
                required=row["required"],
                staff=row["party"] in STAFF,
                groups=STAFF.get(row["party"], ()),
                name=names.get(row["party"], ""),
            )
            for row in self.signers or ()
        }

    def _get_party_names(self):
        """Names offered for the parties who sign on the screen."""
        unit = self.unit_id
        return {
            "occupant": self.occupancy_id.partner_id.name or unit.tenant_id.name or "",
            "owner": unit.owner_id.name or "",
        }

    def _signature_partner(self, role):
        if role == "occupant":
            return self.occupancy_id.partner_id or self.unit_id.tenant_id
        if role == "owner":
            return self.unit_id.owner_id
        return super()._signature_partner(role)

    def _signature_portal_role(self):
        """As the owner, where the owner has a place of his own, else as the occupant."""
        if self.state != "done" or not self.occupancy_id:
            return super()._signature_portal_role()
        places = {row["party"] for row in self.signers or ()}
        if self.occupancy_id.kind == "owner" and "owner" in places:
            return "owner"
        return "occupant" if "occupant" in places else super()._signature_portal_role()

    def _signature_version_values(self):
        return [
            [line.id, line.result, line.note, line.number if line.is_measured else None]
            for line in self.line_ids
        ]

    def _signature_check(self, role):
        result = super()._signature_check(role)
        if self.state != "done":
            raise UserError(
                self.env._(
                    "%(inspection)s is signed when it is finished. Answer its points and press"
                    " Finish first.",
                    inspection=self.display_name,
                )
                if self.state in OPEN_STATES
                else self._explain_closed()
            )
        return result

    def _signature_given(self, role):
        result = super()._signature_given(role)
        if not self._signature_missing():
            self._move("signed", {"signed_at": fields.Datetime.now()})
            self._after_signed()
        return result

    def _after_signed(self):
        """All parties have signed; other addons do what follows from it."""

    # --- ways to other screens ----------------------------------------------

    def action_view_defects(self):
        """Open the defects found."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_tenant.property_defect_action"
        )
        action["domain"] = [("inspection_id", "in", self.ids)]
        action["context"] = {}
        return action

    def action_view_occupancy(self):
        """Open the occupancy that is handed over or left."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.occupancy",
            "res_id": self.occupancy_id.id,
            "views": [(False, "form")],
        }
