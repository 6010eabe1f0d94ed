"""GIFs by Pillow: makes animated ones, and composes every picture over black.

Reads {"path", "make"} on stdin; with make it first writes an animation of moving shapes that Pillow compresses itself.
Prints {"size": [columns, rows], "pictures": [hex of RGB by pixel], "ms": [...]}.
"""
import json
import sys

from PIL import Image, ImageDraw, ImageSequence

question = json.load(sys.stdin)
if question["make"]:
    pictures = []
    for number in range(9):
        picture = Image.new("RGB", (90, 70), (number * 20, 30, 60))
        draw = ImageDraw.Draw(picture)
        draw.ellipse((number * 8, 10, number * 8 + 20, 40), fill=(250, number * 25, 40))
        for line in range(0, 70, 3):
            draw.line((0, line, 89, (line * 7 + number * 5) % 70), fill=(line * 3, 255 - line, number * 9))
        pictures.append(picture.quantize(200))
    pictures[0].save(
        question["path"], save_all=True, append_images=pictures[1:], duration=[40 + 20 * n for n in range(9)], loop=0
    )
image = Image.open(question["path"])
answer = {"size": image.size, "pictures": [], "ms": []}
for frame in ImageSequence.Iterator(image):
    rgba = frame.convert("RGBA")
    answer["pictures"].append(Image.alpha_composite(Image.new("RGBA", rgba.size, (0, 0, 0, 255)), rgba).convert("RGB").tobytes().hex())
    answer["ms"].append(frame.info.get("duration", 0))
json.dump(answer, sys.stdout)
