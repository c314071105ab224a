"""Trials of what surrounds the server: it starts and serves there, or says why not."""

import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from formats import FORMATS
from replica import FIXTURES, Replica, voice
from ways import ask, message


def serves(settings, *options, wrapper=(), environment=None, log=None, meanwhile=None, by_flags=True):
    """Whether a server in such surroundings answers, also after something has happened."""
    with Replica(settings, *options, wrapper=wrapper, environment=environment, log=log, by_flags=by_flags) as server:
        for turn in range(2):
            connection = server.connect()
            connection.request("POST", "/predict", voice(settings.folder, 1))
            response = connection.getresponse()
            if response.status != 200:
                print(f"  request {turn + 1} is answered {response.status}: {response.read(500)!r}")
                return False
            if turn == 0 and meanwhile:
                meanwhile(server)
        server.process.terminate()
        code = server.wait()
        if code:
            print(f"  SIGTERM ends it with {code}")
        return code == 0


def says_why(settings, wrapper, options=()):
    """The reason that a server gives which cannot start; empty when it gives none, or is killed."""
    command = [*wrapper, str(settings.program), "--port", "0", "--model", str(settings.model), *options]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return run.stderr.strip().splitlines()[-1] if run.returncode > 0 and run.stderr.strip() else ""


def disk_full(settings):
    """A log on a full disk: what is logged is lost, what is asked is answered."""
    disk = settings.folder / "disk"
    disk.mkdir(exist_ok=True)
    # A file system of one page, which nobody else sees.
    script = f'mount -t tmpfs -o size=4096 tmpfs {disk} && exec "$@" 2>{disk}/log'
    sizes = []

    def fill(server):
        for _ in range(40):
            server.reload()
        sizes.append(os.stat(f"/proc/{server.pid}/fd/2").st_size)

    holds = serves(
        settings, "--log-level", "info", wrapper=["unshare", "--mount", "sh", "-c", script, "-"], meanwhile=fill)
    return "log on a full disk", holds and sizes == [4096], f"serves; the log stands at {sizes[-1]} bytes"


def stalled_log(settings):
    """Nobody reads the log: its pipe fills up, and what is asked is answered all the same."""
    reader, writer = os.pipe()
    with os.fdopen(writer, "w") as log, os.fdopen(reader), Replica(settings, "--log-level", "info", log=log) as server:
        connection, statuses = server.connect(timeout=5), set()
        for _ in range(2000):
            connection.request("GET", "/healthz")
            response = connection.getresponse()
            response.read()
            statuses.add(response.status)
    return "log that nobody reads", statuses == {200}, "2000 health checks answered"


def read_only(settings):
    """Nothing may be written anywhere."""
    script = 'mount -o remount,ro / 2>/dev/null || mount --bind / / && mount -o remount,bind,ro /; exec "$@"'
    wrapper = ["unshare", "--mount", "sh", "-c", script, "-"]
    probe = subprocess.run([*wrapper, "touch", str(settings.folder / "probe")], capture_output=True)
    is_read_only = probe.returncode != 0 and not (settings.folder / "probe").exists()
    return "read-only file system", is_read_only and serves(settings, wrapper=wrapper), "serves"


def no_locale(settings):
    """No environment but a locale that does not exist."""
    wrapper = ["env", "-i", "LC_ALL=xx_XX.nowhere", "LANG=xx_XX.nowhere", "TZ=Nowhere/None"]
    return "no locale", serves(settings, wrapper=wrapper), "serves"


def little_memory(settings):
    """A control group of 64 MB."""
    for group in (Path("/sys/fs/cgroup/memory"), Path("/sys/fs/cgroup")):
        limit = "memory.limit_in_bytes" if group.name == "memory" else "memory.max"
        folder = group / f"emotion-survival-{os.getpid()}"
        try:
            folder.mkdir()
            (folder / limit).write_text(str(64 << 20))
        except OSError:
            continue
        wrapper = ["sh", "-c", f'echo $$ > {folder}/cgroup.procs; exec "$@"', "-"]
        peaks = []
        try:
            holds = serves(settings, "--workers", "2", wrapper=wrapper, meanwhile=lambda server: peaks.append(
                (server.reload(), server.resident())))
        finally:
            time.sleep(0.2)
            folder.rmdir()
        return "64 MB of memory", holds, f"serves and reloads, {peaks[0][1]:.0f} MB resident" if peaks else "killed"
    return "64 MB of memory", False, "no control group can be made here: root is needed"


def no_address_space(settings):
    """An address space too small to start in: it says so."""
    reason = says_why(settings, ["prlimit", f"--as={64 << 20}"])
    return "64 MB of address space", bool(reason), reason or "ends without a reason"


def clock_stepped(settings):
    """The clock jumps a day ahead and two days back while requests run."""
    stamp = settings.folder / "clock"
    stamp.write_text("+0\n")
    library = next(iter(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), None)
    if library is None:
        return "clock stepped", False, "libfaketime (Debian: faketime) is missing"

    def step(server):
        for offset in ("+1d", "-2d"):
            stamp.write_text(offset + "\n")
            connection = server.connect()
            connection.request("POST", "/predict", voice(settings.folder, 1))
            response = connection.getresponse()
            response.read()
            dates.append(response.headers["Date"][:16])
            assert response.status == 200

    dates = []
    environment = {
        "LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(stamp), "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    # libfaketime takes the program's arguments away from Swift's runtime: variables say what flags say elsewhere.
    holds = serves(settings, environment=environment, meanwhile=step, by_flags=False) and len(set(dates)) == 2
    return "clock stepped by days", holds, f"serves on {' and '.join(dates)}"


def stuck_log(settings):
    """A full pipe as log, and requests of which each makes a long line: all are answered, and SIGTERM ends it."""
    # One letter with thousands of accents is one character, however many bytes it has.
    letter = lambda count: b"e" + "\u0301".encode() * count
    targets = [b"/" + letter(12000), b"/" + b"x" * 24000, b"/" + b"%CC%81" * 4000, b"/healthz", b"/%00" * 6000]
    agents = [letter(12000), letter(7001), b"x" * 24000, b"\xff" * 24000, b"curl", b'"\\' * 9000]
    reader, writer = os.pipe()
    with os.fdopen(writer, "w") as log, os.fdopen(reader):
        server = Replica(settings, "--log-level", "info", log=log)
        silent = 0
        for number in range(400):
            # Both at once would be more than a header may have.
            target = targets[number // 2 % len(targets)] if number % 2 else b"/healthz"
            agent = b"curl" if number % 2 else agents[number // 2 % len(agents)]
            answer = ask(server.port, b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nUser-Agent: " + agent
                         + b"\r\nConnection: close\r\n\r\n", 5)
            silent += answer.status == 0
            if silent > 5:
                break
        served = ask(server.port, message("/predict", voice(settings.folder, 1)), 5).status if silent <= 5 else 0
        server.signal(signal.SIGTERM)
        began = time.monotonic()
        try:
            code = server.wait(30)
        except subprocess.TimeoutExpired:
            code = None
            server.process.kill()
            server.wait()
    stopped = time.monotonic() - began
    holds = silent == 0 and served == 200 and code == 0 and stopped < 10
    figures = f"{silent} of {number + 1} unanswered, then {served}, exit {code} {stopped:.1f} s after SIGTERM"
    return "long lines into a log that nobody reads", holds, figures


def group_of_processes():
    """A control group that can count processes, and its file of the limit; None where none can be made."""
    for group in (Path("/sys/fs/cgroup/pids"), Path("/sys/fs/cgroup")):
        folder = group / f"emotion-survival-pids-{os.getpid()}"
        try:
            folder.mkdir()
        except OSError:
            continue
        if (folder / "pids.max").exists():
            return folder
        folder.rmdir()
    return None


def few_threads(settings):
    """Not a thread nor a process more can be made once it serves: what needs one is refused, and nothing dies of it."""
    folder = group_of_processes()
    if folder is None:
        return "no more threads", False, "no control group can be made here: root is needed"
    wrapper = ["sh", "-c", f'echo $$ > {folder}/cgroup.procs; exec "$@"', "-"]
    body, bomb = voice(settings.folder, 2), FORMATS["vorbis"].WORST["a book of 2^20"]()
    compressed = (FIXTURES / "opus_16k").read_bytes()
    statuses = {}
    try:
        with Replica(settings, wrapper=wrapper) as server:
            server.metric("emotion_workers")  # the operators' port is the last to begin
            time.sleep(0.5)
            (folder / "pids.max").write_text((folder / "pids.current").read_text())
            requests = [message("/predict?windows=true", body, chunked=True)] * 40 + [message("/predict", body)] * 10
            requests += [message("/predict", bomb)] * 5 + [message("/predict", compressed)] * 10
            with ThreadPoolExecutor(16) as crowd:
                for answer in crowd.map(lambda request: ask(server.port, request, 30), requests):
                    statuses[answer.status] = statuses.get(answer.status, 0) + 1
            alive = server.alive()
            (folder / "pids.max").write_text("max")
            time.sleep(1)
            after = [ask(server.port, message("/predict", data), 30).status for data in (body, compressed)] if alive else []
    finally:
        time.sleep(0.3)
        folder.rmdir()
    holds = alive and set(statuses) <= {200, 400, 422, 503} and after == [200, 200]
    figures = f"{statuses}" + (f", then {after}" if alive else "; died")
    return "no more threads or processes can be made", holds, figures
