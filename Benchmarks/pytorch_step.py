#!/usr/bin/env python3
"""Times training steps in PyTorch, the counterpart of `adabatch bench`; prints one line of JSON.

usage: pytorch_step.py NETWORK BATCH nchw|channels-last STEPS THREADS [f32|bf16]

bf16 is autocast around the forward pass, as PyTorch recommends it; weights and update stay f32.

A step is what the reference's script does with a batch that is there already: forward, mean
cross-entropy, backward, SGD with momentum 0.9 and weight decay 5e-4. The networks are those of
Tests/TrainingTests/Witness/networks.py, with ReLUs in place, as the reference has them.
"""

import json
import sys
import time
from functools import partial
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).parent.parent / "Tests/TrainingTests/Witness"))
import networks


def in_place(net):
    for module in net.modules():
        if isinstance(module, nn.ReLU):
            module.inplace = True
    networks.F.relu = partial(F.relu, inplace=True)


def peak_resident_bytes():
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return 1024 * int(line.split()[1])
    return 0


def main(name, batch, layout, steps, threads, precision="f32"):
    torch.manual_seed(1)
    torch.set_num_threads(threads)
    memory_format = torch.channels_last if layout == "channels-last" else torch.contiguous_format
    net = networks.network(name, 10).to(memory_format=memory_format)
    in_place(net)
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-4, momentum=0.9, weight_decay=5e-4)
    images = torch.randn(batch, 3, 32, 32).to(memory_format=memory_format)
    labels = torch.randint(0, 10, (batch,))
    times = {"forward": [], "backward": [], "update": [], "step": []}
    for index in range(3 + steps):
        start = time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
            loss = F.cross_entropy(net(images), labels)
        loss_value = loss.item()
        middle = time.perf_counter()
        optimizer.zero_grad()
        loss.backward()
        late = time.perf_counter()
        optimizer.step()
        end = time.perf_counter()
        if index >= 3:
            times["forward"].append(middle - start)
            times["backward"].append(late - middle)
            times["update"].append(end - late)
            times["step"].append(end - start)
    assert loss_value == loss_value, "the loss is not a number"
    print(json.dumps({
        "torch": torch.__version__, "peakResidentBytes": peak_resident_bytes(),
        **{part: sorted(values)[len(values) // 2] for part, values in times.items()}}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5]),
         *sys.argv[6:])
