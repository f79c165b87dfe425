"""Records whose state follows from buttons, whoever calls.

A model names where each state may lead, the first of them where it begins, and
what else its buttons find out::

    class PropertySignRequest(models.Model):
        _inherit = ["property.state.mixin", "mail.thread", ...]    # first: see _store

        _transitions = {"requested": {"ordered"}, "ordered": {"installed"}, ...}
        _system_fields = frozenset({"date_ordered", "date_installed"})

        def action_order(self):
            self._move("ordered", {"date_ordered": today})

* ``create`` begins in the first state: another one in the values is refused, one that
  comes as a default of the context does not count.
* ``write`` refuses the state, the system fields and what is computed from others.
* ``_move``, ``_store`` and ``_create_rows`` are the ways past that for the record's own
  methods; they are not callable from outside.
"""

from odoo import api, models
from odoo.exceptions import UserError

#: what the mail mixins write when something is said about a closed record
MAIL_FIELDS = {
    "message_follower_ids",
    "message_ids",
    "message_main_attachment_id",
    "activity_ids",
}


class PropertyStateMixin(models.AbstractModel):
    _name = "property.state.mixin"
    _description = "Record Whose State Follows from Buttons"

    _state_field = "state"
    #: where each state may lead; the first is the one in which records begin
    _transitions = {}
    #: what the buttons find out, beside the state
    _system_fields = frozenset()

    # --- what a model may say ------------------------------------------------

    def _explain_guard(self):
        """The sentence for who types what follows from the buttons."""
        if self:
            return self.env._(
                "How far %(record)s is follows from its buttons. Open it and press the one for what"
                " was done.",
                record=self[0].display_name,
            )
        return self.env._(
            "A new record begins at its first step. Press the buttons of its form afterwards."
        )

    def _get_allowed_values(self):
        """What may be said of system fields when a record is made: {name: value}."""
        return {self._state_field: self._get_first_state()}

    def _check_move(self, state):
        """Refuse when no way leads to ``state``; models add what else is needed for it."""
        labels = dict(self._fields[self._state_field]._description_selection(self.env))
        for record in self:
            old = record[self._state_field]
            if state not in self._transitions[old]:
                raise UserError(
                    self.env._(
                        "%(record)s is %(old)s and cannot become %(new)s.",
                        record=record.display_name,
                        old=labels[old],
                        new=labels.get(state, state),
                    )
                )

    # --- ways past the guard -------------------------------------------------

    def _move(self, state, values=None):
        """Into another state, if one leads there, with what is found out by it."""
        self._check_move(state)
        self._store({self._state_field: state, **(values or {})})

    def _store(self, vals):
        """The only way past ``write``.

        What is inherited after this model still sees it: tracking, signatures, approvals.
        """
        return super().write(vals)

    @api.model
    def _create_rows(self, vals_list):
        """Create with values that the system found out; the state is always the first."""
        closed = self._get_guarded_fields() | self._get_derived_fields()
        context = {
            key: value
            for key, value in self.env.context.items()
            if not (key.startswith("default_") and key.removeprefix("default_") in closed)
        }
        first = {self._state_field: self._get_first_state()}
        derived = self._get_derived_fields()
        # some keys go, so the context is another one  # pylint: disable=context-overridden
        clean = self.with_context(context)
        records = super(PropertyStateMixin, clean).create(
            [
                {name: vals[name] for name in vals if name not in derived} | first
                for vals in vals_list
            ]
        )
        return records.with_env(self.env)

    # --- guard ---------------------------------------------------------------

    @api.model
    def _get_first_state(self):
        return next(iter(self._transitions))

    @api.model
    def _get_guarded_fields(self):
        return self._system_fields | {self._state_field}

    @api.model
    def _get_derived_fields(self):
        """What is kept in the table, but follows from other fields only."""
        return {
            name
            for name, field in self._fields.items()
            if field.store and field.compute and field.readonly
        }

    @api.model_create_multi
    def create(self, vals_list):
        # super() is called by _create_rows  # pylint: disable=method-required-super
        allowed = self._get_allowed_values()
        for vals in vals_list:
            for name in self._get_guarded_fields() & vals.keys():
                if vals[name] and vals[name] != allowed.get(name):
                    raise UserError(self.browse()._explain_guard())
        return self._create_rows(vals_list)

    def write(self, vals):
        self._refuse_guarded(vals)
        return super().write(vals)

    def _refuse_guarded(self, vals):
        """Refuse what follows from buttons or from other fields; the same state again is none."""
        closed = (self._system_fields | self._get_derived_fields()) & vals.keys()
        state = vals.get(self._state_field)
        if self._state_field in vals and any(row[self._state_field] != state for row in self):
            closed.add(self._state_field)
        if self and closed:
            raise UserError(self._explain_guard())
