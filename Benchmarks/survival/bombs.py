"""Trials of recordings that are made to hurt: named ones, and made-up ones that keep the rules of their containers."""

import sys
import time

import formats
import usage
from fairness import HEAVY
from replica import FIXTURES, Replica
from ways import OF_ALL, WAYS, ask, model_name

# Seconds after which an answer is too late. Hours in windows of half a second, 20 a second, are a service that is offered.
BOUND, LONG_BOUND = 10, 60


class Target:
    """A server that is started anew where it has died, and what happened to it."""

    def __init__(self, settings, start, *options):
        self.settings, self.start, self.options = settings, start, options
        self.deaths, self.statuses, self.slowest, self.wrong = [], {}, (0.0, ""), []
        self.memory = []
        self._begin()

    def _begin(self):
        self.server = self.start(self.settings, *self.options)
        self.model = model_name(self.server.port)
        for name in ("wav_16", "flac_16", "vorbis_8k", "opus_16k", "mp3_16k") * 4:
            ask(self.server.port, WAYS["raw"]((FIXTURES / name).read_bytes(), self.model))
        self.base = usage.resident(self.server.pid)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.process.kill()
        self.server.process.wait()

    def send(self, name, body, way):
        answer = ask(self.server.port, WAYS[way](body, self.model), 90)
        # A process that gets a signal closes its connections a moment before it is seen to have ended.
        if answer.status == 0 and answer.seconds < 89:
            time.sleep(0.3)
        bound = LONG_BOUND if way.startswith("short windows") else BOUND
        what = f"{name} by {way}"
        self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
        self.slowest = max(self.slowest, (answer.seconds, what))
        if not self.server.alive():
            self._note("dies", what)
            self.deaths.append(what)
            self._begin()
        elif not (answer.status == 200 or 400 <= answer.status < 500) or (answer.seconds > bound and not self.settings.sanitized):
            self._note(f"status {answer.status} in {answer.seconds:.1f} s", what)
            self.wrong.append(what)
            if answer.status == 0:  # it may work on for long, which is not the next one's fault
                self.finish()
                self._begin()

    def _note(self, happened, what):
        print(f"  {happened}: {what}", file=sys.stderr, flush=True)

    def finish(self):
        usage.await_rest(self.server.pid, 2)
        self.memory.append((self.base / 1e6, usage.resident(self.server.pid) / 1e6))
        self.server.process.kill()
        self.server.process.wait()

    def verdict(self):
        """Whether it held, and its figures; memory is that of the life in which it grew most."""
        self.finish()
        before, after = max(self.memory, key=lambda pair: pair[1] / pair[0])
        steady = after <= 1.5 * before or self.settings.sanitized
        holds = not self.deaths and not self.wrong and steady
        named = ", ".join([f"died of {what}" for what in self.deaths[:3]] + [f"failed: {what}" for what in self.wrong[:3]])
        return holds, (
            f"{self.statuses}, {len(self.deaths)} deaths, slowest {self.slowest[0]:.2f} s ({self.slowest[1]}), "
            f"memory {before:.0f} → {after:.0f} MB" + (f"; {named}" if named else ""))


def ways_for(start, settings, place):
    """All ways, or as many as are asked for, by turns; a peer has three of them."""
    ways = list(WAYS) if start is Replica else list(OF_ALL)
    count = min(settings.ways, len(ways))
    return [ways[(place + step) % len(ways)] for step in range(count)]


def bombs(settings, start=Replica):
    """Every named worst case on every way in: refused or answered, in time, by a process that lives on in its memory."""
    count = 0
    with Target(settings, start) as target:
        for place, (format, name, body) in enumerate(formats.worst()):
            left_out = place % settings.every and (format, name) not in HEAVY
            if left_out or settings.format and format != settings.format or settings.named not in name:
                continue
            for way in ways_for(start, settings, place):
                target.send(f"{format}, {name}", body, way)
                count += 1
        return f"{count} requests of named worst recordings", *target.verdict()


def structured_files(settings, start=Replica):
    """Made-up recordings that keep their container's rules, a way in for each by turns."""
    with Target(settings, start) as target:
        ways = list(WAYS) if start is Replica else list(OF_ALL)
        for seed in range(settings.first_seed, settings.first_seed + settings.files):
            body = formats.made_up(seed, settings.format)
            target.send(f"seed {seed} ({settings.format or list(formats.FORMATS)[seed % len(formats.FORMATS)]})", body,
                        ways[seed // len(formats.FORMATS) % len(ways)])
        return f"{settings.files} made-up recordings that keep the rules", *target.verdict()
