"""Writes golden.safetensors and types.safetensors beside itself, with the reference writer.

    pip install torch safetensors numpy      # made with safetensors 0.8.0, torch 2.13.0
    python make_safetensors.py

SafetensorsTests.swift writes the tensors of the first and compares every byte.
SafetensorsReadingTests.swift reads the second, which has each tensor in its type and as float32.
"""

from pathlib import Path

import torch
from safetensors.torch import save_file

tensors = {
    # Not in the order of the file: the writer sorts by type, then by the bytes of the name.
    "layer2.0.conv1.weight": torch.arange(8, dtype=torch.float32).reshape(2, 1, 2, 2) / 4 - 1,
    "layer10.0.conv1.weight": torch.tensor([[1e-45, 3.4e38], [float("inf"), -0.0]]),
    "bn1.weight": torch.tensor([0.1, 0.2, 0.3]),
    "bn1.num_batches_tracked": torch.tensor(2**40 + 7),
    "bn1.bias": torch.zeros(0, 3),
    'odd "name" \\ /\té∑': torch.tensor(-2.5),
    "another.num_batches_tracked": torch.tensor(3),
}
path = Path(__file__).parent / "golden.safetensors"
save_file(tensors, path, metadata={"format": "pt"})
print(path, path.stat().st_size, "bytes")

types = {
    "F64": torch.tensor([0.1, -1e300, 1e-46, float("inf"), 2**-149], dtype=torch.float64),
    "F16": torch.tensor([0.1, -65504, 6e-8, -0.0, float("-inf")], dtype=torch.float16),
    "BF16": torch.tensor([0.1, -3.3895e38, 1e-40, -0.0, float("inf")], dtype=torch.bfloat16),
}
both = types | {f"{name} as F32": tensor.to(torch.float32) for name, tensor in types.items()}
path = Path(__file__).parent / "types.safetensors"
save_file(both, path)
print(path, path.stat().st_size, "bytes")
