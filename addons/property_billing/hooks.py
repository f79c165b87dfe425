from odoo.tools.translate import TranslationImporter, get_po_paths


def post_init_hook(env):
    """Replace the words of account's translation that are wrong.

    What an addon says of another's words only fills gaps; ``i18n_extra`` holds words that are
    there, and cut off.
    """
    importer = TranslationImporter(env.cr, verbose=False)
    for language, _name in env["res.lang"].get_installed():
        for path in get_po_paths("property_billing", language):
            if "i18n_extra" in path:
                importer.load_file(path, language)
    importer.save(overwrite=True)
