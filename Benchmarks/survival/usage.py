"""What a process and its children use of processor and memory, as /proc says."""

import os
import re
import threading
import time
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def stat(pid):
    """The fields of /proc/PID/stat after the name, of which the first is the third."""
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


def family(pid):
    """The process and all below it that live now."""
    found, waiting = [], [pid]
    while waiting:
        parent = waiting.pop()
        found.append(parent)
        try:
            for thread in os.listdir(f"/proc/{parent}/task"):
                waiting += Path(f"/proc/{parent}/task/{thread}/children").read_text().split()
        except OSError:
            continue
    return [int(member) for member in found]


def each(pid, measure):
    """The sum over the family of what `measure` says; one that has ended meanwhile counts nothing."""
    total = 0
    for member in family(pid):
        try:
            total += measure(member)
        except (OSError, TypeError, IndexError):
            continue
    return total


def processor_seconds(pid):
    """Seconds of processor that the family has used so far.

    Those that ended count once they are waited for: with the one that waited for them.
    """
    return each(pid, lambda member: sum(int(field) for field in stat(member)[11:15]) / TICK)


def line(pid, file, name):
    return int(re.search(rf"^{name}:\s+(\d+)", Path(f"/proc/{pid}/{file}").read_text(), re.MULTILINE)[1]) * 1024


def resident(pid):
    """Resident bytes of the family; what several share counts once."""
    def own(member):
        try:
            return line(member, "smaps_rollup", "Pss")
        except OSError:
            return line(member, "status", "VmRSS")
    return each(pid, own)


class Peak:
    """The most memory beyond what was resident at first, in bytes, while it lasts.

    A process's own high-water mark tells it even where it is short; one that lives no more at the end, or began meanwhile, is
    seen by looking every few milliseconds.
    """

    def __init__(self, pid):
        self.pid, self.seen, self.ended = pid, 0, threading.Event()

    def __enter__(self):
        self.before = {}
        for member in family(self.pid):
            try:
                Path(f"/proc/{member}/clear_refs").write_text("5")
                self.before[member] = line(member, "status", "VmRSS")
            except (OSError, TypeError):
                continue
        self.thread = threading.Thread(target=self._look, daemon=True)
        self.thread.start()
        return self

    def _look(self):
        first = self._now()
        while not self.ended.wait(0.005):
            self.seen = max(self.seen, self._now() - first)

    def _now(self):
        return each(self.pid, lambda member: int(Path(f"/proc/{member}/statm").read_text().split()[1]) * PAGE)

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()
        marks = 0
        for member, before in self.before.items():
            try:
                marks += max(0, line(member, "status", "VmHWM") - before)
            except (OSError, TypeError):
                continue
        self.bytes = max(self.seen, marks)


def await_rest(pid, patience, share=0.1):
    """Seconds until the family uses less than that share of a processor for a quarter of a second; None when it does not."""
    began = time.monotonic()
    while time.monotonic() - began < patience:
        before = processor_seconds(pid)
        time.sleep(0.25)
        if processor_seconds(pid) - before < share * 0.25 + 1 / TICK:
            return max(0.0, time.monotonic() - began - 0.25)
    return None
