"""Putting a dossier together from files: images become pages, pages get numbers."""

import io
import re

from PIL import Image, ImageOps
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

MIMETYPES_AS_PAGES = ("application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp")

#: A4 in points
A4 = (595.28, 841.89)
MARGIN = 28
#: an image of more pixels is made smaller: a phone's photo need not be printed on a wall
MOST_PIXELS = 2400


def safe_name(text):
    """``text`` as the name of a file on every system; never empty."""
    cleaned = re.sub(r'[\\/:*?"<>|\x00-\x1f]+', "_", text or "").strip(" .")
    return cleaned[:120] or "dossier"


def image_page(content):
    """A PDF of one A4 page that shows the image ``content``, upright."""
    with Image.open(io.BytesIO(content)) as image:
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((MOST_PIXELS, MOST_PIXELS))
        if upright.mode not in ("RGB", "L"):
            backdrop = Image.new("RGB", upright.size, "white")
            rgba = upright.convert("RGBA")
            backdrop.paste(rgba, mask=rgba.split()[-1])
            upright = backdrop
    page = A4 if upright.height >= upright.width else A4[::-1]
    scale = min(
        (page[0] - 2 * MARGIN) / upright.width, (page[1] - 2 * MARGIN) / upright.height, 1.0
    )
    width, height = upright.width * scale, upright.height * scale
    jpeg = io.BytesIO()
    upright.save(jpeg, "JPEG", quality=85)
    jpeg.seek(0)
    output = io.BytesIO()
    sheet = canvas.Canvas(output, pagesize=page)
    sheet.drawImage(ImageReader(jpeg), (page[0] - width) / 2, (page[1] - height) / 2, width, height)
    sheet.save()
    return output.getvalue()


def number_sheet(width, height, turned, text, left=0.0, bottom=0.0):
    """A PDF to lay over a page: ``text`` at the foot of the page as it is seen.

    :param left, bottom: where the page begins, which is nearly always at 0
    :param turned: by how many degrees the page is shown turned, clockwise
    """
    output = io.BytesIO()
    sheet = canvas.Canvas(output, pagesize=(left + width, bottom + height))
    # where the foot of the page is, when it is shown turned
    places = {
        0: (width / 2, 14, 0),
        90: (width - 14, height / 2, 90),
        180: (width / 2, height - 14, 180),
        270: (14, height / 2, 270),
    }
    x, y, angle = places.get(turned % 360, places[0])
    sheet.translate(left + x, bottom + y)
    sheet.rotate(angle)
    sheet.setFont("Helvetica", 9)
    sheet.setFillGray(0.35)
    sheet.drawCentredString(0, 0, text)
    sheet.save()
    return output.getvalue()


def plain_cell(value):
    """``value`` for a spreadsheet: nobody's text becomes a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@") else value
