"""Numbers of whole networks from PyTorch, against which the Swift trainer is tested.

    python make_numbers.py [NAME ...]            writes NAME.json beside this file; all networks by default
    python make_numbers.py --search COUNT NAME   looks for images far from every kink; see "Kinks"

Needs torch (CPU) and numpy; made with torch 2.13.0+cpu, numpy 2.4.6 on 2026-11-23, in about a minute.
No weights are stored: start values and images are formulas, repeated bit for bit in Swift.

The formula.  value(t, i), t a tensor's number, i an element's row-major index, is in [-1, 1):
    z = (UInt64(t) << 32) + i + 0x9E3779B97F4A7C15                          all modulo 2^64
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;  z ^= z >> 31
    value = 2 * (Double(z >> 11) * 2^-53) - 1
Start values, in Double without fused multiply-add, rounded once: Double(Float(offset + scale * value(t, i))),
where t is the position among named_parameters() (0, 1, ...) and
    convolution weight          offset 0, scale sqrt(4.5 / fanIn)         fanIn = in * k * k
    dense weight                offset 0, scale sqrt(3.0 / fanIn)         fanIn = inputs
    convolution, dense bias     offset 0, scale 0.1
    batch norm weight           offset 0.2, scale 0.05
    batch norm bias             offset value < 0 ? -0.5 : 0.5, scale 0.1
    running mean, variance      0, 1
Images of step s: Double(Float(value(imageTensor, i + s * 12288))), i over [4, 3, 32, 32]; labels:
(3n + 7s + 1) % 10.

The run.  Three updates in training mode, each from one batch of four images: mean cross-entropy;
g <- g + wd * w (every parameter); buffer <- mu * buffer + g (first: g); w <- w - rate * buffer. In float64, one
thread. Then the images of step 0 in evaluation mode. A tensor is recorded as its digest: sum, l2 norm, dot
products with value(2000 + k, i) for k = 0, 1, 2, and the elements [j * count / 6] for j = 0 ..< 6.
Sums and dot products cancel: compare them relative to l2 (times sqrt(count)), never to themselves.

Every gradient matters.  changeNormWithoutGradient is how far a tensor ends from where it would end if its own
gradient were zero in all three updates. The script prints it over l2 and demands 1e-5, except where
exactlyZeroGradient says that the true gradient is zero (a bias in front of batch norm).

float64Sensitivity is the same run from start weights that are all moved by one unit in the last place: what any
other correct float64 program may differ by. float32 is the same run in float32, several ways; distances:
    parameters  |w32 - w64| / |w64 - w0|, all parameters concatenated
    statistics  |s32 - s64| / |s64|, all running means and variances concatenated
    losses      |l32 - l64| / |l64|, the 3 * 4 losses per image
    logits      |y32 - y64| / |y64|, evaluation mode
    flips       ReLU inputs of other sign, and pooling windows with another winner, than in float64

Kinks.  A ReLU input that float32 rounds to the other side of zero changes the gradient by far more than rounding
does, and the next updates multiply it: then float32 measures luck. Hence batch norm's bias, which keeps most
inputs away from zero (both signs still occur in every layer), and hence imageTensor, the best by --search of 200
(alexnet 100, resnet-bottleneck 400, resnet44 20) for kinkMargin: the smallest distance of a ReLU input from zero,
or of a pooling window's winner from its second, over the largest float32 error (rms over the layer) of the runs
with one thread. resnet44 has too many ReLUs for any margin: compare it in float64 only, and bottlenecks in float32
by resnet-bottleneck (one block per stage, so every shortcut there is a convolution).
"""

import json
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

from networks import network

DATE = "2026-11-23"
STEPS, IMAGES, CLASSES = 3, 4, 10
RATE, MOMENTUM, WEIGHT_DECAY = 0.02, 0.9, 5e-4
SMALLEST_CHANGE = 1e-5
IMAGE_TENSORS = {
    "alexnet": 1093, "resnet20": 1064, "resnet44": 1014, "resnet-bottleneck": 1132, "vgg19_bn": 1128, "vgg11": 1040}

# ---- networks ----------------------------------------------------------------------------------------------------


def parameter_count(net):
    return sum(p.numel() for p in net.parameters())


def check_parameter_counts():
    known = {"alexnet": (2_472_266, 2_495_396), "vgg19_bn": (20_040_522, 20_086_692), "resnet20": (272_474, 278_324)}
    for name, counts in known.items():
        assert tuple(parameter_count(network(name, classes)) for classes in (10, 100)) == counts, name


# ---- formulas ----------------------------------------------------------------------------------------------------


def values(t, count, start=0):
    """value(t, start ..< start + count) as float64; see the head of this file."""
    z = np.arange(start, start + count, dtype=np.uint64) + np.uint64((t << 32) + 0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return 2.0 * ((z >> np.uint64(11)).astype(np.float64) * 2.0**-53) - 1.0


def through_float(array):
    return torch.from_numpy(array.astype(np.float32).astype(np.float64))


def start_value(module, kind, value):
    if isinstance(module, nn.BatchNorm2d):
        return 0.2 + 0.05 * value if kind == "weight" else np.where(value < 0, -0.5, 0.5) + 0.1 * value
    if kind == "bias":
        return 0.1 * value
    gain = 4.5 if isinstance(module, nn.Conv2d) else 3.0
    return math.sqrt(gain / module.weight[0].numel()) * value


def start_weights(net):
    result = {}
    for t, (name, parameter) in enumerate(net.named_parameters()):
        owner, _, kind = name.rpartition(".")
        start = start_value(net.get_submodule(owner), kind, values(t, parameter.numel()))
        result[name] = through_float(start).reshape(parameter.shape)
    return result


def images(tensor, step):
    count = IMAGES * 3 * 32 * 32
    return through_float(values(tensor, count, start=step * count)).reshape(IMAGES, 3, 32, 32)


def labels(step):
    return torch.tensor([(3 * n + 7 * step + 1) % CLASSES for n in range(IMAGES)])


# ---- kinks -------------------------------------------------------------------------------------------------------


class Kinks(TorchFunctionMode):
    """Collects what every ReLU sees, and every pooling window's four values, in the order of execution."""

    def __init__(self):
        super().__init__()
        self.inputs = []

    def __torch_function__(self, function, types, args=(), kwargs=None):
        name = getattr(function, "__name__", "")
        if name == "relu":
            self.inputs.append(args[0].detach().double())
        elif name == "max_pool2d":
            windows = args[0].detach().double().unfold(2, 2, 2).unfold(3, 2, 2)
            self.inputs.append(windows.flatten(-2))
        return function(*args, **(kwargs or {}))


def kink_distance(x):
    """How far each ReLU input, or each pooling window that is not all zero, is from changing sides."""
    if x.dim() == 4:
        return x.abs()
    best = x.topk(2).values
    return (best[..., 0] - best[..., 1])[best[..., 0] > 0]


def flips(exact, run):
    def side(x):
        return x > 0 if x.dim() == 4 else x.argmax(-1)
    return sum((side(a) != side(b)).sum().item() for a, b in zip(exact, run))


def float32_errors(exact, runs):
    """Per layer, the largest float32 error of ReLU or pooling input, rms over the layer."""
    return [max((run["kinks"][layer] - x).square().mean().sqrt().item() for run in runs)
            for layer, x in enumerate(exact["kinks"])]


def kink_margin(exact, errors):
    """Smallest distance from a kink, in units of the layer's float32 error."""
    return min(kink_distance(x).min().item() / error for x, error in zip(exact["kinks"], errors))


# ---- the run -----------------------------------------------------------------------------------------------------


def train(name, weights, dtype, layout=torch.contiguous_format, image_tensor=None):
    """Three updates from `weights`; everything that is recorded, as float64."""
    image_tensor = image_tensor or IMAGE_TENSORS[name]
    net = network(name, CLASSES).to(dtype).to(memory_format=layout)
    with torch.no_grad():
        for key, parameter in net.named_parameters():
            parameter.copy_(weights[key])
    optimizer = torch.optim.SGD(net.parameters(), lr=RATE, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY)
    losses, gradient_norms, seconds = [], [], []
    with Kinks() as kinks:
        for step in range(STEPS):
            began = time.perf_counter()
            optimizer.zero_grad()
            logits = net(images(image_tensor, step).to(dtype).to(memory_format=layout))
            per_image = F.cross_entropy(logits, labels(step), reduction="none")
            per_image.mean().backward()
            gradient_norms.append({key: p.grad.double().norm().item() for key, p in net.named_parameters()})
            optimizer.step()
            losses.append(per_image.detach().double())
            seconds.append(time.perf_counter() - began)
    net.eval()
    with torch.no_grad():
        logits = net(images(image_tensor, 0).to(dtype).to(memory_format=layout)).double()
    return {
        "net": net, "losses": torch.stack(losses), "gradientNorms": gradient_norms, "logits": logits,
        "parameters": {key: p.detach().double() for key, p in net.named_parameters()},
        "momentum": {key: optimizer.state[p]["momentum_buffer"].double() for key, p in net.named_parameters()},
        "statistics": {key: b.double() for key, b in net.named_buffers() if "running" in key},
        "tracked": {key: b.item() for key, b in net.named_buffers() if "tracked" in key},
        "kinks": kinks.inputs, "seconds": min(seconds)}


def without_gradient(weight):
    """Where weight decay and momentum alone take a tensor in three updates."""
    weight, buffer = weight.clone(), None
    for _ in range(STEPS):
        decay = WEIGHT_DECAY * weight
        buffer = decay if buffer is None else MOMENTUM * buffer + decay
        weight -= RATE * buffer
    return weight


def distance(a, b, scale):
    """|a - b| / |scale| over all tensors of three dictionaries or three tensors."""
    def squared(tensors):
        return sum(t.square().sum().item() for t in tensors)
    if isinstance(a, torch.Tensor):
        a, b, scale = {"": a}, {"": b}, {"": scale}
    return math.sqrt(squared(a[key] - b[key] for key in a) / squared(scale.values()))


def distances(run, exact, weights):
    change = {key: exact["parameters"][key] - weights[key] for key in weights}
    result = {"parameters": distance(run["parameters"], exact["parameters"], change)}
    if exact["statistics"]:
        result["statistics"] = distance(run["statistics"], exact["statistics"], exact["statistics"])
    for key in ("losses", "logits"):
        result[key] = distance(run[key], exact[key], exact[key])
    return result | {"flips": flips(exact["kinks"], run["kinks"])}


def float32_runs(name, weights):
    """The float32 runs with one thread; `default` is the one to be measured against."""
    runs = {"default": train(name, weights, torch.float32),
            "channelsLast": train(name, weights, torch.float32, torch.channels_last)}
    with torch.backends.mkldnn.flags(enabled=False):
        runs["withoutOneDNN"] = train(name, weights, torch.float32)
    return runs


def float32_distances(name, exact, weights):
    """The distances of all float32 runs, and the margin to the nearest kink."""
    runs = float32_runs(name, weights)
    margin = kink_margin(exact, float32_errors(exact, runs.values()))
    torch.set_num_threads(2)
    runs["twoThreads"] = train(name, weights, torch.float32)
    torch.set_num_threads(1)
    return {key: distances(run, exact, weights) for key, run in runs.items()}, margin


def float64_sensitivity(name, exact, weights):
    moved = {key: torch.nextafter(w, torch.full_like(w, math.inf)) for key, w in weights.items()}
    return distances(train(name, moved, torch.float64), exact, weights)


def search(name, count):
    """Prints the image tensors 1000 ..< 1000 + count, the one with the largest kink margin last."""
    weights = start_weights(network(name, CLASSES))
    errors = float32_errors(train(name, weights, torch.float64), float32_runs(name, weights).values())
    found = []
    for image_tensor in range(1000, 1000 + count):
        exact = train(name, weights, torch.float64, image_tensor=image_tensor)
        found.append((kink_margin(exact, errors), image_tensor))
    for margin, image_tensor in sorted(found):
        print(f"{name} imageTensor {image_tensor} kinkMargin {margin:.2f}")


# ---- the record --------------------------------------------------------------------------------------------------


def element_indices(count):
    return [j * count // 6 for j in range(6)]


def digest(tensor):
    flat = tensor.contiguous().numpy().ravel()
    return {
        "sum": float(flat.sum()), "l2": float(np.sqrt((flat * flat).sum())),
        "dots": [float((flat * values(2000 + k, flat.size)).sum()) for k in range(3)],
        "elements": [float(flat[i]) for i in element_indices(flat.size)]}


def whole_or_digest(tensor):
    return {"values": tensor.tolist()} if tensor.numel() <= 16 else digest(tensor)


def zero_gradient_names(net):
    """Biases of convolutions that stand directly in front of batch norm."""
    modules = list(net.named_modules())
    return {f"{name}.bias" for (name, a), (_, b) in zip(modules, modules[1:])
            if isinstance(a, nn.Conv2d) and a.bias is not None and isinstance(b, nn.BatchNorm2d)}


def parameter_record(name, exact, weights, zero_names):
    end, start = exact["parameters"][name], weights[name]
    return {
        "name": name, "shape": list(end.shape), "count": end.numel(),
        "startSum": float(start.numpy().sum()), "startL2": start.norm().item(),
        "indices": element_indices(end.numel()), **digest(end),
        "gradientNorm": [norms[name] for norms in exact["gradientNorms"]],
        "changeNorm": (end - start).norm().item(),
        "changeNormWithoutGradient": (end - without_gradient(start)).norm().item(),
        "exactlyZeroGradient": name in zero_names}


def multiply_adds(net):
    """Multiply-adds of convolutions and dense layers, per image, forward, of a float64 network."""
    total = 0

    def count(module, _, output):
        nonlocal total
        total += output[0].numel() * module.weight[0].numel()
    hooks = [m.register_forward_hook(count) for m in net.modules() if isinstance(m, (nn.Conv2d, nn.Linear))]
    with torch.no_grad():
        net(images(1000, 0)[:1])
    for hook in hooks:
        hook.remove()
    return total


def record(name):
    weights = start_weights(network(name, CLASSES))
    exact = train(name, weights, torch.float64)
    zero_names = zero_gradient_names(exact["net"])
    float32, margin = float32_distances(name, exact, weights)
    print(f"{name}: {exact['seconds']:.2f} s per float64 update, losses {exact['losses'].mean(1).tolist()}")
    return {
        "madeBy": "Tests/TrainingTests/Witness/make_numbers.py", "torch": torch.__version__, "date": DATE,
        "network": name, "classes": CLASSES, "imageShape": [IMAGES, 3, 32, 32],
        "imageTensor": IMAGE_TENSORS[name], "steps": STEPS,
        "learningRate": RATE, "momentum": MOMENTUM, "weightDecay": WEIGHT_DECAY,
        "batchNormMomentum": 0.1, "batchNormEpsilon": 1e-5,
        "parameterCount": parameter_count(exact["net"]), "multiplyAddsPerImage": multiply_adds(exact["net"]),
        "formula": [{"t": t, "i": i, "value": float(values(t, 1, i)[0])} for t, i in ((0, 0), (7, 123), (1000, 36863))],
        "losses": [{"labels": labels(step).tolist(), "mean": losses.mean().item(), "perImage": losses.tolist()}
                   for step, losses in enumerate(exact["losses"])],
        "evaluationLogits": exact["logits"].tolist(),
        "parameters": [parameter_record(key, exact, weights, zero_names) for key in weights],
        "momentumBuffers": [{"name": key, **digest(b)} for key, b in exact["momentum"].items()],
        "runningStatistics": [{"name": key, "count": b.numel(), **whole_or_digest(b)}
                              for key, b in exact["statistics"].items()],
        "numBatchesTracked": exact["tracked"],
        "float64Sensitivity": float64_sensitivity(name, exact, weights),
        "float32": float32, "kinkMargin": margin}


def check_every_gradient_matters(witness):
    print(f"{'tensor':40}{'gradient norms':>33}{'change/l2':>12}{'without g/l2':>14}")
    for p in witness["parameters"]:
        norms = "".join(f"{n:11.2e}" for n in p["gradientNorm"])
        change, without = p["changeNorm"] / p["l2"], p["changeNormWithoutGradient"] / p["l2"]
        print(f"{p['name']:40}{norms}{change:12.2e}{without:14.2e}{'  zero' * p['exactlyZeroGradient']}")
        assert math.isfinite(without) and (p["exactlyZeroGradient"] or without >= SMALLEST_CHANGE), p["name"]


def print_distances(witness):
    rows = {"float64 sensitivity": witness["float64Sensitivity"], **witness["float32"]}
    for name, row in rows.items():
        print(f"{name:20}" + "".join(f"  {key} {value:.2e}" for key, value in row.items()))
    columns = {key: [row[key] for row in witness["float32"].values()] for key in rows["default"] if key != "flips"}
    ratios = "".join(f"  {key} {max(column) / min(column):.2f}" for key, column in columns.items())
    print(f"largest / smallest  {ratios}\nkink margin  {witness['kinkMargin']:.2f}\n")


def write(path, witness):
    """JSON with one line per key, and one line per entry of a list of objects."""
    def text(value):
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return "[\n" + ",\n".join("  " + json.dumps(item, allow_nan=False) for item in value) + "]"
        return json.dumps(value, allow_nan=False)
    path.write_text("{\n" + ",\n".join(f"{json.dumps(k)}: {text(v)}" for k, v in witness.items()) + "\n}\n")


def main(arguments):
    torch.set_num_threads(1)
    check_parameter_counts()
    if arguments[:1] == ["--search"]:
        return search(arguments[2], int(arguments[1]))
    for name in arguments or IMAGE_TENSORS:
        witness = record(name)
        check_every_gradient_matters(witness)
        print_distances(witness)
        write(Path(__file__).with_name(f"{name}.json"), witness)


if __name__ == "__main__":
    main(sys.argv[1:])
