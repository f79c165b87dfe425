from odoo import fields, models

#: limits of imports and their defaults; each is a field of the company, pm_<name>
IMPORT_LIMITS = {
    "import_max_megabytes": 32,
    "import_max_rows": 500_000,
    "import_max_columns": 200,
    "import_inline_rows": 1_000,
    "import_batch_rows": 500,
    "import_keep_days": 90,
}


def _limit(name, label, text):
    return fields.Integer(label, default=IMPORT_LIMITS[name], required=True, help=text)


class ResCompany(models.Model):
    """Limits of imports."""

    _inherit = "res.company"

    pm_import_max_megabytes = _limit(
        "import_max_megabytes", "Largest File (MB)", "Larger files are refused."
    )
    pm_import_max_rows = _limit(
        "import_max_rows", "Most Rows of a File", "Files with more rows are refused."
    )
    pm_import_max_columns = _limit(
        "import_max_columns", "Most Columns of a File", "Files with more columns are refused."
    )
    pm_import_inline_rows = _limit(
        "import_inline_rows",
        "Rows Imported at Once",
        "Files with more rows are worked on in the background.",
    )
    pm_import_batch_rows = _limit(
        "import_batch_rows",
        "Rows per Batch",
        "How many rows the background work does in one go.",
    )
    pm_import_keep_days = _limit(
        "import_keep_days",
        "Days to Keep Files",
        "Then the file and the listed rows are forgotten, because they hold personal data.",
    )

    _pm_import_limits_positive = models.Constraint(
        "CHECK (LEAST(pm_import_max_megabytes, pm_import_max_rows, pm_import_max_columns,"
        " pm_import_inline_rows, pm_import_batch_rows, pm_import_keep_days) > 0)",
        "Each limit of imports must be at least 1.",
    )
