from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL


class PropertyBillingRun(models.Model):
    """Posting a run: one bill per payer, in batches that are transactions of their own."""

    _inherit = "property.billing.run"

    def action_post(self):
        """Post the bills of an approved run, or those that were left over."""
        self._check_may_run()
        for run in self:
            run._lock("approved", "posted", "delivered")
            if run.state != "approved" and not run._get_open_charges():
                raise UserError(self.env._("All charges of %(run)s are billed.", run=run.name))
            run._check_not_stale()
            run._store({"state": "posting"})
            batches = run._make_post_batches()
            run._start(batches)

    def action_stop_posting(self):
        """Stop after the parts that are under way; go on later with Post."""
        self._check_may_run()
        for run in self:
            run._lock("posting")
            # parts are the run's own rows; its user was checked above
            run.sudo().batch_ids.filtered(
                lambda batch: batch.stage == "post" and batch.state in ("pending", "failed")
            ).write({"state": "cancelled"})
            run._finish_posting()

    def _get_open_charges(self):
        self.ensure_one()
        return self.charge_ids.filtered(lambda charge: charge.state in ("draft", "ready"))

    def _check_not_stale(self):
        """Refuse to post figures that readings or occupancies no longer support."""
        stale = self._get_stale_charges()
        if stale:
            raise UserError(
                self.env._(
                    "Readings or payers behind %(count)s charges of %(run)s were changed since they"
                    " were computed, first for unit %(unit)s. Go back to review and compute again.",
                    count=len(stale),
                    run=self.name,
                    unit=stale[0].unit_id.display_name,
                )
            )

    # --- batches ----------------------------------------------------------

    def _make_post_batches(self):
        """Divide the open charges into batches of bills, one journal each."""
        self.ensure_one()
        # batches are the run's own rows; its user was checked by the action
        run = self.sudo()
        groups = run._group_charges(run._get_open_charges())
        by_journal = defaultdict(list)
        for key, charges in groups.items():
            by_journal[key[0]].append(charges)
        last = max(
            run.batch_ids.filtered(lambda batch: batch.stage == "post").mapped("sequence"),
            default=0,
        )
        batches = run.env["property.billing.batch"]
        size = run.company_id.pm_batch_size
        for journal, bills in sorted(by_journal.items(), key=lambda item: item[0].id):
            for start in range(0, len(bills), size):
                last += 1
                part = bills[start : start + size]
                batch = batches.create(
                    {
                        "run_id": run.id,
                        "stage": "post",
                        "generation": run.computation,
                        "sequence": last,
                        "size": len(part),
                        "journal_id": journal.id,
                    }
                )
                run.env["property.charge"].union(*part).write(
                    {"batch_id": batch.id, "state": "ready"}
                )
                batches |= batch
        return batches

    def _group_charges(self, charges):
        """Charges by bill: the journal first, then whatever keeps bills apart."""
        groups = {}
        ordered = charges.sorted(
            lambda charge: (
                charge.estate_id.id,
                charge.building_id.sequence,
                charge.unit_id.code,
                charge.fee_rule_id.sequence,
                charge.period_start or fields.Date.today(),
                charge.id,
            )
        )
        members = defaultdict(list)
        for charge in ordered:
            members[charge._get_bill_key()].append(charge.id)
        # what is read of one bill's charges is read of all at once; one list for all bills
        together = ordered.ids
        for key, ids in members.items():
            groups[key] = charges.browse(ids).with_prefetch(together)
        return groups

    def _post_batch(self, batch):
        """Make and post the bills of a batch.

        Returns an error that keeps the batch from being done, or None. A bill
        that cannot be made is listed; the others go on.
        """
        self.ensure_one()
        # bills are made by the run: billing supervisors have no right to
        # make invoices by hand, and action_post has checked them
        run = self.sudo()
        charges = batch.sudo().charge_ids.filtered(lambda charge: charge.state == "ready")
        batch._hold(charges)
        run._keep_period_open()
        closed = run._get_closed_period(batch.journal_id)
        if closed:
            return closed
        run.issue_ids.filtered(
            lambda issue: issue.stage == "post" and issue.unit_id in charges.unit_id
        ).unlink()
        stale = run._get_stale_charges(batch) & charges
        for charge in stale:
            run._add_post_issue(
                charge,
                "changed",
                self.env._(
                    "The readings or the payer of %(charge)s were changed since it was computed.",
                    charge=charge.display_name,
                ),
            )
        charges -= charges.filtered(lambda charge: charge.partner_id in stale.partner_id)
        bills = run._drop_carried_forward(run._group_charges(charges))
        run._post_bills(list(bills.items()))
        return None

    def _keep_period_open(self):
        """Whoever closes the accounting period waits until the part is committed, else
        bills would be posted into a period that is closed.

        A period that was closed since the transaction began makes PostgreSQL refuse the
        lock: the part is repeated and sees it.
        """
        companies = self.company_id.sudo().parent_ids
        self.env.execute_query(
            SQL("SELECT FROM res_company WHERE id IN %s FOR SHARE", tuple(companies.ids))
        )

    def _get_closed_period(self, journal):
        """Sentence about a lock date; core would silently move the date instead."""
        locks = self.company_id.sudo()._get_violated_lock_dates(self.date_invoice, True, journal)
        if not locks:
            return None
        return self.env._(
            "The accounting period of %(date)s is closed until %(lock)s. Reopen it, then try"
            " the part again.",
            date=self.date_invoice,
            lock=max(lock for lock, _name in locks),
        )

    def _drop_carried_forward(self, bills):
        """Leave small credits for the next bill; larger ones are paid by credit note."""
        kept = {}
        for key, charges in bills.items():
            total = sum(charges.mapped("amount"))
            limit = self.company_id.pm_credit_limit
            if self.currency_id.compare_amounts(total, 0) < 0 and (
                self.currency_id.compare_amounts(-total, limit) <= 0
            ):
                for charge in charges.filtered(lambda charge: charge.kind != "regular"):
                    self._add_post_issue(
                        charge,
                        "carried_forward",
                        self.env._(
                            "The credit of %(charge)s goes on the next bill.",
                            charge=charge.display_name,
                        ),
                        level="3_info",
                    )
                charges.filtered(lambda charge: charge.kind != "regular").write(
                    {"run_id": False, "batch_id": False}
                )
                charges = charges.filtered(lambda charge: charge.kind == "regular")
            if charges:
                kept[key] = charges
        return kept

    def _add_post_issue(self, charge, kind, message, level="1_error"):
        self.env["property.billing.issue"].create(
            {
                "run_id": self.id,
                "stage": "post",
                "kind": kind,
                "level": level,
                "estate_id": charge.estate_id.id,
                "unit_id": charge.unit_id.id,
                "partner_id": charge.partner_id.id,
                "fee_rule_id": charge.fee_rule_id.id,
                "product_id": charge.product_id.id,
                "message": message,
            }
        )

    # --- bills ------------------------------------------------------------

    def _post_bills(self, bills):
        """Make and post all bills at once; if that fails, each on its own."""
        if not bills:
            return
        try:
            with self.env.cr.savepoint():
                self._make_bills(bills)
                return
        except (UserError, ValidationError) as error:
            if len(bills) == 1:
                charge = bills[0][1][0]
                no_account = self._lacks_account(bills[0][1])
                if no_account:
                    charge = no_account[0]
                self._add_post_issue(charge, "no_account" if no_account else "error", str(error))
                return
        self.env.invalidate_all()
        # halves find the bad ones among hundreds with few repetitions
        middle = len(bills) // 2
        self._post_bills(bills[:middle])
        self._post_bills(bills[middle:])

    def _lacks_account(self, charges):
        return charges.filtered(
            lambda charge: not charge.product_id.product_tmpl_id.get_product_accounts()["income"]
        )

    def _check_accounts(self, charges):
        for charge in self._lacks_account(charges):
            raise UserError(
                self.env._(
                    "The fee item %(fee)s has no income account, so unit %(unit)s cannot be"
                    " billed. Set one on the fee item or its category.",
                    fee=charge.product_id.display_name,
                    unit=charge.unit_id.display_name,
                )
            )

    def _finish_posting(self):
        """All batches were tried: the run is posted; what is left is listed."""
        self.ensure_one()
        # parts and charges are the run's own rows, in sight or not
        run = self.sudo()
        failed = run.batch_ids.filtered(
            lambda batch: (
                batch.stage == "post"
                and batch.generation == run.computation
                and batch.state == "failed"
            )
        )
        if failed:
            self.message_post(
                body=self.env._(
                    "%(count)s parts could not be posted: %(error)s",
                    count=len(failed),
                    error=failed[0].error,
                )
            )
            return
        if self.state == "posting":
            self._store({"state": "posted", "posted_at": fields.Datetime.now()})
        left = run._get_open_charges()
        self.message_post(
            body=self.env._(
                "Posted: %(bills)s bills. Not billed: %(left)s charges.",
                bills=self.move_count,
                left=len(left),
            )
        )
