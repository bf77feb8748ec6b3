"""Writes golden.safetensors beside itself, with the reference writer.

    pip install torch safetensors numpy      # made with safetensors 0.8.0, torch 2.13.0
    python make_safetensors.py

SafetensorsTests.swift writes the same tensors and compares every byte.
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
