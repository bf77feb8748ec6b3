#!/usr/bin/env python3
"""Files as the reference's scripts save them, by NumPy 2.4: whole, with keys missing, with one batch
size per change, compressed, and what has to be refused. Rerun: python3 make_numbers.py"""

import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent
EPOCHS = 10


def numbers(batch, rate, best, forward=30.0):
    accuracy = np.linspace(10, best, EPOCHS)
    return dict(
        loss=np.linspace(2.3, 0.5, EPOCHS), acc=accuracy, epoch=EPOCHS, FP_time=forward,
        BP_time=2 * forward, train_time=100.0, test_time=5.0, batch_resize_time=0.5,
        running_time=105.5, best_acc=accuracy.max(), batch_size=np.array(batch), lr=np.array(rate))


falling = [0.01 * 0.5 ** (i // 2) for i in range(EPOCHS)]
growing = [0.01 * 2 ** (i // 2) for i in range(EPOCHS)]
whole = numbers([128] * EPOCHS, falling, 60.0)
np.savez(HERE / "resnet_fixed128.npz", **whole)
np.savez_compressed(HERE / "resnet_ada128_deflated.npz", **numbers(
    [128 * 2 ** (i // 2) for i in range(EPOCHS)], falling, 61.0, 20.0))
np.savez(HERE / "resnet_ada64.npz", **numbers([64] * EPOCHS, growing, 59.0))
np.savez(HERE / "resnet_ada128_five.npz", **numbers([128, 256, 512, 1024, 2048], falling, 60.5))
np.savez(HERE / "resnet_fixed2048.npz", **numbers([2048] * EPOCHS, falling, 20.0))
for rank in range(3):
    np.savez(HERE / f"resnet_ada64_rank{rank}.npz",
             **numbers([64, 128, 256, 512, 1024], falling, 49.0, 10.0 * (rank + 1)))
np.savez(HERE / "numbers.npz", **{key: whole[key] for key in ("loss", "acc", "epoch")})
np.savez(HERE / "types.npz", loss=whole["loss"].astype(">f4"), acc=np.arange(10, dtype=np.uint8),
         batch_size=np.full(10, 128, dtype=np.int16))
np.savez(HERE / "objects.npz", loss=np.array([{"a": 1}, None], dtype=object), acc=whole["acc"])
np.savez(HERE / "table.npz", loss=np.zeros((2, 5)), acc=whole["acc"])
