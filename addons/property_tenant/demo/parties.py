"""Names of the parties of the demo. Nothing here is a real person or company."""

#: key, name, floor and rooms, year in which they came
OFFICE_TENANTS = [
    ("starriver", "星河软件有限公司 Starriver Software", (2, (1, 2, 3, 4)), 2021),
    ("bluebay", "蓝湾贸易有限公司 Bluebay Trading", (3, (1,)), 2022),
    ("jade", "翡翠设计工作室 Jade Design Studio", (3, (2,)), 2023),
    ("northwind", "北风物流有限公司 Northwind Logistics", (3, (3, 4)), 2020),
    ("greenleaf", "绿叶咨询有限公司 Greenleaf Consulting", (4, (1,)), 2022),
    ("sunrise", "旭日律师事务所 Sunrise Law Firm", (4, (2, 3)), 2019),
    ("pinetree", "松树会计师事务所 Pinetree Accountants", (4, (4,)), 2019),
    ("silkroad", "丝路文化传播有限公司 Silk Road Media", (5, (1, 2)), 2021),
    ("lotus", "莲花科技有限公司 Lotus Technology", (5, (3,)), 2023),
    ("crane", "白鹤人力资源有限公司 Crane Human Resources", (5, (4,)), 2022),
    ("harbour", "港口保险经纪有限公司 Harbour Insurance Brokers", (6, (1,)), 2020),
    ("maple", "枫叶教育有限公司 Maple Education", (6, (2,)), 2023),
    ("granite", "磐石建筑设计有限公司 Granite Architects", (6, (3, 4)), 2021),
    ("orchid", "兰花生物科技有限公司 Orchid Biotech", (7, (1, 2, 3)), 2022),
    ("swift", "飞燕快递有限公司 Swift Express", (7, (4,)), 2023),
    ("amber", "琥珀广告有限公司 Amber Advertising", (8, (1,)), 2022),
    ("summit", "峰顶投资管理有限公司 Summit Capital", (8, (2, 3)), 2020),
    ("cedar", "雪松医疗器械有限公司 Cedar Medical Devices", (8, (4,)), 2023),
    ("phoenix", "凤凰旅行社有限公司 Phoenix Travel", (10, (1,)), 2021),
    ("willow", "柳岸网络有限公司 Willow Networks", (10, (2,)), 2023),
    ("compass", "罗盘管理顾问有限公司 Compass Management", (10, (3,)), 2022),
    ("coral", "珊瑚国际货运有限公司 Coral Shipping", (11, (1, 2)), 2021),
    ("nordic", "Nordic Furniture (Beijing) Ltd 北欧家具", (11, (3, 4)), 2020),
    ("delta", "Delta Engineering Asia 德尔塔工程", (12, (1, 2)), 2019),
    ("lakeside", "湖畔研究院 Lakeside Institute", (12, (3,)), 2022),
]

#: keys of tenants that read English
ENGLISH = {"nordic", "delta", "harbour", "coral"}

SHOP_TENANTS = [
    ("noodle", "老街面馆 Old Street Noodles", 1, 2021),
    ("coffee", "晨光咖啡 Morning Coffee", 2, 2022),
    ("market", "邻家便利店 Neighbour Convenience Store", 3, 2020),
    ("print", "快印图文 Quick Print", 4, 2023),
    ("pharmacy", "康民大药房 Kangmin Pharmacy", 5, 2019),
]

OWNERS_HQ = [
    ("developer", "东方置业投资有限公司 Orient Real Estate Investment"),
    ("bank", "城市商业银行北京分行 City Commercial Bank, Beijing Branch"),
]

#: owners of the flats, building by building from the ground up
FLAT_OWNERS = """
王建国 李秀英 张丽华 刘志强 陈玉兰 杨明 赵国庆 黄晓燕 周建华 吴桂英
徐海涛 孙丽娟 胡文斌 朱红梅 高志远 林小红 何伟东 郭春梅 马俊杰 罗晓明
梁美玲 宋国强 郑雪梅 谢永刚 韩冬梅 唐志华 冯丽萍 于海洋 董建军 萧雅琴
程浩然 曹桂兰 袁志勇 邓丽君 许文静 傅国华 沈晓东 曾玉梅 彭建平 吕秀珍
苏文博 卢海燕 蒋志明 蔡淑芬 贾永强 丁雅文 魏国栋 薛丽红 叶志伟 阎春燕
余建新 潘晓丽 杜文华 戴玉珍 夏志刚 锺雅静 汪国平 田丽霞
""".split()

#: tenants of flats by number of the flat in the order above
FLAT_TENANTS = {
    3: ("james", "James Miller", True),
    7: ("songyu", "宋雨", False),
    11: ("anna", "Anna Schmidt", True),
    16: ("baiyang", "白杨", False),
    22: ("qinlan", "秦岚", False),
    25: ("tanaka", "田中裕子 Tanaka Yuko", True),
    31: ("shilei", "石磊", False),
    38: ("jiangnan", "江楠", False),
    43: ("priya", "Priya Sharma", True),
    47: ("fanghua", "方华", False),
    52: ("duanyu", "段宇", False),
}

#: numbers of flats that stand empty, their owners live elsewhere
EMPTY_FLATS = {9, 28, 49}

STAFF = """
刘芳 张敏 李强 王磊 陈杰 杨静 赵倩 黄鑫 周洁 吴昊 徐璐 孙悦 胡斌 朱琳 高翔
林涛 何雪 郭凯 马丽 罗浩 梁艳 宋佳 郑爽 谢军 韩梅 唐宁 冯超 于娜 董洁 萧然
""".split()
