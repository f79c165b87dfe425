"""The mark of the demo's company: two houses above the water."""

import io
from base64 import b64encode

from PIL import Image, ImageDraw

SIZE = (360, 360)
BLUE, TEAL, GREY = "#1f4e79", "#2a9d8f", "#d9e2ec"


def draw():
    """The picture as Odoo keeps it, PNG in base64."""
    picture = Image.new("RGBA", SIZE, (255, 255, 255, 0))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((60, 30, 180, 260), fill=BLUE)
    pen.polygon([(180, 110), (300, 150), (300, 260), (180, 260)], fill=TEAL)
    for top in range(55, 240, 42):
        for left in (82, 132):
            pen.rectangle((left, top, left + 26, top + 22), fill=GREY)
    for top in range(175, 240, 42):
        for left in (206, 252):
            pen.rectangle((left, top, left + 24, top + 20), fill=GREY)
    for number, colour in enumerate((BLUE, TEAL)):
        top = 274 + 32 * number
        for left in range(30, 330, 60):
            pen.arc((left, top, left + 60, top + 36), 0, 180, fill=colour, width=9)
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return b64encode(stream.getvalue())
