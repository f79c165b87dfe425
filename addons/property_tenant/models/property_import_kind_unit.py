from odoo import api, models

from ..calc.cells import fold
from ..calc.columns import Column

VALUES = ("name", "floor", "floor_name", "usage", "area_gross", "area_net", "orientation")

#: what people write beside the labels
USAGE_SPELLINGS = {
    "office": ("办公", "写字楼", "办公室"),
    "residential": ("住宅", "公寓", "flat", "apartment"),
    "shop": ("商铺", "商业", "店铺", "retail"),
    "parking": ("车位", "停车位", "parking space"),
    "storage": ("仓库", "储藏室", "储物间", "store room"),
    "common": ("公共", "公共区域", "公区", "common area"),
}
ORIENTATION_SPELLINGS = {
    "n": ("北", "朝北"),
    "ne": ("东北", "northeast"),
    "e": ("东", "朝东"),
    "se": ("东南", "southeast"),
    "s": ("南", "朝南"),
    "sw": ("西南", "southwest"),
    "w": ("西", "朝西"),
    "nw": ("西北", "northwest"),
}


class PropertyImportKindUnit(models.AbstractModel):
    """Units by estate and code; their buildings when the option says so."""

    _name = "property.import.kind.unit"
    _inherit = "property.import.kind"
    _description = "Import of Units"

    _kind = "unit"
    _kind_sequence = 10
    _kind_model = "property.unit"
    _kind_group = "property_tenant.group_manager"
    _kind_key = ("estate", "unit")

    @api.model
    def _kind_label(self):
        return self.env._("Units")

    @api.model
    def _columns(self):
        _ = self.env._
        return [
            Column(
                "estate",
                _("Estate Code"),
                required=True,
                max_length=64,
                aliases=("Estate", "项目", "项目编号", "项目代码", "小区", "小区编号"),
                sample="HP",
            ),
            Column(
                "building",
                _("Building Code"),
                max_length=64,
                aliases=("Building", "楼栋", "楼栋编号", "楼栋代码", "楼号", "楼座", "栋号"),
                help=_("Required for units that do not exist yet."),
                sample="A",
            ),
            Column(
                "building_name",
                _("Building Name"),
                max_length=200,
                aliases=("楼栋名称", "楼名"),
                help=_("Used when the building is created."),
            ),
            Column(
                "unit",
                _("Unit Code"),
                required=True,
                max_length=64,
                aliases=(
                    "Unit",
                    "Code",
                    "Unit Number",
                    "Room",
                    "单元",
                    "单元编号",
                    "单元代码",
                    "房号",
                    "房间号",
                    "房屋编号",
                ),
                help=_("Unique in the estate, as on the door."),
                sample="A-1203",
            ),
            Column("name", _("Unit Name"), max_length=200, aliases=("Name", "名称", "单元名称")),
        ] + self._property_columns()

    def _property_columns(self):
        """What a unit is like, as opposed to which it is."""
        _ = self.env._
        return [
            Column(
                "floor",
                _("Floor"),
                "integer",
                aliases=("Storey", "楼层", "层"),
                help=_("Below ground is negative."),
                sample="12",
            ),
            Column(
                "floor_name",
                _("Floor Label"),
                max_length=32,
                aliases=("楼层名称", "楼层显示"),
                help=_("What the lift shows, when it is not the number."),
                sample="12A",
            ),
            Column(
                "usage",
                _("Use"),
                "selection",
                aliases=("Usage", "用途", "使用性质", "房屋用途", "业态"),
                selection=self._selection(
                    "property.unit",
                    "usage",
                    USAGE_SPELLINGS,
                ),
            ),
            Column(
                "area_gross",
                _("Gross Area (m²)"),
                "decimal",
                aliases=("Area", "面积", "建筑面积", "计费面积"),
                sample="128.50",
            ),
            Column(
                "area_net",
                _("Net Area (m²)"),
                "decimal",
                aliases=("套内面积", "使用面积"),
                sample="96.20",
            ),
            Column(
                "orientation",
                _("Orientation"),
                "selection",
                aliases=("朝向", "方位"),
                selection=self._selection(
                    "property.unit",
                    "orientation",
                    ORIENTATION_SPELLINGS,
                ),
            ),
            Column(
                "tags",
                _("Tags"),
                max_length=64,
                multiple=True,
                aliases=("Tag", "标签"),
            ),
        ]

    def _prepare(self, rows, options):
        estates = self._find_estates(rows)
        buildings = self._find_buildings(rows, estates)
        units = self._find_existing(rows, estates)
        tags = self._find_tags(rows)
        for row in rows:
            estate = estates.get(row.values["estate"])
            if not estate:
                continue
            self._check_areas(row)
            row.record = units.get((estate, row.values["unit"]))
            vals = {name: row.values[name] for name in VALUES if row.values.get(name) is not None}
            self._set_building(row, vals, estate, buildings, options)
            self._set_tags(row, vals, tags, options)
            if row.record:
                if not row.record.active:
                    row.fail(
                        self.env._(
                            "The unit %(unit)s is archived. Restore it first.",
                            unit=row.record.display_name,
                        )
                    )
                row.vals = self._changes(row.record, vals)
            else:
                row.vals = {"code": row.values["unit"], **vals}

    def _find_existing(self, rows, estates):
        units = (
            self.env["property.unit"]
            .with_context(active_test=False)
            .search(
                [
                    ("estate_id", "in", [estate.id for estate in estates.values()]),
                    ("code", "in", [row.values["unit"] for row in rows]),
                ]
            )
        )
        return {(unit.estate_id, unit.code): unit for unit in units.with_env(self.env)}

    def _find_buildings(self, rows, estates):
        codes = {row.values.get("building") for row in rows} - {None}
        buildings = (
            self.env["property.building"]
            .with_context(active_test=False)
            .search(
                [
                    ("estate_id", "in", [estate.id for estate in estates.values()]),
                    ("code", "in", list(codes)),
                ]
            )
        )
        return {
            (building.estate_id, building.code): building
            for building in buildings.with_env(self.env)
        }

    def _find_tags(self, rows):
        if not any(row.values.get("tags") for row in rows):
            return {}
        return {fold(tag.name): tag.id for tag in self.env["property.unit.tag"].search([])}

    def _check_areas(self, row):
        for name in ("area_gross", "area_net"):
            area = row.values.get(name)
            if area is not None and area < 0:
                row.fail(
                    self.env._(
                        "The area %(area)s of unit %(unit)s is negative. Correct it.",
                        area=area,
                        unit=row.values["unit"],
                    )
                )

    def _set_building(self, row, vals, estate, buildings, options):
        code = row.values.get("building")
        building = buildings.get((estate, code))
        if building and not building.active:
            row.fail(
                self.env._(
                    "The building %(building)s is archived. Restore it first.",
                    building=building.display_name,
                )
            )
        elif building:
            vals["building_id"] = building.id
        elif code and options.create_missing:
            row.extra["building"] = (estate, code)
        elif code:
            row.fail(
                self.env._(
                    "The estate %(estate)s has no building %(building)s. Correct the code, create"
                    " the building, or choose to create what is missing.",
                    estate=estate.code,
                    building=code,
                )
            )
        elif not row.record:
            row.fail(
                self.env._(
                    "Unit %(unit)s does not exist yet and needs a building. Fill in its code.",
                    unit=row.values["unit"],
                )
            )

    def _set_tags(self, row, vals, tags, options):
        names = row.values.get("tags") or []
        missing = [name for name in names if fold(name) not in tags]
        if missing and not options.create_missing:
            row.fail(
                self.env._(
                    "There is no tag %(tags)s. Correct it, create the tag, or choose to create"
                    " what is missing.",
                    tags=", ".join(missing),
                )
            )
        elif missing:
            row.extra["tags"] = names
        elif names:
            vals["tag_ids"] = [tags[fold(name)] for name in names]

    def _write_rows(self, rows, options):
        if options.create_missing:
            self._create_missing(rows)
        return super()._write_rows(rows, options)

    def _final_values(self, row):
        return {**row.vals, **row.extra.get("made", {})}

    def _create_missing(self, rows):
        """Create the buildings and tags that ``rows`` name, once each, and
        put them where ``_final_values`` finds them."""
        wanted = {}
        for row in rows:
            if "building" in row.extra:
                estate, code = row.extra["building"]
                name = row.values.get("building_name") or code
                wanted.setdefault((estate, code), name)
        existing = self._find_buildings(rows, {estate.code: estate for estate, _code in wanted})
        wanted = {key: name for key, name in wanted.items() if key not in existing}
        created = self.env["property.building"].create(
            [
                {"estate_id": estate.id, "code": code, "name": name}
                for (estate, code), name in wanted.items()
            ]
        )
        existing.update(zip(wanted, created, strict=True))
        tags = self._create_missing_tags(rows)
        for row in rows:
            made = {}
            if "building" in row.extra:
                made["building_id"] = existing[row.extra["building"]].id
            if "tags" in row.extra:
                made["tag_ids"] = [tags[fold(name)] for name in row.extra["tags"]]
            row.extra["made"] = made

    def _create_missing_tags(self, rows):
        tags = self._find_tags(rows)
        missing = {}
        for row in rows:
            for name in row.extra.get("tags", []):
                if fold(name) not in tags:
                    missing.setdefault(fold(name), name)
        created = self.env["property.unit.tag"].create(
            [{"name": name} for name in missing.values()]
        )
        tags.update(zip(missing, created.ids, strict=True))
        return tags
