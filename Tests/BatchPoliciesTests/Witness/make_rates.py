"""Rates with milestones and with a warm-up, epoch by epoch, against which the batch policies are tested.

    python make_rates.py           writes rates.json beside this file; milestones need torch

Milestones are PyTorch's own MultiStepLR. The warm-up is the one of NVlabs' adabatch_imagenet.py: after each of the
first warmup - 1 epochs the rate rises by (rate * batch / baseline - rate) / (warmup - 1); from there it is multiplied
by the decay every so many epochs. The batch is that of the whole update, and the quotient is not rounded.
"""

import json
from pathlib import Path

import torch

DATE = "2026-11-23"
MILESTONES = [  # epochs, milestones, decay
    (100, [20, 40, 60, 80], 0.75),
    (200, [60, 120, 160], 0.2),
    (5, [1, 2, 4], 0.1),
]
WARM_UPS = [  # epochs, warm-up, baseline, batch, rate, interval, decay
    (90, 5, 256, 131_072, 0.1, 30, 0.1),
    (100, 10, 128, 1024, 0.05, 20, 0.375),
    (6, 2, 256, 64, 0.1, 3, 0.5),
    (4, 4, 100, 150, 0.1, 4, 0.5),
]


def milestone_rates(epochs, milestones, decay):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones=milestones, gamma=decay)
    rates = []
    for _ in range(epochs):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


def warm_up_rates(epochs, warm_up, baseline, batch, rate, interval, decay):
    step = (rate * batch / baseline - rate) / (warm_up - 1)
    rates = []
    for epoch in range(epochs):
        rates.append(rate)
        if epoch + 1 < warm_up:
            rate += step
        if (epoch + 1) % interval == 0:
            rate *= decay
    return rates


if __name__ == "__main__":
    milestones = [
        {"epochs": epochs, "milestones": points, "decay": decay, "rate": milestone_rates(epochs, points, decay)}
        for epochs, points, decay in MILESTONES
    ]
    names = ("epochs", "warmUp", "baseline", "batch", "firstRate", "interval", "decay")
    warm_ups = [{**dict(zip(names, row)), "rate": warm_up_rates(*row)} for row in WARM_UPS]
    rates = {
        "madeBy": "Tests/BatchPoliciesTests/Witness/make_rates.py", "date": DATE, "torch": torch.__version__,
        "milestones": milestones, "warmUps": warm_ups}
    Path(__file__).with_name("rates.json").write_text(json.dumps(rates) + "\n")
