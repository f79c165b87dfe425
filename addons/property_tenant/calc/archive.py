"""Files in a zip, with a sheet that says what each of them is.

Names of files are compared without folders' separators, upper case and width; names that a
Chinese program wrote without saying so are read as GB18030.
"""

import io
import unicodedata
import zipfile
from dataclasses import dataclass

#: what the sheet may be called, without ending; otherwise the only sheet at the top counts
INDEX_NAMES = ("index", "索引", "目录")
SHEETS = (".xlsx", ".csv", ".txt")
MEMBERS = 20_000
ENCRYPTED, UTF8 = 0x1, 0x800


class ArchiveError(Exception):
    """A zip that cannot be used. Codes: ``damaged``, ``locked``, ``too_large`` (limit),
    ``too_many`` (limit), ``no_index``, ``several_indexes``."""

    def __init__(self, code, **figures):
        super().__init__(code)
        self.code = code
        self.figures = figures


def tidy_name(name):
    """``name`` by which files are compared."""
    text = unicodedata.normalize("NFKC", str(name)).replace("\\", "/").casefold()
    return "/".join(part.strip() for part in text.split("/") if part.strip() not in ("", "."))


def _real_name(member):
    """The name as it was meant: without the flag for UTF-8, zip speaks of old DOS letters."""
    if member.flag_bits & UTF8:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


@dataclass
class Archive:
    """``names``: {tidy name: member}; ``index``: member of the sheet."""

    file: zipfile.ZipFile
    names: dict
    index: zipfile.ZipInfo

    def find(self, name):
        """Member called ``name``: with its folder, or without where that is unambiguous."""
        wanted = tidy_name(name)
        if wanted in self.names:
            return self.names[wanted]
        found = [member for key, member in self.names.items() if key.endswith(f"/{wanted}")]
        return found[0] if len(found) == 1 else None

    def content(self, member):
        return self.file.read(member)


def is_archive_of_files(data):
    """Whether ``data`` is a zip, but no workbook (which is a zip, too)."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "[Content_Types].xml" not in archive.namelist()
    except zipfile.BadZipFile:
        return True


def open_archive(data, max_unpacked):
    """The archive in ``data``; at most ``max_unpacked`` bytes when unpacked.

    :raise ArchiveError: see there
    """
    try:
        file = zipfile.ZipFile(io.BytesIO(data))
        members = [member for member in file.infolist() if not member.is_dir()]
    except Exception as error:
        # the bytes are a stranger's: zipfile raises a dozen kinds of error over them
        raise ArchiveError("damaged") from error
    if len(members) > MEMBERS:
        raise ArchiveError("too_many", limit=MEMBERS)
    if sum(member.file_size for member in members) > max_unpacked:
        raise ArchiveError("too_large", limit=max_unpacked)
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise ArchiveError("locked")
    names = {tidy_name(_real_name(member)): member for member in members}
    # what macOS adds is no file of anybody's
    names = {name: member for name, member in names.items() if not name.startswith("__macosx/")}
    return Archive(file, names, _find_index(names))


def _find_index(names):
    sheets = {name: member for name, member in names.items() if name.endswith(SHEETS)}
    stems = {name: name.rpartition("/")[2].rpartition(".")[0] for name in sheets}
    called = [sheets[name] for name, stem in stems.items() if stem in INDEX_NAMES]
    if len(called) == 1:
        return called[0]
    top = [member for name, member in sheets.items() if "/" not in name]
    if len(called) > 1 or len(top) > 1:
        raise ArchiveError("several_indexes")
    if not top:
        raise ArchiveError("no_index")
    return top[0]
