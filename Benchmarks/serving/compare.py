#!/usr/bin/env python3
"""Compares emotion-server with Python services, side by side, on this machine.

All run at the same time on loopback; wrk sends the same recording to each over kept connections, in turns, so that whatever else the
machine does hits all alike. Figures are medians over the turns, ratios are taken within a turn. At last each is
asked four fifths of what it answered at most, by clients that wait random times between their requests.

    compare.py [--model FILE] [--turns 5] [--seconds 4] [--json FILE] [--formats]
"""

import argparse
import contextlib
import http.client
import io
import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent

# Lengths in seconds, and what the recordings of `--formats` are encoded as: soundfile's names.
LENGTHS = [1, 4, 15]
FORMATS = {
    "WAV, 16 kHz": (16000, "WAV", "PCM_16"), "WAV, 48 kHz": (48000, "WAV", "PCM_16"),
    "FLAC, 48 kHz": (48000, "FLAC", "PCM_16"), "Opus, 48 kHz": (48000, "OGG", "OPUS"), "MP3, 48 kHz": (48000, "MP3", "MPEG_LAYER_III"),
}

# Connections that wait between requests, so many that they come nearly as if each knew nothing of the others.
CLIENTS = 64

# Prints what the run came to as one line of JSON.
WRK = """
local file = io.open("%s", "rb"); wrk.body = file:read("*a"); file:close(); wrk.method = "POST"
wrk.headers["Content-Type"] = "application/octet-stream"
local pause = %f
if pause > 0 then delay = function() return math.floor(-math.log(1 - math.random()) * pause + 0.5) end end
done = function(summary, latency)
  io.write(string.format('{"requests": %%d, "microseconds": %%d, "bad": %%d, "p50": %%f, "p99": %%f}\\n', summary.requests,
    summary.duration, summary.errors.status + summary.errors.read + summary.errors.timeout, latency:percentile(50),
    latency:percentile(99)))
end
"""


class Service:
    """A server process and a way to ask it."""

    def __init__(self, name, command, log, processes=1):
        self.name = name
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        # A kernel forced on OpenBLAS would be measured instead of its choice for this processor.
        environment = {key: value for key, value in os.environ.items() if key != "OPENBLAS_CORETYPE"}
        began = time.monotonic()
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port)], stdout=subprocess.DEVNULL, stderr=log, env=environment)
        self.await_health()
        self.start = time.monotonic() - began
        # Workers of a pool come one after the other.
        end = time.monotonic() + 60
        while len(self.processes()) < processes and time.monotonic() < end:
            time.sleep(0.1)
        if processes > 1:
            time.sleep(3)

    def await_health(self, patience=180):
        end = time.monotonic() + patience
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(OSError):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return
            time.sleep(0.005)
        self.stop()
        raise SystemExit(f"{self.name} does not answer; its log is above")

    def ask(self, recording):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST", "/predict", recording, {"Content-Type": "application/octet-stream"})
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise SystemExit(f"{self.name}: status {response.status}: {body[:200]!r}")
        return json.loads(body)

    def load(self, script, connections, seconds):
        """Answers a second, and milliseconds that half and 99 of 100 took at most."""
        done = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s", "-s", str(script),
             f"http://127.0.0.1:{self.port}/predict"], capture_output=True, text=True, check=True)
        found = json.loads(done.stdout.splitlines()[-1])
        if found["bad"] or not found["requests"]:
            raise SystemExit(f"{self.name}: {found['bad']} of {found['requests']} answers are no 200")
        return {
            "perSecond": found["requests"] / found["microseconds"] * 1e6, "p50": found["p50"] / 1000, "p99": found["p99"] / 1000}

    def processes(self):
        """Its own and its children's."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [str(self.process.pid), *children]

    def resident(self):
        """MB that its processes have to themselves, and half of what two share."""
        kilobytes = 0
        for process in self.processes():
            rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
            kilobytes += int(next(line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:")))
        return kilobytes * 1024 / 1e6

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()


def recording(seconds, rate, container="WAV", subtype="PCM_16"):
    """A synthetic voice."""
    import soundfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "voice.wav"
        subprocess.run(
            [sys.executable, ROOT / ".ci/voice.py", path, "--seconds", str(seconds), "--rate", str(rate)], check=True)
        samples, _ = soundfile.read(path, dtype="float32")
    encoded = io.BytesIO()
    soundfile.write(encoded, samples, rate, format=container, subtype=subtype)
    return encoded.getvalue()


def spread(values):
    """Median, and the smallest and largest."""
    return {"median": statistics.median(values), "least": min(values), "most": max(values)}


def in_turns(services, script, connections, arguments):
    """For each service and figure, one number a turn."""
    figures = {service.name: [] for service in services}
    for _ in range(arguments.turns):
        for service in services:
            figures[service.name].append(service.load(script, connections, arguments.seconds))
    return figures


def compared(services, figures, key, inverse):
    """Medians, and how many times as good the first service is as each other, turn by turn."""
    ours = [turn[key] for turn in figures[services[0].name]]
    result = {}
    for service in services:
        theirs = [turn[key] for turn in figures[service.name]]
        ratios = [b / a if inverse else a / b for a, b in zip(ours, theirs)]
        result[service.name] = {"value": spread(theirs), "ratio": spread(ratios)}
    return result


def show(title, table):
    print(f"\n{title}")
    for name, row in table.items():
        value, ratio = row["value"], row["ratio"]
        print(
            f"  {name:28} {value['median']:9.2f} ({value['least']:.2f} to {value['most']:.2f})"
            f"    ratio {ratio['median']:6.2f} ({ratio['least']:.2f} to {ratio['most']:.2f})")


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=ROOT / ".build/release/emotion-server")
    parser.add_argument("--lab", default=ROOT / ".build/release/emotion-lab", help="exports the network for the leanest stack")
    parser.add_argument("--model", default=ROOT / "models/emotion.safetensors")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4, help="of each service's turn")
    parser.add_argument("--clients", type=int, default=8, help="for throughput")
    parser.add_argument("--formats", action="store_true", help="also recordings of 1, 4 and 15 s in several formats, one client")
    parser.add_argument("--json", help="file for the figures")
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        services = started(Path(folder), stack, arguments)
        result = {"processor": processor(), "processors": os.cpu_count(), "turns": arguments.turns, "seconds": arguments.seconds}
        result |= measured(services, Path(folder), arguments)
        if arguments.json:
            Path(arguments.json).write_text(json.dumps(result, indent=2) + "\n")


def started(folder, stack, arguments):
    model = ["--model", str(arguments.model)]
    onnx = folder / "network.onnx"
    subprocess.run([arguments.lab, "export", arguments.model, "--onnx", onnx], check=True, stdout=subprocess.DEVNULL)
    workers = str(os.cpu_count())
    usual = [sys.executable, str(HERE / "usual_stack.py"), *model]
    commands = {
        "emotion-server": ([str(arguments.program), "--address", "127.0.0.1", "--log-level", "error", *model], 1),
        "usual stack": ([*usual, "--workers", workers, "--threads", "1"], os.cpu_count()),
        "leanest stack": ([sys.executable, str(HERE / "leanest_stack.py"), "--onnx", str(onnx), "--workers", workers], os.cpu_count()),
    }
    services = []
    for name, (command, processes) in commands.items():
        service = Service(name, command, sys.stderr, processes)
        stack.callback(service.stop)
        services.append(service)
    return services


def measured(services, folder, arguments):
    def script(name, body, pause=0.0):
        """pause: milliseconds between an answer and the next request, on average."""
        (folder / name).write_bytes(body)
        lua = folder / f"{name}.lua"
        lua.write_text(WRK % (folder / name, pause))
        return lua

    body = recording(4, 48000)
    answers = [service.ask(body)["probabilities"] for service in services[:2]]
    distance = max(abs(answers[0][label] - answers[1][label]) for label in answers[0])
    print(f"{len(body)} bytes a request; the usual stack's answer differs by at most {distance:.1e}")
    voice = script("voice", body)
    idle = {service.name: service.resident() for service in services}
    for service in services:
        service.load(voice, arguments.clients, 2)  # warm-up
    alone = in_turns(services, voice, 1, arguments)
    busy = in_turns(services, voice, arguments.clients, arguments)
    steady = {service.name: [] for service in services}
    for _ in range(arguments.turns):
        for service in services:
            most = statistics.median(turn["perSecond"] for turn in busy[service.name])
            pause = CLIENTS / (0.8 * most) * 1000 - statistics.median(turn["p50"] for turn in alone[service.name])
            steady[service.name].append(service.load(script("steady", body, pause), CLIENTS, arguments.seconds))
    result = {
        "milliseconds": compared(services, alone, "p50", inverse=True),
        "answersASecond": compared(services, busy, "perSecond", inverse=False),
        "residentIdle": idle, "resident": {service.name: service.resident() for service in services},
        "startSeconds": {service.name: service.start for service in services},
        "steady": {name: {key: spread([turn[key] for turn in turns]) for key in turns[0]} for name, turns in steady.items()},
    }
    show("one client, milliseconds (median of a turn)", result["milliseconds"])
    show(f"{arguments.clients} clients, answers a second", result["answersASecond"])
    print("\nat four fifths of that rate, milliseconds; p99 relative to the median of one client")
    for name, row in result["steady"].items():
        slow, alone_median = row["p99"]["median"], result["milliseconds"][name]["value"]["median"]
        print(f"  {name:28} {row['perSecond']['median']:6.0f}/s   p50 {row['p50']['median']:7.2f}   p99 {slow:7.2f}   {slow / alone_median:.1f}")
    print("\nresident, MB: at start, after load; seconds until serving")
    for service in services:
        name = service.name
        print(f"  {name:28} {idle[name]:6.0f} {result['resident'][name]:6.0f} {service.start:8.2f}")
    if arguments.formats:
        result["formats"] = {}
        for name, (rate, container, subtype) in FORMATS.items():
            for seconds in LENGTHS:
                title = f"{name}, {seconds} s"
                lua = script("format", recording(seconds, rate, container, subtype))
                both = [services[0], services[2]]
                result["formats"][title] = compared(both, in_turns(both, lua, 1, arguments), "p50", inverse=True)
                show(f"{title}: milliseconds", result["formats"][title])
    return result


if __name__ == "__main__":
    main()
