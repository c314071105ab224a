#!/usr/bin/env python3
"""Searches, format by format, for the recording that costs most processor time and memory for each uploaded byte.

    Benchmarks/survival/cost.py --search 60 --first-seed 1 --keep /some/folder
                                      as Benchmarks/survival/run --only cost; the worst files are kept there

The search begins with the named worst cases and random files, and goes on with changes of what cost most: a made-up file is a
list of random numbers that its format's generator reads, and some of the numbers are changed. What is found is then sent at 1
and at 3 MB: what the second costs more, by its bytes more, is the cost of a byte beyond the first megabyte.
"""

import os
import random
import sys
import time
from pathlib import Path

import formats
import usage
from fairness import HEAVY
from replica import FIXTURES, Replica
from ways import WAYS, ask, form, model_name

AMOUNT, SMALL, LARGE = 150_000, 1_000_000, 3_000_000
# What a byte beyond the first megabyte may cost at most: seconds of processor, bytes of memory.
SECONDS, BYTES = 20e-6, 64
WAYS_TRIED = ("raw", "short windows in chunks")


class Tape(random.Random):
    """Random numbers that are a list, which grows as it is read: the same list makes the same file."""

    def __init__(self, numbers, seed):
        super().__init__(seed)
        self.numbers, self.place = list(numbers), 0

    def _next(self):
        if self.place == len(self.numbers):
            self.numbers.append(super().getrandbits(64))
        self.place += 1
        return self.numbers[self.place - 1]

    def getrandbits(self, bits):
        number = self._next()
        return number & (1 << bits) - 1 if bits <= 64 else random.Random(number).getrandbits(bits)

    def random(self):
        return (self._next() >> 11) / (1 << 53)


def changed(numbers, choice):
    """The list with some numbers new, taken from elsewhere in it, or left out."""
    numbers = list(numbers)
    for _ in range(choice.choice([1, 1, 2, 4, 10])):
        place = choice.randrange(len(numbers)) if choice.random() < 0.5 else choice.randrange(min(len(numbers), 30))
        kind = choice.randrange(4)
        if kind < 2:
            numbers[place] = choice.choice([choice.getrandbits(64), 0, (1 << 64) - 1])
        elif kind == 2:
            numbers[place] = choice.choice(numbers)
        elif len(numbers) > 1:
            del numbers[place]
    return numbers


class Meter:
    """A server, and what a request costs it: processor seconds and bytes of memory beyond what was resident."""

    def __init__(self, settings):
        self.settings, self.deaths = settings, []
        self._begin()

    def _begin(self):
        self.server = Replica(self.settings)
        self.model = model_name(self.server.port)
        for name in ("wav_16", "flac_16", "vorbis_8k", "opus_16k", "mp3_16k") * 2:
            ask(self.server.port, WAYS["raw"]((FIXTURES / name).read_bytes(), self.model))

    def cost(self, request, what):
        before = usage.processor_seconds(self.server.pid)
        with usage.Peak(self.server.pid) as peak:
            ask(self.server.port, request, 120)
            time.sleep(0.01)
        if not self.server.alive():
            self.deaths.append(what)
            self._begin()
            return 0.0, 0
        return usage.processor_seconds(self.server.pid) - before, peak.bytes

    def stop(self):
        self.server.process.kill()
        self.server.process.wait()


def candidates(format, settings):
    """Named files; all of them where there is time to search, else the heavy ones."""
    heavy = {name for of, name in HEAVY if of == format}
    named = formats.FORMATS[format].WORST
    chosen = [name for name in named if settings.search or name in heavy]
    return {name: named[name]() for name in chosen}


def search(meter, format, settings):
    """The files that cost most seconds and most memory a byte: named ones, and lists of numbers."""
    choice, pool, found = random.Random(settings.first_seed), [], []
    for name, body in candidates(format, settings).items():
        seconds, memory = meter.cost(WAYS["raw"](body, meter.model), f"{format}, {name}")
        found.append((seconds, memory, len(body), name, None))
    end = time.monotonic() + settings.search
    while time.monotonic() < end:
        if len(pool) < 8 or choice.random() < 0.3:
            numbers = []
        else:
            numbers = changed(choice.choice(pool)[1], choice)
        tape = Tape(numbers, choice.getrandbits(64))
        body = formats.FORMATS[format].mutate(tape, AMOUNT)
        if len(body) > 1_500_000:
            continue
        seconds, memory = meter.cost(WAYS["raw"](body, meter.model), f"{format}, a file of the search")
        found.append((seconds, memory, len(body), f"search {len(found)}", tape.numbers[:tape.place]))
        # Seconds and memory have each their best, so that neither crowds the other out.
        pool = [(cost, numbers) for rank in (0, 1) for cost, numbers in sorted(
            ((item[rank] / item[2], item[4]) for item in found if item[4]), key=lambda pair: -pair[0])[:6]]
    return found


def sizes(format, item, copies_allowed=64):
    """Requests of about 1 and 3 MB of a found file, with their bytes; copies in a form where it is a named one."""
    name, numbers = item[3], item[4]
    for amount in (SMALL, LARGE):
        if numbers is None:
            body = formats.FORMATS[format].WORST[name]()
            copies = min(copies_allowed, max(1, round(amount / len(body))))
            yield [form([body] * copies), form([body] * copies, "/predict?windows=true&window=0.5&hop=0.05")], copies * len(body)
        else:
            body = formats.FORMATS[format].mutate(Tape(numbers, 0), amount)
            yield [WAYS[way](body, "") for way in WAYS_TRIED], len(body)


def beyond(meter, format, found, settings):
    """The most seconds and bytes of a byte beyond the first megabyte, and the most of one request of about 1 MB at most.

    Without time to search, what was sent so far is all.
    """
    finalists = []
    for rank in (0, 1) if settings.search else ():
        for kind in (True, False):
            named = [item for item in found if (item[4] is None) == kind]
            finalists += sorted(named, key=lambda item: -item[rank] / max(item[2], 20_000))[:2]
    worst = {"seconds": 0.0, "memory": 0, "second a byte": 0.0, "memory a byte": 0.0, "file": ""}
    for seconds, memory, *_ in found:
        worst["seconds"], worst["memory"] = max(worst["seconds"], seconds), max(worst["memory"], memory)
    for item in {item[3]: item for item in finalists}.values():
        (small, small_bytes), (large, large_bytes) = sizes(format, item)
        for one, other in zip(small, large):
            first = meter.cost(one, f"{format}, {item[3]}")
            worst["seconds"], worst["memory"] = max(worst["seconds"], first[0]), max(worst["memory"], first[1])
            if large_bytes < small_bytes + 500_000:  # so small a file that a form of them ends within the first megabyte
                continue
            second = meter.cost(other, f"{format}, {item[3]}")
            more = large_bytes - small_bytes
            rates = (max(0.0, second[0] - first[0]) / more, max(0, second[1] - first[1]) / more)
            if rates[0] > worst["second a byte"]:
                worst["second a byte"], worst["file"] = rates[0], item[3]
            worst["memory a byte"] = max(worst["memory a byte"], rates[1])
    return worst, finalists


def keep(folder, format, finalists):
    """Writes the files that cost most, for whoever wants to see why."""
    folder.mkdir(parents=True, exist_ok=True)
    for _, _, _, name, numbers in finalists:
        module = formats.FORMATS[format]
        body = module.WORST[name]() if numbers is None else module.mutate(Tape(numbers, 0), AMOUNT)
        (folder / f"{format}-{name}".replace(" ", "-").replace("/", "-")).write_bytes(body)


def cost(settings):
    """By format, the most that a request costs, and a byte beyond its first megabyte: at most 20 µs and 64 bytes."""
    meter, rows, broken = Meter(settings), [], []
    print("| format | files | a request: s | MB | a byte beyond 1 MB: µs | bytes | most by |\n|---|---|---|---|---|---|---|",
          file=sys.stderr)
    try:
        for format in [settings.format] if settings.format else formats.FORMATS:
            found = search(meter, format, settings)
            worst, finalists = beyond(meter, format, found, settings)
            if settings.keep:
                keep(settings.keep, format, finalists)
            rows.append((format, len(found), worst))
            print(f"| {format} | {len(found)} | {worst['seconds']:.2f} | {worst['memory'] / 1e6:.0f} | "
                  f"{1e6 * worst['second a byte']:.2f} | {worst['memory a byte']:.1f} | {worst['file']} |", file=sys.stderr, flush=True)
            if worst["second a byte"] > SECONDS or worst["memory a byte"] > BYTES:
                broken.append(format)
    finally:
        meter.stop()
    figures = "; ".join(
        f"{format} {worst['seconds']:.1f} s, {worst['memory'] / 1e6:.0f} MB, {1e6 * worst['second a byte']:.1f} µs, "
        f"{worst['memory a byte']:.1f} B" for format, _, worst in rows)
    figures += (f"; died of {meter.deaths[:3]}" if meter.deaths else "") + (f"; too much: {broken}" if broken else "")
    return f"cost: most of a request of 1 MB, and a byte beyond ({sum(row[1] for row in rows)} files)", not broken and not meter.deaths, figures


if __name__ == "__main__":
    run = Path(__file__).with_name("run")
    os.execv(run, [str(run), "--only", "cost", *sys.argv[1:]])
