"""Who moves in and out of Orient Tower now, and how far each department has come."""

from datetime import datetime, time, timedelta

from .signature import draw

#: which department signs which steps
DEPARTMENTS = {
    "customer_service": ("notice papers agreements keys told shown out_items out_address".split()),
    "engineering": "inspection readings out_inspection out_readings".split(),
    "finance": "fees out_settled".split(),
}


class Moves:
    def __init__(self, loader):
        self.loader, self.env = loader, loader.env
        self.ref = loader.ref

    def as_user(self, records, name):
        return records.with_user(self.ref(f"user_{name}"))

    def name_departments(self):
        company = self.ref("estate_hq").company_id
        for department, steps in DEPARTMENTS.items():
            for step in steps:
                self.env.ref(f"property_tenant.step_{step}").write(
                    {
                        "company_id": company.id,
                        "department_id": self.ref(f"department_{department}").id,
                    }
                )
        # the steps of the move-ins under way were made before
        for step in self.env["property.occupancy.step"].search([]):
            step.department_id = step.template_id.department_id

    def sign_step(self, occupancy, name, user, note=""):
        """Sign a step that nobody proves; what records prove is left to them."""
        template = self.env.ref(f"property_tenant.step_{name}")
        step = occupancy.step_ids.filtered(lambda row: row.template_id == template)
        if step and step.state == "open" and not step.is_automatic:
            self.as_user(step, user).action_done(note)

    def at(self, days, hour):
        estate = self.ref("estate_hq")
        day = self.loader.today + timedelta(days=days)
        return estate._utc_at(datetime.combine(day, time(hour)))

    def open(self, occupancy, number, days, hour, source="sales"):
        occupancy.write(
            {
                "move_in_source": source,
                "move_in_number": number,
                "move_in_paper_date": self.loader.today - timedelta(days=6),
            }
        )
        desk = self.as_user(occupancy, "frontdesk")
        return desk._offer_appointment(
            self.at(days, hour),
            "东方大厦一层前台 Front desk, ground floor",
            desk.with_context(lang=self.loader.chinese)._get_things_to_bring(),
        )

    def sign_papers(self, occupancy, count=None):
        """Issue the papers, and let the party and the desk sign the first ``count``."""
        desk = self.as_user(occupancy, "frontdesk")
        desk.action_issue_forms()
        papers = desk.form_issue_ids.filtered("is_signed").sorted("number")
        for paper in papers[:count]:
            for role in paper._signature_missing():
                if role != "developer":
                    paper._sign(role, occupancy.partner_id.name, draw(paper.id))

    def file_papers(self, occupancy):
        """The party has brought everything that is asked for."""
        lead = self.as_user(occupancy, "officer")
        self.env["property.document"].with_user(self.ref("user_officer")).create(
            [
                {"type_id": paper.type_id.id, "occupancy_id": lead.id, "pages": 2}
                for paper in lead._get_missing_papers()
            ]
        )

    def load_middle(self):
        """Papers are there and half of them signed; Engineering and Finance come next."""
        occupancy = self.ref("occupancy_moving_in")
        appointment = self.open(occupancy, "HS-0117", 1, 10)
        appointment.action_agree()
        self.sign_step(occupancy, "notice", "frontdesk", "电话确认 Confirmed by phone")
        self.sign_papers(occupancy, 3)

    def load_ready(self):
        """Everything before the keys is done."""
        occupancy = self.ref("occupancy_ready")
        first = self.open(occupancy, "HS-0112", -1, 14)
        desk = self.as_user(occupancy, "frontdesk")
        desk._offer_appointment(
            self.at(0, 15), first.place, first.bring, "客户出差 The customer travels"
        ).action_agree()
        self.sign_step(occupancy, "notice", "frontdesk")
        self.file_papers(occupancy)
        self.sign_step(occupancy, "papers", "frontdesk", "原件已核 Originals seen")
        self.sign_papers(occupancy)
        self.sign_step(occupancy, "readings", "engineer")
        self.sign_step(occupancy, "fees", "cashier", "收据 Receipt 20931")

    def load_expected(self):
        """A date is offered to who comes next month."""
        occupancy = self.ref("occupancy_successor")
        self.open(occupancy, "HS-0121", 26, 10)

    def load_leaving(self):
        """Notice was given by letter."""
        self.ref("occupancy_giving_notice").write(
            {"notice_way": "letter", "notice_date": self.loader.today - timedelta(days=5)}
        )

    def load(self):
        self.name_departments()
        self.load_middle()
        self.load_ready()
        self.load_expected()
        self.load_leaving()
