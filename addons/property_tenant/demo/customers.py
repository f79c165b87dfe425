"""Visits, directory signs, parking spaces and warnings of the demo estates.

Everything follows from the occupancies that are there, in the order of their units.
"""

import base64
from datetime import datetime, time
from io import BytesIO

from dateutil.relativedelta import relativedelta
from PIL import Image, ImageDraw

MODULE = "property_tenant"

ASKED = (
    (
        "空调晚上八点后关闭,加班时较热。",
        "可提前一天申请加班空调,按小时计费。",
        "寄送加班空调申请说明",
        "4",
    ),
    ("大堂地面雨天湿滑。", "雨天增铺防滑垫,并安排专人擦拭。", "大堂增铺防滑垫", "3"),
    ("希望增加快递存放柜。", "已转告客服主管研究。", "答复快递柜的安装计划", "3"),
    ("对保洁服务满意。", "感谢,已转告保洁班组。", "", "5"),
    ("十二楼男卫生间水龙头漏水。", "已请工程部当日检修。", "检修十二楼水龙头", "2"),
)


class Loader:
    def __init__(self, env):
        self.env = env
        self.tower = env.ref(f"{MODULE}.demo_estate_hq")
        self.garden = env.ref(f"{MODULE}.demo_estate_rv")
        self.today = self.tower._today()

    def user(self, name):
        return self.env.ref(f"{MODULE}.demo_user_{name}")

    def holders(self, estate):
        found = self.env["property.occupancy"].search(
            [
                ("estate_id", "=", estate.id),
                ("state", "=", "active"),
                ("unit_id.usage", "in", ("office", "shop", "residential")),
                "|",
                ("kind", "=", "tenant"),
                ("self_use", "=", True),
            ]
        )
        return found.filtered(lambda occupancy: not occupancy.lead_id).sorted(
            lambda occupancy: occupancy.unit_id.code
        )

    def at(self, estate, day, hour):
        return estate._utc_at(datetime.combine(day, time(hour)))

    def load_visits(self):
        """A plan of this quarter, in part done."""
        first = self.today.replace(day=1) - relativedelta(months=1)
        plan = self.env["property.visit.plan"].create(
            {
                "name": "季度拜访",
                "estate_id": self.tower.id,
                "date_from": first,
                "date_to": first + relativedelta(months=3, days=-1),
                "user_ids": [(6, 0, [self.user("officer").id, self.user("frontdesk").id])],
                "purpose": "季度拜访",
            }
        )
        plan.action_plan_visits()
        visits = plan.visit_ids.sorted("number")
        for number, visit in enumerate(visits[: len(visits) // 2]):
            day = self.today - relativedelta(days=len(visits) // 2 - number)
            asked, answered, promise, satisfaction = ASKED[number % len(ASKED)]
            visit.write(
                {
                    "date_planned": self.at(self.tower, day, 10),
                    "date_done": self.at(self.tower, day, 10),
                    "asked": asked,
                    "answered": answered,
                    "satisfaction": satisfaction,
                    "promise_ids": [
                        (
                            0,
                            0,
                            {
                                "text": promise,
                                "user_id": self.user("officer").id,
                                "date_due": day + relativedelta(days=3),
                            },
                        )
                    ]
                    if promise
                    else [],
                }
            )
            visit.action_done()
            if number < len(visits) // 3:
                visit.promise_ids.action_kept()
                visit.activity_ids.unlink()
        # one that was not made in time
        late = visits.filtered(lambda visit: visit.state == "planned")[:1]
        late.date_planned = self.at(self.tower, self.today - relativedelta(days=1), 14)

    def load_signs(self):
        companies = self.holders(self.tower).filtered("partner_id.is_company")
        states = ("accepted", "accepted", "accepted", "installed", "ordered", "requested")
        for number, occupancy in enumerate(companies[: len(states)]):
            day = self.today - relativedelta(days=60 - 9 * number)
            sign = self.env["property.sign.request"].create(
                {
                    "occupancy_id": occupancy.id,
                    "fee": 300.0,
                    "licence": "JVBERi0xLjQKJSVFT0YK",
                    "licence_name": "营业执照.pdf",
                    "date_requested": day,
                    "date_wanted": day + relativedelta(days=14),
                }
            )
            steps = ("requested", "ordered", "installed", "accepted")
            for state in steps[1 : steps.index(states[number]) + 1]:
                if state == "accepted":
                    sign._sign("occupant", occupancy.partner_id.name, signature())
                sign._move(state, {f"date_{state}": day + relativedelta(days=7)})
        self.env.ref(f"{MODULE}.demo_building_hq").directory_on_screen = True

    def load_parking(self):
        """Two requests that wait, and one that is let."""
        holders = self.holders(self.tower)
        spaces = self.env["property.unit"].search(
            [
                ("estate_id", "=", self.tower.id),
                ("usage", "=", "parking"),
                ("status", "=", "vacant"),
            ],
            limit=3,
            order="code",
        )
        requests = self.env["property.parking.request"].with_user(self.user("frontdesk"))
        plates = ("沪A·D3521", "沪B·8K216", "沪A·F7702")
        for number, (space, plate) in enumerate(zip(spaces, plates, strict=False)):
            request = requests.create(
                {
                    "occupancy_id": holders[number].id,
                    "unit_id": space.id,
                    "date_from": self.today - relativedelta(days=10),
                    "vehicle_number": plate,
                    "vehicle_note": "黑色轿车",
                }
            )
            request.action_request()
            if number == 0:
                rows = self.env["property.approval"].search(
                    [("res_model", "=", request._name), ("res_id", "=", request.id)]
                )
                rows.with_user(self.user("manager")).action_approve("同意")

    def load_warnings(self):
        tower, garden = self.holders(self.tower), self.holders(self.garden)
        rows = (
            (tower[1], "vip", "1", "集团总部客户,来访请通知客服经理。"),
            (tower[3], "dispute", "3", "上季度空调费有争议,催费前先与财务核对。"),
            (garden[2], "hazard", "2", "室内有大型犬,入户前先电话联系。"),
            (garden[5], "care", "1", "独居老人,停水停电须电话通知。"),
        )
        self.env["property.warning"].create(
            [
                {
                    "partner_id": occupancy.partner_id.id,
                    "kind": kind,
                    "level": level,
                    "text": text,
                }
                for occupancy, kind, level, text in rows
            ]
        )


def signature():
    """A drawn line, as a finger leaves it."""
    picture = Image.new("RGBA", (320, 120), (255, 255, 255, 0))
    points = [(20, 80), (60, 30), (90, 90), (130, 40), (170, 85), (230, 45), (300, 70)]
    ImageDraw.Draw(picture).line(points, fill=(20, 30, 60, 255), width=4, joint="curve")
    out = BytesIO()
    picture.save(out, "PNG")
    return base64.b64encode(out.getvalue())


def load(env):
    if env["property.visit.plan"].search_count([], limit=1):
        return
    loader = Loader(env)
    loader.load_visits()
    loader.load_signs()
    loader.load_parking()
    loader.load_warnings()
