"""The plan as the spreadsheets that people would send: workbooks and text files, with
English and Chinese headings."""

import csv
import io

from openpyxl import Workbook

from .plan import ESTATE


def workbook(header, rows):
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    for row in [header, *rows]:
        sheet.append([float(cell) if hasattr(cell, "as_tuple") else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text_file(header, rows, encoding):
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue().encode(encoding)


def units(plan):
    header = [
        "项目编号",
        "楼栋编号",
        "楼栋名称",
        "房号",
        "名称",
        "楼层",
        "用途",
        "建筑面积",
        "标签",
    ]
    usages = {"residential": "住宅", "shop": "商铺", "common": "公共区域"}
    rows = [
        [
            ESTATE,
            unit.building,
            plan.buildings[unit.building],
            unit.code,
            unit.name,
            unit.floor,
            usages[unit.usage],
            unit.area or None,
            unit.tag,
        ]
        for unit in plan.units.values()
    ]
    return "units.xlsx", workbook(header, rows)


def parties(plan):
    header = ["编号", "姓名", "类型", "语言"]
    rows = [
        [party.ref, party.name, "公司" if party.company else "个人", party.language]
        for party in plan.parties.values()
    ]
    return "parties.csv", text_file(header, rows, "gb18030")


def occupancies(plan):
    header = [
        "Estate Code",
        "Unit Code",
        "Party Reference",
        "Owner or Tenant",
        "From",
        "Until",
        "Used by Owner",
        "Number of Persons",
        "Bills To",
    ]
    rows = [
        [
            ESTATE,
            hold.unit,
            hold.party,
            hold.kind,
            hold.start,
            hold.end,
            "yes" if hold.self_use else "",
            hold.persons,
            hold.payer,
        ]
        for hold in plan.holds
    ]
    return "occupancies.xlsx", workbook(header, rows)


def meters(plan):
    """The meters that hang there at the beginning; new ones come by exchange."""
    header = [
        "Estate Code",
        "Meter Number",
        "Commodity",
        "Unit Code",
        "Building Code",
        "Parent Meter Number",
        "Multiplier",
        "Digits",
        "Decimals",
        "Installed on",
    ]
    rows = []
    for code, meter in plan.published.items():
        dial, (building, unit) = plan.dials[code], plan.places[code]
        rows.append(
            [
                ESTATE,
                code,
                meter.commodity,
                unit,
                "" if unit else building,
                meter.parent,
                dial.multiplier,
                dial.digits,
                dial.decimals,
                dial.since,
            ]
        )
    return "meters.xlsx", workbook(header, rows)


def readings(plan, month, commodity):
    """What the readers wrote down in a month; removals and new meters are no readings."""
    looks = [
        look
        for look in plan.looks
        if look.month == month
        and look.written is not None
        and plan.published[plan.dials[look.number].code].commodity == commodity
        and (look.kind in ("regular", "move_out") or not look.month)
    ]
    if commodity == "electricity":
        header = ["电表号", "能源类型", "抄表日期", "本期读数", "抄表类型"]
        rows = [
            [look.number, "电", look.day.isoformat(), look.written, look.kind] for look in looks
        ]
        return f"电表{month:02}.csv", text_file(header, rows, "gb18030"), len(rows)
    header = ["Meter Number", "Date", "Index", "Kind"]
    rows = [[look.number, look.day, look.written, look.kind] for look in looks]
    return f"water-{month:02}.xlsx", workbook(header, rows), len(rows)
