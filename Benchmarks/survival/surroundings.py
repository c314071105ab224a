"""Trials of what surrounds the server: it starts and serves there, or says why not."""

import os
import subprocess
import tempfile
import time
from pathlib import Path

from replica import Replica, voice


def serves(settings, *options, wrapper=(), environment=None, log=None, meanwhile=None, by_flags=True):
    """Whether a server in such surroundings answers, also after something has happened."""
    with Replica(settings, *options, wrapper=wrapper, environment=environment, log=log, by_flags=by_flags) as server:
        for turn in range(2):
            connection = server.connect()
            connection.request("POST", "/predict", voice(settings.folder, 1))
            if connection.getresponse().status != 200:
                return False
            if turn == 0 and meanwhile:
                meanwhile(server)
        server.process.terminate()
        return server.wait() == 0


def says_why(settings, wrapper, options=()):
    """The reason that a server gives which cannot start; empty when it gives none, or is killed."""
    command = [*wrapper, str(settings.program), "--port", "0", "--model", str(settings.model), *options]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return run.stderr.strip().splitlines()[-1] if run.returncode > 0 and run.stderr.strip() else ""


def disk_full(settings):
    """A log on a full disk: what is logged is lost, what is asked is answered."""
    with tempfile.NamedTemporaryFile("w+", dir=settings.folder) as log:
        # A limit of the file's size acts as a full disk does.
        wrapper = ["prlimit", "--fsize=700", "env", "--ignore-signal=XFSZ"]
        holds = serves(settings, "--log-level", "info", wrapper=wrapper, log=log, meanwhile=lambda server: [
            server.reload() for _ in range(20)])
        size = os.path.getsize(log.name)
    return "log on a full disk", holds and size <= 700, f"serves; the log stands at {size} bytes"


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
