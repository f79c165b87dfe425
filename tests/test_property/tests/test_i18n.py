"""Translations: complete, by the glossary, and made from the present sources."""

import io
import tempfile
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from unittest.mock import patch

import polib

from odoo.tests import BaseCase, TransactionCase, tagged
from odoo.tools.translate import trans_export

import odoo.addons

from .common import ADDONS, ROOT, SuiteMixin


def load_check():
    """The command i18n/check as a module."""
    loader = SourceFileLoader("property_i18n_check", str(ROOT / "i18n" / "check"))
    spec = spec_from_loader(loader.name, loader)
    module = module_from_spec(spec)
    with patch("sys.dont_write_bytecode", True):
        loader.exec_module(module)
    return module


check = load_check()


@tagged("post_install", "-at_install")
class TestTranslations(SuiteMixin, TransactionCase):
    maxDiff = None

    def test_every_addon_is_translated_by_the_glossary(self):
        self.assertEqual(list(check.complaints([ADDONS])), [])

    def test_templates_hold_what_the_sources_say(self):
        for addon in self.our_addons():
            with self.subTest(addon=addon):
                path = ADDONS / addon / "i18n" / f"{addon}.pot"
                written = set()
                if path.exists():
                    written = {entry.msgid for entry in polib.pofile(str(path))}
                self.assertEqual(
                    sorted(self.export(addon) ^ written),
                    [],
                    f"{path.name} is out of date. Write it anew with i18n/update DATABASE {addon}",
                )

    def export(self, addon):
        """msgids that Odoo finds in the addon now."""
        with io.BytesIO() as file, patch.object(odoo.addons, "__path__", [str(ADDONS)]):
            trans_export(None, [addon], file, "po", self.env)
            text = file.getvalue().decode()
        return {entry.msgid for entry in polib.pofile(text)}


class TestCheck(BaseCase):
    """The check finds what it is there for."""

    def complaints(self, *entries, template=None):
        with tempfile.TemporaryDirectory() as folder:
            addon = Path(folder, "property_example")
            (addon / "i18n").mkdir(parents=True)
            (addon / "__manifest__.py").write_text("{}")
            pot, po = polib.POFile(), polib.POFile()
            for msgid, msgstr, *flags in entries:
                po.append(polib.POEntry(msgid=msgid, msgstr=msgstr, flags=flags))
                pot.append(polib.POEntry(msgid=msgid))
            for msgid in template or ():
                pot.append(polib.POEntry(msgid=msgid))
            po.save(str(addon / "i18n" / "zh_CN.po"))
            pot.save(str(addon / "i18n" / "property_example.pot"))
            terms = [
                check.Term.make("Unit", "单元"),
                check.Term.make("Reminder", "催费通知书"),
                check.Term.make("Final Reminder", "最后催费通知书"),
                check.Term.make("Unit of Measure"),
            ]
            terms.sort(key=lambda term: -len(term.english))
            return [
                text.removeprefix("property_example: ")
                for text in check.complaints([Path(folder)], terms)
            ]

    def test_right_translations_pass(self):
        self.assertEqual(
            self.complaints(
                ("Unit", "单元"),
                ("unit", "单元"),
                ("The units of %(estate)s", "%(estate)s的单元"),
                ("Final Reminder", "最后催费通知书"),
                ("Unit of Measure", "计量单位"),
                ("United", "联合"),
            ),
            [],
        )

    def test_term_translated_otherwise_is_found(self):
        self.assertEqual(
            self.complaints(("Unit", "房间"), ("All Units", "所有房间"), ("Reminders", "提醒")),
            [
                "'Unit' is '单元' in the glossary, not '房间'",
                "'All Units' speaks of 'Unit', which is '单元' in the glossary,"
                " but not in '所有房间'",
                "'Reminders' speaks of 'Reminder', which is '催费通知书' in the glossary,"
                " but not in '提醒'",
            ],
        )

    def test_empty_fuzzy_missing_and_broken_placeholders_are_found(self):
        self.assertEqual(
            self.complaints(
                ("Floor", ""),
                ("Area", "面积", "fuzzy"),
                ("Until %(day)s", "到%(date)s"),
                template=["Later"],
            ),
            [
                "'Floor' is not translated",
                "'Area' is marked fuzzy",
                "'Until %(day)s' has other placeholders in its translation '到%(date)s'",
                "'Later' is missing in zh_CN.po",
            ],
        )
