#!/usr/bin/env python3
"""Makes photographs/ and what Pillow and NumPy make of them, packed-16/ and packed-24/.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 pillow==13.0.0
    venv/bin/python Tests/ImageDataTests/Witness/make_photographs.py

Scaled and cropped as by torchvision's Resize(size) and CenterCrop(size), which are the two steps in packed().
"""

import json
import pathlib
import shutil

import numpy
from PIL import Image

HERE = pathlib.Path(__file__).parent


def picture(width, height, seed):
    """Soft colours and a hard edge."""
    numbers = numpy.random.default_rng(seed)
    small = Image.fromarray(numbers.integers(0, 256, (4, 5, 3), dtype=numpy.uint8))
    pixels = numpy.asarray(small.resize((width, height), Image.BICUBIC)).copy()
    pixels[height // 3 : height // 2, width // 4 :] = numbers.integers(0, 256, 3)
    return Image.fromarray(pixels)


def deep(image):
    """16 bits of grey, which Pillow saves but does not scale."""
    return Image.fromarray(numpy.asarray(image.convert("L")).astype(numpy.uint16) * 257)


PHOTOGRAPHS = {
    "train/bird/colour.jpg": (picture(47, 38, 1), {"quality": 90}),
    "train/bird/grey.jpg": (picture(24, 61, 2).convert("L"), {}),
    "train/bird/nested/progressive.JPEG": (picture(90, 33, 3), {"progressive": True}),
    "train/cat/inks.jpg": (picture(40, 41, 4).convert("CMYK"), {}),
    "train/cat/named-wrongly.jpg": (picture(30, 31, 5), {"format": "PNG"}),
    "train/cat/small.png": (picture(9, 13, 6), {}),
    "test/bird/palette.png": (picture(64, 35, 7).convert("P"), {}),
    "test/cat/deep.png": (deep(picture(31, 44, 8)), {}),
    "test/cat/transparent.png": (picture(36, 36, 9).convert("RGBA"), {}),
}


def loaded(path):
    image = Image.open(path)
    if image.mode.startswith("I"):
        image = Image.fromarray((numpy.asarray(image) >> 8).astype(numpy.uint8))
    return image.convert("RGB")


def packed(path, size):
    image = loaded(path)
    width, height = image.size
    shorter = min(width, height)
    image = image.resize((size * width // shorter, size * height // shorter), Image.BILINEAR)
    left, top = (round((side - size) / 2) for side in image.size)
    return numpy.asarray(image)[top : top + size, left : left + size].transpose(2, 0, 1)


shutil.rmtree(HERE / "photographs", ignore_errors=True)
for name, (image, options) in PHOTOGRAPHS.items():
    path = HERE / "photographs" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if name == "test/cat/transparent.png":
        image.putalpha(image.convert("L"))
    image.save(path, **options)
(HERE / "photographs/train/cat/notes.txt").write_text("no image\n")

for size in (16, 24):
    folder = HERE / f"packed-{size}"
    folder.mkdir(exist_ok=True)
    for kind in ("train", "test"):
        names = sorted(name for name in PHOTOGRAPHS if name.startswith(kind))
        images = [packed(HERE / "photographs" / name, size) for name in names]
        labels = [["bird", "cat"].index(name.split("/")[1]) for name in names]
        numpy.save(folder / f"{kind}-images.npy", numpy.ascontiguousarray(images))
        numpy.save(folder / f"{kind}-labels.npy", numpy.array(labels))
    (folder / "dataset.json").write_text(json.dumps({"classes": ["bird", "cat"]}) + "\n")
