"""Writes golden.tfevents beside itself, with TensorBoard's own writer, and reads it back.

    pip install tensorboard      # made with tensorboard 2.21.0
    python make_events.py

EventFileTests.swift writes the same epochs and compares every byte.
"""

from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

start = 1_700_000_000.5


def scalars(epoch):
    # As in EpochRecord.sample(epoch:).
    yield "loss/train", 1.7
    yield "loss/test", 1.5
    yield "accuracy/train", 38.25
    yield "accuracy/test", 45.5
    yield "schedule/batch_size", 256
    yield "schedule/learning_rate", 0.1 + 0.2
    yield "schedule/updates", 390
    yield "speed/images_per_second", 1543.21


path = Path(__file__).parent / "golden.tfevents"
with open(path, "wb") as file:
    writer = RecordWriter(file)
    writer.write(Event(wall_time=start, file_version="brain.Event:2").SerializeToString())
    for epoch in (1, 300):
        values = [Summary.Value(tag=tag, simple_value=value) for tag, value in scalars(epoch)]
        event = Event(wall_time=start + epoch, step=epoch, summary=Summary(value=values))
        writer.write(event.SerializeToString())

events = EventAccumulator(str(path)).Reload()
for tag in events.Tags()["scalars"]:
    print(tag, [(event.step, event.value) for event in events.Scalars(tag)])
