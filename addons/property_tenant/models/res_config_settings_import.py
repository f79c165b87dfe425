from odoo import fields, models

from .property_import import SETTINGS


def _figure(name, label, text):
    return fields.Integer(
        label,
        config_parameter=f"property_tenant.{name}",
        default=SETTINGS[name],
        help=text,
    )


class ResConfigSettings(models.TransientModel):
    """Limits of imports; the same for all companies, as they protect the server."""

    _inherit = "res.config.settings"

    pm_import_max_megabytes = _figure(
        "import_max_megabytes", "Largest File (MB)", "Larger files are refused."
    )
    pm_import_max_rows = _figure(
        "import_max_rows", "Most Rows of a File", "Files with more rows are refused."
    )
    pm_import_max_columns = _figure(
        "import_max_columns", "Most Columns of a File", "Files with more columns are refused."
    )
    pm_import_inline_rows = _figure(
        "import_inline_rows",
        "Rows Imported at Once",
        "Files with more rows are worked on in the background.",
    )
    pm_import_batch_rows = _figure(
        "import_batch_rows",
        "Rows per Batch",
        "How many rows the background work does in one go.",
    )
    pm_import_keep_days = _figure(
        "import_keep_days",
        "Days to Keep Files",
        "Then the file and the listed rows are forgotten, because they hold personal data.",
    )
