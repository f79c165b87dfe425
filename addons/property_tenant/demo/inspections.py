"""Inspections of Orient Tower and Riverside Garden: plans, a round half done, handovers."""

import io
from base64 import b64encode
from datetime import timedelta

from PIL import Image, ImageDraw

from .estates import MODULE, Loader

#: what the vacant-unit round of today has found so far: unit → point, note
FOUND_TODAY = {
    "0902": ("Windows and glass", "北侧窗把手松动 Handle of the north window is loose"),
}

#: handover of the newcomer's office: point → note
FOUND_AT_HANDOVER = {
    "Ceiling panels": "东南角有水渍 Water stain in the south-east corner",
    "Sockets": "前台插座无电 Socket at the reception is dead",
}

#: seen on the way: unit, what, where, who mends, priority, state
REPORTED = (
    (
        "hq_lobby",
        "旋转门异响 Revolving door grinds",
        "首层 Floor 1",
        "contractor",
        "2",
        "in_progress",
    ),
    ("hq_roof", "排水口堵塞 Roof drain is blocked", "西侧 West side", "engineering", "1", "mended"),
    ("rv_1_hall", "灯不亮 Lamp is out", "门厅 Hall", "engineering", "0", "accepted"),
    (
        "rv_garden",
        "井盖破损 Manhole cover is cracked",
        "东门 East gate",
        "engineering",
        "3",
        "open",
    ),
)


class InspectionLoader(Loader):
    def __init__(self, env):
        super().__init__(env)
        self.engineer = self.ref("user_engineer")
        self.hq = self.ref("estate_hq")

    def load(self):
        self.load_departments()
        self.load_patrol()
        self.load_plans()
        self.load_round()
        self.load_handovers()
        self.load_reported()
        self.load_comparison()

    def template(self, name):
        return self.env.ref(f"{MODULE}.inspection_template_{name}")

    def load_departments(self):
        """Departments are of a company, templates of all; the demo has one company."""
        for department, templates in (
            ("engineering", ("handover_office", "handover_residential", "handover_shop")),
            ("engineering", ("move_out", "vacant", "equipment", "plant")),
            ("customer_service", ("vacant_cleaning", "hygiene")),
        ):
            for name in templates:
                self.template(name).write(
                    {
                        "company_id": self.hq.company_id.id,
                        "department_id": self.ref(f"department_{department}").id,
                    }
                )

    def load_patrol(self):
        stops = [self.ref(f"unit_hq_{code}").id for code in ("fire", "lobby", "plant", "roof")]
        points = (
            ("Doors and locks", "门锁", "Locked, no damage", "上锁完好"),
            ("Light", "照明", "Lit", "正常点亮"),
            ("Escape way", "疏散通道", "Free", "畅通无阻"),
        )
        [template] = self.make(
            "property.inspection.template",
            [
                (
                    "inspection_template_patrol",
                    {
                        "name": "Night Patrol of the Tower",
                        "kind": "patrol",
                        "layout": "route",
                        "estate_id": self.hq.id,
                        "company_id": self.hq.company_id.id,
                        "department_id": self.ref("department_security").id,
                        "defect_days": 1,
                        "stop_ids": [
                            (0, 0, {"sequence": number, "unit_id": unit})
                            for number, unit in enumerate(stops)
                        ],
                        "point_ids": [
                            (0, 0, {"sequence": number, "name": name, "normal": normal})
                            for number, (name, _zh, normal, _normal) in enumerate(points)
                        ],
                    },
                )
            ],
        )
        if self.chinese == "zh_CN":
            template.with_context(lang="zh_CN").name = "大厦夜间巡逻"
            for point, (_name, name, _normal, normal) in zip(
                template.point_ids.with_context(lang="zh_CN"), points, strict=True
            ):
                point.write({"name": name, "normal": normal})

    def load_plans(self):
        patrol = self.ref("inspection_template_patrol")
        rows = (
            ("vacant", self.template("vacant"), {"times": "09:30"}, "空置房每日巡查"),
            ("patrol", patrol, {"times": "20:00, 23:00"}, "夜间巡逻"),
            (
                "plant",
                self.template("plant"),
                {
                    "times": "08:00, 16:00",
                    "place": "unit",
                    "unit_ids": self.ref("unit_hq_plant").ids,
                },
                "设备机房巡检",
            ),
            (
                "hygiene",
                self.template("hygiene"),
                {
                    "frequency": "weekly",
                    "mon": True,
                    "thu": True,
                    "times": "10:00",
                    "place": "unit",
                    "unit_ids": self.ref("unit_hq_lobby").ids,
                },
                "公共区域卫生检查",
            ),
        )
        plans = self.make(
            "property.inspection.plan",
            [
                (
                    f"inspection_plan_{name}",
                    {
                        "template_id": template.id,
                        "estate_id": self.hq.id,
                        "date_from": self.today,
                        "user_id": self.engineer.id if name == "vacant" else False,
                        **values,
                    },
                )
                for name, template, values, _chinese in rows
            ],
        )
        if self.chinese == "zh_CN":
            for plan, (_name, _template, _values, chinese) in zip(plans, rows, strict=True):
                plan.with_context(lang="zh_CN").name = chinese
        plans._generate(self.today)

    # --- today's round ------------------------------------------------------

    def load_round(self):
        """The vacant units of the tower, the first half looked at."""
        plan = self.ref("inspection_plan_vacant")
        today = plan.inspection_ids.filtered(lambda row: row.date == self.today)
        if not today:
            # late in the evening the round of today is not planned any more
            today = self.env["property.inspection"].create(
                {"template_id": plan.template_id.id, "estate_id": self.hq.id}
            )
        inspection = today[:1].with_user(self.engineer)
        inspection.action_start()
        units = inspection.line_ids.unit_id
        for unit in units[: len(units) // 2]:
            lines = inspection.line_ids.filtered(lambda line, unit=unit: line.unit_id == unit)
            name, note = FOUND_TODAY.get(unit.code, (None, None))
            for line in lines:
                if line.with_context(lang="en_US").name == name:
                    self.found(line, note)
            lines._answer_rest()

    def found(self, line, note):
        line.write({"result": "defect", "note": note})
        self.env["property.inspection.photo"].with_user(self.engineer).create(
            {"line_id": line.id, "image": photo(line.unit_id.code or "", note)}
        )

    # --- handovers ----------------------------------------------------------

    def load_handovers(self):
        newcomer = self.ref("occupancy_moving_in")
        inspection = self.hand_over(newcomer, FOUND_AT_HANDOVER)
        self.name_it("inspection_handover", inspection)
        flat = self.env["property.occupancy"].search(
            [
                ("estate_id", "=", self.ref("estate_rv").id),
                ("state", "=", "active"),
                ("self_use", "=", True),
                ("unit_id.usage", "=", "residential"),
            ],
            order="unit_id",
            limit=1,
        )
        self.name_it("inspection_signed", self.sign(self.hand_over(flat, {})))
        # who waits for the keys has been through the office
        self.sign(self.hand_over(self.ref("occupancy_ready"), {}))

    def sign(self, inspection):
        for key in inspection._signature_missing():
            name = inspection._signature_roles()[key].name or "开发商代表 Developer"
            inspection._sign(key, name, pen())
        return inspection

    def hand_over(self, occupancy, found):
        inspection = self.env["property.inspection"].with_user(self.engineer)
        template = self.env["property.inspection.template"]._find("handover", occupancy.unit_id)
        inspection = inspection.create({"template_id": template.id, "occupancy_id": occupancy.id})
        inspection.action_start()
        for line in inspection.line_ids:
            note = found.get(line.with_context(lang="en_US").name)
            if note:
                self.found(line, note)
            elif line.with_number:
                line.write({"number": max(line.minimum, 1.2), "result": "ok"})
        inspection.action_all_ok()
        inspection.action_finish()
        return inspection

    def name_it(self, name, record):
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": f"{MODULE}.demo_{name}", "record": record.sudo(), "noupdate": True}]
        )

    # --- defects ------------------------------------------------------------

    def load_reported(self):
        for number, (unit, name, location, responsible, priority, state) in enumerate(REPORTED):
            defect = (
                self.env["property.defect"]
                .with_user(self.ref("user_supervisor"))
                .create(
                    {
                        "name": name,
                        "location": location,
                        "unit_id": self.ref(f"unit_{unit}").id,
                        "responsible": responsible,
                        "priority": priority,
                        "date_due": self.today + timedelta(days=2 * number - 1),
                    }
                )
            )
            if state != "open":
                defect.action_begin()
            if state in ("mended", "accepted"):
                defect.mended_note = "已清理 Done"
                defect.action_mend()
            if state == "accepted":
                defect.action_accept()

    def load_comparison(self):
        """The weekly comparison: Engineering has signed, Finance knows otherwise."""
        lead = self.ref("user_supervisor")
        departments = self.ref("department_engineering") | self.ref("department_finance")
        check = (
            self.env["property.vacancy.check"]
            .with_user(lead)
            .create(
                {
                    "estate_id": self.hq.id,
                    "date": self.today,
                    "department_ids": [(6, 0, departments.ids)],
                }
            )
        )
        check.action_ask()
        finance = self.ref("department_finance")
        answerer = finance._get_users(self.hq)[:1]
        self.env["property.vacancy.difference"].with_user(answerer).create(
            {
                "check_id": check.id,
                "unit_id": check.line_ids[0].unit_id.id,
                "department_id": finance.id,
                "says": "used",
                "note": "本月用电 120 度 120 kWh were used this month",
            }
        )
        engineer = self.ref("department_engineering")._get_users(self.hq)[:1]
        key = f"department_{self.ref('department_engineering').id}"
        check.with_user(engineer)._sign(key, engineer.name, pen())


def photo(code, note):
    """A drawn wall with what is wrong on it, in place of a photo."""
    picture = Image.new("RGB", (640, 480), "#e7e2d8")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 360, 640, 480), fill="#b9ab94")
    draw.ellipse((260, 120, 420, 230), fill="#c9b98f", outline="#a08c5b", width=6)
    draw.line((300, 150, 380, 200), fill="#7d6a3c", width=4)
    draw.text((24, 24), f"{code} {note.encode('ascii', 'ignore').decode().strip()}", fill="#444444")
    return encode(picture)


def pen():
    """A signature."""
    picture = Image.new("RGBA", (400, 140), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    points = [(30, 90), (70, 30), (90, 110), (140, 50), (160, 100), (230, 40), (250, 95), (370, 60)]
    draw.line(points, fill="#1b3a6b", width=5, joint="curve")
    return encode(picture)


def encode(picture):
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return b64encode(stream.getvalue())


def load(env):
    """Inspections of the demo; asked again, nothing."""
    if not env.ref(f"{MODULE}.demo_inspection_signed", raise_if_not_found=False):
        InspectionLoader(env).load()
