"""Writes golden.npz beside itself: the numbers of two epochs as NumPy's own arrays in a zip.

    pip install numpy      # made with numpy 2.4.6, Python 3.11
    python make_numbers.py

The keys, their order, types and shapes are those of the reference scripts' files.
ReferenceNumbersTests.swift writes the same numbers and compares every byte. np.savez would do, but
for the 64-bit fields that it puts into every archive.
"""

import io
import zipfile
from pathlib import Path

import numpy as np

# Epochs of 4 and 5 s, of which 3 and 3.5 s are training, with 0.5 s of the second to go over.
numbers = {
    "loss": [1.7, 0.1 + 0.2],
    "acc": [45.5, 46.75],
    "epoch": 2,
    "FP_time": 1.0 + 1.25,
    "BP_time": 1.5 + 1.625,
    "train_time": 3.0 + 3.5 - 0.5,
    "test_time": 1.0 + 1.5,
    "batch_resize_time": 0.0 + 0.5,
    "running_time": 4.0 + 5.0,
    "best_acc": 46.75,
    "batch_size": [128, 256],
    "lr": [0.01, 0.0075],
}

path = Path(__file__).parent / "golden.npz"
with zipfile.ZipFile(path, "w") as archive:
    for key, value in numbers.items():
        array = io.BytesIO()
        np.lib.format.write_array(array, np.asarray(value), version=(1, 0), allow_pickle=False)
        member = zipfile.ZipInfo(key + ".npy")
        member.external_attr = 0o600 << 16
        archive.writestr(member, array.getvalue())

with np.load(path, allow_pickle=False) as loaded:
    for key in loaded.files:
        print(key, loaded[key].dtype, loaded[key].shape)
