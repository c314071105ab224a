#!/usr/bin/env python3
"""Compares emotion-server with the usual stack, side by side, on this machine.

Both run at the same time on loopback and serve the same weights file; the same recording goes to each over keep-alive
connections, in short alternating blocks, so that whatever else the machine does hits all alike.

    compare.py [--model FILE] [--requests 200] [--clients 2 4 8] [--json FILE]
"""

import argparse
import contextlib
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent


class Service:
    """A server process and a way to ask it."""

    def __init__(self, name, command, log):
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

    def await_health(self, patience=180):
        end = time.monotonic() + patience
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(OSError):
                connection = self.connect()
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return
            time.sleep(0.02)
        self.stop()
        raise SystemExit(f"{self.name} does not answer; its log is above")

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def resident(self):
        """Resident memory now and at its highest, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        return [int(fields[name].split()[0]) * 1024 / 1e6 for name in ("VmRSS", "VmHWM")]

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()


def ask(connection, recording):
    connection.request("POST", "/predict", recording, {"Content-Type": "audio/wav"})
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise RuntimeError(f"status {response.status}: {body[:200]!r}")
    return json.loads(body)


def sequential(services, recording, requests, block):
    """Milliseconds of each request, one after the other, in alternating blocks."""
    connections = {service.name: service.connect() for service in services}
    times = {service.name: [] for service in services}
    for _ in range(-(-requests // block)):
        for service in services:
            for _ in range(block):
                began = time.perf_counter()
                ask(connections[service.name], recording)
                times[service.name].append(1000 * (time.perf_counter() - began))
    return times


def throughput(service, recording, clients, seconds):
    """Answers a second with so many clients, each asking again as soon as it is answered."""
    end = time.perf_counter() + seconds
    counts, errors = [0] * clients, []

    def client(place):
        try:
            connection = service.connect()
            while time.perf_counter() < end:
                ask(connection, recording)
                counts[place] += 1
        except Exception as error:
            errors.append(error)

    began = time.perf_counter()
    threads = [threading.Thread(target=client, args=(place,)) for place in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return sum(counts) / (time.perf_counter() - began)


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def recording_for(arguments, folder):
    if arguments.recording:
        return Path(arguments.recording).read_bytes()
    path = Path(folder) / "voice.wav"
    subprocess.run([sys.executable, ROOT / ".ci/voice.py", path, "--seconds", "4", "--rate", "48000"], check=True)
    return path.read_bytes()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=ROOT / ".build/release/emotion-server")
    parser.add_argument("--model", default=ROOT / "models/emotion.safetensors")
    parser.add_argument("--recording", help="a WAV; without it, 4 s at 48 kHz, mono, 16 bits, are synthesised")
    parser.add_argument("--requests", type=int, default=200, help="of one client to each server")
    parser.add_argument("--block", type=int, default=10, help="requests before the other server's turn")
    parser.add_argument("--clients", type=int, nargs="*", default=[2, 4, 8], help="for throughput")
    parser.add_argument("--seconds", type=float, default=5, help="of each throughput trial")
    parser.add_argument("--json", help="file for the figures")
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        recording = recording_for(arguments, folder)
        model = ["--model", str(arguments.model)]
        usual = [sys.executable, str(HERE / "usual_stack.py"), *model]
        commands = {
            "emotion-server": [str(arguments.program), "--address", "127.0.0.1", "--log-level", "error", *model],
            "usual stack": usual,
            "usual stack, 1 thread": [*usual, "--threads", "1"],
        }
        services = []
        for name, command in commands.items():
            service = Service(name, command, sys.stderr)
            stack.callback(service.stop)
            services.append(service)
        report(services, recording, arguments)


def report(services, recording, arguments):
    ours, *others = services
    answers = [ask(service.connect(), recording)["probabilities"] for service in services]
    distance = max(abs(answers[0][label] - other[label]) for other in answers[1:] for label in answers[0])
    print(f"{len(recording)} bytes a request; the answers differ by at most {distance:.1e}")
    sequential(services, recording, 20, 10)  # warm-up
    times = sequential(services, recording, arguments.requests, arguments.block)
    rates = {service.name: {} for service in services}
    for clients in arguments.clients:
        for service in services:
            rates[service.name][clients] = throughput(service, recording, clients, arguments.seconds)

    figures = {}
    heads = ["server", "median ms", "p95 ms", "ratio", *(f"{n} clients/s" for n in arguments.clients)]
    heads += ["RSS MB", "peak MB", "start s"]
    rows = []
    base = statistics.median(times[ours.name])
    for service in services:
        median, p95 = statistics.median(times[service.name]), percentile(times[service.name], 0.95)
        resident, peak = service.resident()
        figures[service.name] = {
            "medianMilliseconds": median, "p95Milliseconds": p95, "perSecond": rates[service.name],
            "residentMB": resident, "peakMB": peak, "startSeconds": service.start}
        rows.append([
            service.name, f"{median:.2f}", f"{p95:.2f}", f"{median / base:.1f}",
            *(f"{rates[service.name][n]:.1f}" for n in arguments.clients),
            f"{resident:.0f}", f"{peak:.0f}", f"{service.start:.2f}"])
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    for row in [heads, *rows]:
        print("  ".join(cell.ljust(widths[i]) if i == 0 else cell.rjust(widths[i]) for i, cell in enumerate(row)))
    best = min(statistics.median(times[other.name]) for other in others)
    print(f"a request takes {base / best:.3f} of the faster usual stack's time ({best / base:.1f} times as fast)")
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
