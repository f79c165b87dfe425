from odoo import fields, models

ENCODINGS = [
    ("utf-8", "Unicode (UTF-8)"),
    ("gb18030", "Simplified Chinese (GB18030, GBK)"),
    ("utf-16", "Unicode (UTF-16)"),
    ("big5", "Traditional Chinese (Big5)"),
    ("cp1252", "Western European (Windows)"),
]

DELIMITERS = [
    ("comma", "Comma"),
    ("semicolon", "Semicolon"),
    ("tab", "Tab"),
    ("bar", "Vertical Bar"),
]

DELIMITER_CHARS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}

DATE_ORDERS = [
    ("day", "Day before Month (31/12/2024)"),
    ("month", "Month before Day (12/31/2024)"),
]

DECIMAL_MARKS = [
    ("point", "Point (1,234.56)"),
    ("comma", "Comma (1.234,56)"),
]

#: who imports. Files and their cells hold identity numbers and phones: who sees the books
#: of others' imports without importing, such as a controller, sees none of that
IMPORTERS = (
    "property_tenant.group_officer,property_tenant.group_archivist,"
    "property_tenant.group_collector,"
    "property_tenant.group_steward,property_tenant.group_engineer"
)


class PropertyImportOptions(models.AbstractModel):
    """How a file is to be read: what cannot be told from the file itself."""

    _name = "property.import.options"
    _description = "Import Options"

    encoding = fields.Selection(
        ENCODINGS, help="Characters of a csv file. Empty: found out from the file."
    )
    delimiter = fields.Selection(
        DELIMITERS,
        string="Separator",
        help="What stands between the cells of a csv file. Empty: found out from the file.",
    )
    header_row = fields.Integer(
        string="Heading in Row",
        help="Row with the names of the columns. 0: the first row that is not blank.",
    )
    date_order = fields.Selection(
        DATE_ORDERS,
        string="Order in Dates",
        required=True,
        default="day",
        help="How 01/03/2024 and 1.3.2024 are read. 2024-03-01, 2024/3/1, 20240301 and"
        " 2024年3月1日 are always understood.",
    )
    decimal_mark = fields.Selection(DECIMAL_MARKS, required=True, default="point")
    create_missing = fields.Boolean(
        string="Create What Is Missing",
        help="Buildings and tags that the rows name and that do not exist yet are created.",
    )
