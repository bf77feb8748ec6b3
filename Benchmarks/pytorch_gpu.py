#!/usr/bin/env python3
"""Times updates in PyTorch on a GPU, the counterpart of `adabatch bench --device cuda`.

usage: pytorch_gpu.py NETWORK BATCH STEPS eager|compiled

eager is what the reference's script does with a batch that is on the device already: f32 (with TF32
in convolutions, PyTorch's default), NCHW, forward, mean cross-entropy, backward, SGD with momentum
0.9 and weight decay 5e-4, and the loss read on the host for its averages. compiled is the best
configuration that we know: torch.compile with CUDA graphs, bf16 by autocast, channels last, a fused
optimizer, the loss kept on the device. Prints a line of JSON: milliseconds of an update, the
median of five rounds. Images are neither chosen nor augmented, which ours are.
"""

import json
import sys
import time
from pathlib import Path

import torch
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).parent.parent / "Tests/TrainingTests/Witness"))
import networks
from pytorch_step import in_place


def prepare(name, batch, mode):
    torch.manual_seed(1)
    torch.backends.cudnn.benchmark = True
    fast = mode == "compiled"
    layout = torch.channels_last if fast else torch.contiguous_format
    net = networks.network(name, 10).cuda().to(memory_format=layout)
    if not fast:  # what it does to functions of PyTorch's keeps them from being compiled
        in_place(net)
    optimizer = torch.optim.SGD(
        net.parameters(), lr=1e-4, momentum=0.9, weight_decay=5e-4, fused=fast or None)
    images = torch.randn(batch, 3, 32, 32, device="cuda").to(memory_format=layout)
    labels = torch.randint(0, 10, (batch,), device="cuda")

    def passes(images, labels):
        with torch.autocast("cuda", torch.bfloat16, enabled=fast):
            return F.cross_entropy(net(images), labels)

    forward = torch.compile(passes, mode="reduce-overhead") if fast else passes

    def update():
        loss = forward(images, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.detach() if fast else loss.item()

    return update


def main(name, batch, steps, mode):
    update = prepare(name, batch, mode)
    start = time.perf_counter()
    for _ in range(10):
        update()
    torch.cuda.synchronize()
    first = time.perf_counter() - start
    rounds = []
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(steps):
            update()
        torch.cuda.synchronize()
        rounds.append((time.perf_counter() - start) / steps)
    print(json.dumps({
        "torch": torch.__version__, "device": torch.cuda.get_device_name(), "network": name,
        "batch": batch, "mode": mode, "milliseconds": 1000 * sorted(rounds)[2],
        "warmUpSeconds": first}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
