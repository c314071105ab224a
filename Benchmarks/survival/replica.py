"""A running emotion-server, and raw ways to talk to it."""

import contextlib
import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "Tests/AudioIOTests/Fixtures"


class Replica:
    """A server process on ports of its own; its log goes to a file."""

    def __init__(self, settings, *options, port=0, wrapper=(), environment=None, log=None, by_flags=True):
        self.log = log or tempfile.NamedTemporaryFile("w+", dir=settings.folder, suffix=".log", delete=False)
        self.port, self.admin = port or free_port(), free_port()
        base = {
            "address": "127.0.0.1", "port": str(self.port), "admin-port": str(self.admin), "log": "json",
            "log-level": "warning", "model": str(settings.model)}
        flags = [part for name, value in base.items() for part in (f"--{name}", value)
                 if f"--{name}" not in options]
        command = [*wrapper, str(settings.program), *(flags if by_flags else ()), *options]
        if not by_flags:
            names = {f"EMOTION_{name.upper().replace('-', '_')}": value for name, value in base.items()}
            environment = {**names, **(environment or {})}
        # A kernel forced on OpenBLAS would be measured instead of its choice for this processor.
        inherited = {key: value for key, value in os.environ.items() if key != "OPENBLAS_CORETYPE"}
        began = time.monotonic()
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=self.log, env={**inherited, **(environment or {})})
        self._await_readiness()
        self.start_seconds = time.monotonic() - began

    def _await_readiness(self):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError("the server does not start: " + Path(self.log.name).read_text(errors="replace"))
            with contextlib.suppress(OSError, http.client.HTTPException):
                if is_ready(self.port):
                    return
            time.sleep(0.001)
        raise RuntimeError("the server does not listen")

    @property
    def pid(self):
        return self.process.pid

    def connect(self, timeout=60, port=None):
        return http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=timeout)

    def dial(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def resident(self):
        """Resident memory in MB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024 / 1e6

    def peak(self):
        """The most memory that was resident at any time, in MB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024 / 1e6

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def metric(self, name):
        """The value of one line of /metrics."""
        connection = self.connect(port=self.admin)
        connection.request("GET", "/metrics")
        page = connection.getresponse().read().decode()
        connection.close()
        return next((float(line.split()[-1]) for line in page.splitlines() if line.startswith(name + " ")), 0.0)

    def reload(self):
        """Status and body of POST /-/reload."""
        connection = self.connect(port=self.admin)
        connection.request("POST", "/-/reload", b"")
        response = connection.getresponse()
        body = json.loads(response.read())
        connection.close()
        return response.status, body

    def alive(self):
        return self.process.poll() is None

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self, patience=60):
        """The exit code."""
        return self.process.wait(patience)

    def stop(self):
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Peer(Replica):
    """What people use instead, asked the same: peer.py, run by the Python that `--peer` names.

    It may have 6 GB of address space: without a limit some recordings take all that the machine has.
    """

    def __init__(self, settings, *_):
        self.log = tempfile.NamedTemporaryFile("w+", dir=settings.folder, suffix=".peer", delete=False)
        self.port = free_port()
        program = Path(__file__).with_name("peer.py")
        command = ["prlimit", f"--as={6 << 30}", settings.peer, str(program), "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=self.log)
        self._await_readiness()

    def metric(self, name):
        return 0.0


def is_ready(port):
    """Whether /readyz says so, asked on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/readyz")
    status = connection.getresponse().status
    connection.close()
    return status == 200


def await_ready(port):
    """Waits for a server, or for what stands before it."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if is_ready(port):
                return
        time.sleep(0.01)
    raise RuntimeError(f"nobody is ready behind port {port}")


def free_port():
    """A port that nobody uses now, and that by the system's defaults no outgoing connection gets meanwhile."""
    for port in random.sample(range(10_000, 32_768), 1000):
        with contextlib.suppress(OSError), socket.socket() as free:
            free.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no port is free")


def request_bytes(body, path="/predict", close=False):
    """A whole POST as it goes over the wire."""
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
    return (head + ("Connection: close\r\n" if close else "") + "\r\n").encode() + body


def read_status(sock):
    """The status of one answer that is read to its end; 0 when the connection ended before it."""
    received = b""
    with contextlib.suppress(OSError):
        while b"\r\n\r\n" not in received:
            piece = sock.recv(65536)
            if not piece:
                return 0
            received += piece
        head, body = received.split(b"\r\n\r\n", 1)
        length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
        while len(body) < length:
            piece = sock.recv(65536)
            if not piece:
                return 0
            body += piece
        return int(head.split()[1])
    return 0


def voice(folder, seconds, rate=16000):
    """A synthetic recording's bytes."""
    path = Path(folder) / f"voice-{seconds}-{rate}.wav"
    if not path.exists():
        command = [sys.executable, ROOT / ".ci/voice.py", path, "--seconds", str(seconds), "--rate", str(rate)]
        subprocess.run(command, check=True)
    return path.read_bytes()


def voice_message(folder, seconds):
    """The same as phones send it: Ogg Opus."""
    voice(folder, seconds)
    path = Path(folder) / f"voice-{seconds}-16000.wav"
    subprocess.run(["opusenc", "--quiet", "--bitrate", "24", path, path.with_suffix(".opus")], check=True)
    return path.with_suffix(".opus").read_bytes()


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")
