"""Weights that PyTorch wrote, and what PyTorch makes of them on images, against which evaluation is tested.

    python make_evaluation.py        writes evaluation.safetensors and evaluation.json beside this file

Needs torch (CPU), numpy and safetensors; made with torch 2.13.0+cpu, numpy 2.4.6, safetensors 0.8.0 on 2026-11-23.

200 images of [3, 32, 32] bytes: image n has label (3n + 1) % 10, and its byte i, row-major over all images, is
floor(64 * (value(3000, i) + 1)), value being the formula of make_numbers.py, plus 12 * label in channel label % 3.
They are normalised as torchvision does, with the constants below. The network is trained on them for a few updates,
so that weights, running statistics and num_batches_tracked are what a training leaves behind. Then, in evaluation
mode and in float64 with those float32 weights: mean cross-entropy, top-1 and top-5 hits, top-1 hits of each class.

"margin" is the smallest difference between two logits of an image of which one is its label's: float32 cannot change
a rank while its error is far below.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

HERE = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE))
from make_numbers import DATE, values  # noqa: E402

IMAGES, CLASSES = 200, 10
MEAN, DEVIATION = (0.4914, 0.4822, 0.4465), (0.2023, 0.1994, 0.2010)


def images():
    labels = (3 * np.arange(IMAGES) + 1) % CLASSES
    pixels = np.floor(64 * (values(3000, IMAGES * 3072) + 1)).reshape(IMAGES, 3, 32, 32)
    for pixel, label in zip(pixels, labels):
        pixel[label % 3] += 12 * label
    assert pixels.max() <= 255
    scaled = torch.from_numpy(pixels).float().div(255)
    mean, deviation = (torch.tensor(numbers).view(1, 3, 1, 1) for numbers in (MEAN, DEVIATION))
    return (scaled - mean) / deviation, torch.from_numpy(labels)


def network():
    return nn.Sequential(
        nn.Conv2d(3, 8, 5, stride=2, padding=2, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
        nn.Linear(16, CLASSES))


if __name__ == "__main__":
    torch.manual_seed(1)
    torch.set_num_threads(1)
    inputs, labels = images()
    net = network()
    optimizer = torch.optim.SGD(net.parameters(), 0.1, 0.9)
    for update in range(12):
        batch = slice(50 * (update % 4), 50 * (update % 4 + 1))
        optimizer.zero_grad()
        F.cross_entropy(net(inputs[batch]), labels[batch]).backward()
        optimizer.step()
    save_file(net.state_dict(), HERE / "evaluation.safetensors")
    with torch.no_grad():
        logits = net.double().eval()(inputs.double())
    ranks = logits.argsort(1, descending=True).argsort(1).gather(1, labels[:, None])[:, 0]
    others = logits.scatter(1, labels[:, None], float("inf"))
    margin = (others - logits.gather(1, labels[:, None])).abs().min().item()
    assert margin > 1e-4, margin
    hits = [int(((ranks == 0) & (labels == label)).sum()) for label in range(CLASSES)]
    assert 0.2 < sum(hits) / IMAGES < 0.9, hits
    (HERE / "evaluation.json").write_text(json.dumps({
        "madeBy": "Tests/TrainingTests/Witness/make_evaluation.py", "torch": torch.__version__, "date": DATE,
        "images": IMAGES, "meanLoss": F.cross_entropy(logits, labels).item(), "topOne": sum(hits),
        "topFive": int((ranks < 5).sum()), "topOneOfEachClass": hits, "margin": margin}, indent=1) + "\n")
