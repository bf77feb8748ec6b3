"""Names, shapes and initial distributions of every network's tensors, against which Networks is tested.

    python make_shapes.py          writes shapes.json beside this file

Needs torch (CPU) and numpy; made with torch 2.13.0+cpu on 2026-11-23. The networks are those of
../../TrainingTests/Witness/make_numbers.py, so names, order and shapes are what torch.nn makes of them.

"networks" has totals for 10 and 100 classes; "tensors" lists some networks in full, for 10 classes (100 classes
differ in the last weight and bias only). A parameter's initial distribution is one of
    "normal": deviation        mean zero
    "uniform": bound           in [-bound, bound]
    "constant": value
by these formulas (k kernel, fanIn = in * k * k or inputs):
    AlexNet                            uniform sqrt(1 / fanIn), weights and biases: torch's own default
    ResNet, VGG convolution weights    normal sqrt(2 / (k * k * out));  biases constant 0
    batch norm                         weight constant 1, bias constant 0
    ResNet dense                       uniform sqrt(1 / fanIn), weight and bias: torch's own default
    VGG dense                          weight normal 0.01, bias constant 0
"""

import json
import math
import sys
from pathlib import Path

import torch
from torch import nn

HERE = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parents[1] / "TrainingTests" / "Witness"))
from make_numbers import DATE, check_parameter_counts, network, parameter_count  # noqa: E402

VGGS = [f"vgg{depth}{suffix}" for depth in (11, 13, 16, 19) for suffix in ("", "_bn")]
NAMES = ["alexnet", *VGGS, "resnet20", "resnet32", "resnet44", "resnet56", "resnet110"]
LISTED = ["alexnet", "vgg11", "vgg11_bn", "vgg19_bn", "resnet20", "resnet44"]


def start(name, module, kind):
    if isinstance(module, nn.BatchNorm2d):
        return {"constant": 1 if kind == "weight" else 0}
    dense = isinstance(module, nn.Linear)
    if name == "alexnet" or name.startswith("resnet") and dense:
        return {"uniform": math.sqrt(1 / module.weight[0].numel())}
    if kind == "bias":
        return {"constant": 0}
    return {"normal": 0.01 if dense else math.sqrt(2 / (module.weight[0, 0].numel() * module.out_channels))}


def check_torch_default(module, parameter, bound):
    """What torch itself drew lies within the bound, and large tensors come close to it."""
    largest = parameter.abs().max().item()
    assert largest <= bound * (1 + 1e-6) and (parameter.numel() < 500 or largest > 0.98 * bound), module


def parameters(name, net):
    for key, parameter in net.named_parameters():
        owner, _, kind = key.rpartition(".")
        module = net.get_submodule(owner)
        distribution = start(name, module, kind)
        if "uniform" in distribution:
            check_torch_default(module, parameter, distribution["uniform"])
        yield {"name": key, "shape": list(parameter.shape), **distribution}


def totals(name):
    net = network(name, 10)
    return {
        "network": name, "parameters10": parameter_count(net), "parameters100": parameter_count(network(name, 100)),
        "parameterTensors": len(list(net.parameters())), "bufferTensors": len(list(net.buffers())),
        "bufferElements": sum(b.numel() for b in net.buffers())}


def rows(items):
    return "[\n" + ",\n".join("  " + json.dumps(item) for item in items) + "]"


def listing(name):
    net = network(name, 10)
    buffers = ({"name": key, "shape": list(buffer.shape)} for key, buffer in net.named_buffers())
    return f'{json.dumps(name)}: {{\n "parameters": {rows(parameters(name, net))},\n "buffers": {rows(buffers)}}}'


if __name__ == "__main__":
    torch.manual_seed(0)
    check_parameter_counts()
    head = {"madeBy": "Tests/NetworksTests/Witness/make_shapes.py", "torch": torch.__version__, "date": DATE}
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    lines.append(f'"networks": {rows(map(totals, NAMES))}')
    lines.append('"tensors": {\n' + ",\n".join(map(listing, LISTED)) + "}")
    (HERE / "shapes.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
