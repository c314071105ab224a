#!/usr/bin/env python3
"""Times the timeline of recordings from a second to an hour, and watches the server's memory.

    lengths.py [--program FILE] [--model FILE] [--turns 3]

16 kHz, mono, 16 bits; a window of 3 s each second. Time should grow as the recording does, and memory stop growing after a minute.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from compare import ROOT, Service

SECONDS = [1, 4, 15, 60, 300, 900, 3600]


def recording(folder, seconds):
    path = folder / f"{seconds}.wav"
    subprocess.run([sys.executable, ROOT / ".ci/voice.py", path, "--seconds", str(seconds), "--rate", "16000"], check=True)
    return path


def most_resident(process):
    """MB: the most that the process ever held."""
    line = next(line for line in Path(f"/proc/{process.pid}/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=ROOT / ".build/release/emotion-server")
    parser.add_argument("--model", default=ROOT / "models/emotion.safetensors")
    parser.add_argument("--turns", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        print("seconds of sound   ms, median   microseconds a second of sound   MB at most")
        for seconds in SECONDS:
            path = recording(Path(name), seconds)
            # A server of its own for each: memory that was held once stays in the figure.
            server = Service(
                "emotion-server",
                [str(arguments.program), "--address", "127.0.0.1", "--log-level", "error", "--model", str(arguments.model)], sys.stderr)
            times = []
            for _ in range(arguments.turns + 1):
                began = time.monotonic()
                # Sent in chunks, as a stream of unknown length: a recording of an hour is no body that is held whole.
                subprocess.run(
                    ["curl", "-sSf", "-o", "/dev/null", "-X", "POST", "-T", path, "-H", "Transfer-Encoding: chunked",
                     f"http://127.0.0.1:{server.port}/predict?windows=true"], check=True)
                times.append(time.monotonic() - began)
            taken = 1000 * statistics.median(times[1:])
            print(f"{seconds:16} {taken:12.1f} {1000 * taken / seconds:32.0f} {most_resident(server.process):12.1f}")
            server.stop()


if __name__ == "__main__":
    main()
