"""Signatures of the demo: a few strokes, other ones for each number."""

import base64
import io
import math

from PIL import Image, ImageDraw


def draw(number):
    """A signature as PNG in base64."""
    image = Image.new("RGBA", (320, 120), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    points = [
        (
            20 + 2.6 * step,
            60
            + 26 * math.sin(step / (5 + number % 4) + number)
            + 14 * math.sin(step / (2 + number % 3)),
        )
        for step in range(105)
    ]
    pen.line(points, fill=(20, 30, 90, 255), width=3, joint="curve")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue())
