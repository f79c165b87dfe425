"""Dossiers of the demo: most are complete, some lack a paper, one paper is out for too long."""

import io
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from odoo.fields import Command

MODULE = "property_tenant"
LIVE = ("moving_in", "active", "notice", "clearing")
SHELVES = "ABCD"
#: of so many dossiers one lacks papers
EVERY = 9
CONTRACTORS = (
    ("lift", "天和电梯工程有限公司 Tianhe Lifts", "电梯维保合同 Lift maintenance", 25),
    ("cleaning", "洁美保洁服务有限公司 Jiemei Cleaning", "保洁服务合同 Cleaning", 190),
    ("green", "绿园绿化有限公司 Lüyuan Greening", "绿化养护合同 Greening", -12),
)


class Dossiers:
    def __init__(self, env):
        self.env = env
        self.today = self.ref("estate_hq")._today()
        self.officer, self.archivist = self.ref("user_officer"), self.ref("user_archivist")

    def ref(self, name):
        return self.env.ref(f"{MODULE}.demo_{name}")

    def load(self):
        company = self.ref("estate_hq").company_id
        company.pm_dossier_department_id = self.ref("department_customer_service")
        estates = self.ref("estate_hq") | self.ref("estate_rv")
        dossiers = self.env["property.occupancy"].search(
            [("estate_id", "in", estates.ids), ("state", "in", LIVE), ("lead_id", "=", False)],
            order="id",
        )
        self.file(dossiers)
        self.add_files(dossiers)
        self.promise(dossiers)
        self.add_contracts()
        self.lend()
        self.log_entries()

    def file(self, dossiers):
        """The papers of all, but for some of every ninth dossier."""
        rows = []
        for number, dossier in enumerate(dossiers):
            papers = dossier.paper_ids.filtered(
                lambda paper: paper.required and paper.state != "filed"
            ).sorted("id")
            moving = dossier.state == "moving_in"
            lacks = 3 if moving else (1 + number % 2 if number % EVERY == 4 else 0)
            for place, paper in enumerate(papers[: len(papers) - lacks]):
                rows.append(self.prepare(dossier, paper.type_id, number, place))
        self.env["property.document"].create(rows)

    def prepare(self, dossier, kind, number, place):
        expiry = False
        if kind.expires:
            days = {3: 18, 8: -20}.get(number % 40, 400 + 13 * (number % 60))
            expiry = self.today + timedelta(days=days)
        received = min(dossier.date_start + timedelta(days=place % 3), self.today)
        return {
            "type_id": kind.id,
            "occupancy_id": dossier.id,
            "date_received": received,
            "received_by_id": self.officer.id,
            "form": kind.form,
            "pages": 2 + (number + 5 * place) % 17,
            "shelf": f"{SHELVES[number % 4]}{1 + number // 4 % 12}-{1 + number % 6}",
            "date_expiry": expiry,
        }

    def add_files(self, dossiers):
        """The papers of one dossier as files, so that it can be exported."""
        dossier = dossiers.filtered(
            lambda occupancy: occupancy.kind == "tenant" and occupancy.state == "active"
        )[:1]
        for document in dossier.document_ids:
            file = self.env["ir.attachment"].create(
                {
                    "name": f"{document.type_id.name}.pdf",
                    "raw": draw_page(document.number, document.partner_id.name),
                    "res_model": "property.document",
                    "res_id": 0,
                }
            )
            document.attachment_ids = [Command.link(file.id)]

    def promise(self, dossiers):
        missing = dossiers.paper_ids.filtered(lambda paper: paper.state == "missing").sorted("id")
        for number, paper in enumerate(missing[::3]):
            paper = paper.with_user(self.officer)
            paper.action_promise(
                self.today + timedelta(days=2 + 3 * (number % 4)), "客户出差，回来后补交 Travelling"
            )
        late = missing.filtered(lambda paper: paper.state == "promised")[:2]
        # promised some days ago: nobody could promise that today
        late.write({"date_promised": self.today - timedelta(days=3)})
        self.env["property.dossier.paper"]._refresh(late.occupancy_id)

    def add_contracts(self):
        kind = self.env.ref(f"{MODULE}.document_type_contractor_contract")
        for key, name, title, days in CONTRACTORS:
            partner = self.env["res.partner"]._load_records(
                [
                    {
                        "xml_id": f"{MODULE}.demo_partner_contractor_{key}",
                        "values": {"name": name, "is_company": True},
                        "noupdate": True,
                    }
                ]
            )
            self.env["property.document"].create(
                {
                    "type_id": kind.id,
                    "estate_id": self.ref("estate_hq").id,
                    "partner_id": partner.id,
                    "name": title,
                    "pages": 14,
                    "shelf": "K1-2",
                    "received_by_id": self.archivist.id,
                    "date_received": self.today - relativedelta(years=1),
                    "date_expiry": self.today + timedelta(days=days),
                }
            )

    def lend(self):
        """One paper is out and overdue, one is asked for by another department."""
        lease = self.env.ref(f"{MODULE}.document_type_lease")
        papers = self.env["property.document"].search([("type_id", "=", lease.id)], limit=3)
        tomorrow = self.today + timedelta(days=1)
        loans = self.env["property.document.loan"]
        out = loans.with_user(self.officer)._borrow(papers[0], "look", "核对租期 Term", tomorrow)
        out.with_user(self.archivist).action_hand_out()
        out.sudo().write(
            {
                "date_due": self.today - timedelta(days=2),
                "date_out": self.today - timedelta(days=3),
            }
        )
        loans.with_user(self.ref("user_engineer"))._borrow(
            papers[1], "look", "查看装修条款 Fit-out terms", tomorrow
        )
        loans._run_daily(papers[0].estate_id, self.today)

    def log_entries(self):
        entries = self.env["property.dossier.entry"].with_user(self.archivist)
        estate = self.ref("estate_hq").id
        inside = entries.create(
            {
                "estate_id": estate,
                "visitor": "胡军 Hu Jun",
                "outsider": False,
                "purpose": "查阅竣工图 As-built drawings",
            }
        )
        inside.action_enter()
        inside.action_leave()
        entries.create(
            {
                "estate_id": estate,
                "visitor": "许审计 Ms Xu",
                "organisation": "信和会计师事务所 Xinhe Auditors",
                "purpose": "年度审计 Yearly audit",
                "identity_shown": True,
            }
        ).action_ask()


def draw_page(number, party):
    """A page that says that it is made up."""
    output = io.BytesIO()
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    sheet = canvas.Canvas(output, pagesize=(595, 842), invariant=1)
    sheet.setFont("STSong-Light", 20)
    sheet.drawCentredString(297, 600, number)
    sheet.drawCentredString(297, 560, party)
    sheet.setFillGray(0.6)
    sheet.drawCentredString(297, 420, "样本 SPECIMEN")
    sheet.save()
    return output.getvalue()


def load(env):
    """File the papers of the occupancies that the demo has made."""
    # papers that were signed in move-ins are filed already
    if not env["property.document.loan"].search_count([], limit=1):
        Dossiers(env).load()
