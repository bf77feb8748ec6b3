"""The reference's schedules, epoch by epoch, against which the batch policies are tested.

    python make_schedule.py        writes schedule.json beside this file; plain Python, nothing to install

50,000 images, 100 epochs, a change every 20: batch * batchFactor, rate * rateFactor. The rate is multiplied again
and again, as the reference does, so compare it to a relative 1e-12. Each arm comes with and without its epochs'
incomplete last batch; per arm five lists over epochs. samplesSeen counts up to the epoch's end.
"""

import json
from pathlib import Path

DATE = "2026-11-23"
IMAGES, EPOCHS, INTERVAL, RATE = 50_000, 100, 20, 0.01
ARMS = [  # name, first batch, batch factor, rate factor, updates when dropping the last batch, when keeping it
    ("adabatch-128-2048", 128, 2, 0.75, 15_080, 15_180),
    ("fixed-128", 128, 1, 0.375, 39_000, 39_100),
    ("fixed-2048", 2048, 1, 0.375, 2_400, 2_500),
    ("adabatch-256-4096", 256, 2, 0.75, 7_520, 7_620),
    ("fixed-256", 256, 1, 0.375, 19_500, 19_600),
    ("fixed-4096", 4096, 1, 0.375, 1_200, 1_300),
]


def arm(name, batch, batch_factor, rate_factor, drop_last):
    rate, seen, rows = RATE, 0, []
    for epoch in range(EPOCHS):
        if epoch > 0 and epoch % INTERVAL == 0:
            batch, rate = batch * batch_factor, rate * rate_factor
        whole, rest = divmod(IMAGES, batch)
        seen += whole * batch if drop_last else IMAGES
        last = batch if drop_last or rest == 0 else rest
        rows.append((batch, rate, whole if drop_last or rest == 0 else whole + 1, last, seen))
    columns = dict(zip(("batchSize", "rate", "updates", "lastBatchSize", "samplesSeen"), map(list, zip(*rows))))
    return {
        "name": name, "dropsLast": drop_last, "firstBatchSize": rows[0][0], "batchFactor": batch_factor,
        "rateFactor": rate_factor, "totalUpdates": sum(columns["updates"]), **columns}


def arms():
    for name, batch, batch_factor, rate_factor, dropping, keeping in ARMS:
        for drop_last, total in ((True, dropping), (False, keeping)):
            result = arm(name, batch, batch_factor, rate_factor, drop_last)
            assert result["totalUpdates"] == total, (name, drop_last, result["totalUpdates"])
            yield result


def text(arm):
    return "{" + ",\n ".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in arm.items()) + "}"


if __name__ == "__main__":
    head = {
        "madeBy": "Tests/BatchPoliciesTests/Witness/make_schedule.py", "date": DATE, "images": IMAGES,
        "epochs": EPOCHS, "changeEvery": INTERVAL, "firstRate": RATE}
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    lines.append('"arms": [\n' + ",\n".join(map(text, arms())) + "\n]")
    Path(__file__).with_name("schedule.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
