"""Floating-point operations of every network, as PyTorch counts them, against which Networks is tested.

    python make_flops.py          writes flops.json beside this file

Needs torch (CPU); made with torch 2.13.0+cpu on 2026-11-23. The counter is torch.utils.flop_counter.FlopCounterMode,
which counts a multiplication and an addition as two, convolutions and matrix products only. "forward" is one image's
forward pass, "training" its forward and backward pass, for 10 classes; "layers" are forward, by module, for some.
"""

import json
import sys
from pathlib import Path

import torch
from torch.utils.flop_counter import FlopCounterMode

HERE = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE))
from make_shapes import DATE, NAMES, network, rows  # noqa: E402

LISTED = ["alexnet", "resnet20"]


def counted(net, training):
    images = torch.zeros(2, 3, 32, 32)
    with FlopCounterMode(display=False) as counter:
        losses = net(images)
        if training:
            losses.sum().backward()
    return counter


def totals(name):
    net = network(name, 10)
    forward, training = (counted(net, training).get_total_flops() // 2 for training in (False, True))
    return {"network": name, "forward": forward, "training": training}


def layers(name):
    net = network(name, 10)
    counts = counted(net, False).get_flop_counts()
    modules = {f"{type(net).__name__}.{key}": key for key, module in net.named_modules() if hasattr(module, "weight")}
    return {modules[key]: sum(count.values()) // 2 for key, count in counts.items() if key in modules}


if __name__ == "__main__":
    head = {"madeBy": "Tests/NetworksTests/Witness/make_flops.py", "torch": torch.__version__, "date": DATE}
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    lines.append(f'"networks": {rows(map(totals, NAMES))}')
    lines += [f'"layers": {json.dumps({name: layers(name) for name in LISTED})}']
    (HERE / "flops.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
