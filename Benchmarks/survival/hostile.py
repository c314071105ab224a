"""Trials of what clients send: damaged files, drops of bytes, more than can be done."""

import contextlib
import itertools
import os
import random
import resource
import struct
import subprocess
import threading
import time

from load import Clients
from replica import FIXTURES, Replica, percentile, voice, voice_message


def mutant(originals, seed):
    """One damaged recording; the seed says which."""
    choice = random.Random(seed)
    data = bytearray(choice.choice(originals))
    for _ in range(choice.randint(1, 3)):
        kind = choice.randrange(5)
        place = choice.randrange(max(1, len(data)))
        if kind == 0:  # bits flipped, mostly in the header
            for _ in range(choice.randint(1, 16)):
                spot = choice.randrange(min(len(data), 128)) if choice.random() < 0.6 else choice.randrange(len(data))
                data[spot] ^= 1 << choice.randrange(8)
        elif kind == 1:  # cut off
            del data[max(1, place):]
        elif kind == 2:  # another file's header in front
            other = choice.choice(originals)
            length = choice.randint(4, 64)
            data[:length] = other[:length]
        elif kind == 3:  # sizes that lie
            lie = choice.choice([0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 0x80000000, len(data) * 2, choice.getrandbits(32)])
            spot = choice.randrange(max(1, min(len(data) - 4, 96)))
            data[spot:spot + 4] = struct.pack(choice.choice("<>") + "I", lie & 0xFFFFFFFF)
        else:  # a piece doubled
            data[place:place] = data[place:place + choice.randint(1, 512)]
        if not data:
            data = bytearray(b"\0")
    return bytes(data)


def mutated_files(settings):
    """Damaged recordings of every format: nothing but 200 or 4xx, quickly, in memory that does not grow."""
    originals = [path.read_bytes() for path in sorted(FIXTURES.iterdir()) if path.suffix not in (".py", ".golden")]
    count, statuses, slowest, memory, lock = settings.mutants, {}, (0.0, 0), {}, threading.Lock()
    with Replica(settings) as server:
        def client(first):
            nonlocal slowest
            connection = server.connect(timeout=30)
            for seed in range(first, count, 4):
                began = time.monotonic()
                try:
                    connection.request("POST", "/predict", mutant(originals, seed))
                    response = connection.getresponse()
                    response.read()
                    status = response.status
                except OSError:
                    connection.close()
                    status = 0
                with lock:
                    statuses[status] = statuses.get(status, 0) + 1
                    slowest = max(slowest, (time.monotonic() - began, seed))
                    done = sum(statuses.values())
                    if done == count // 5:
                        memory["early"] = server.resident()
        threads = [threading.Thread(target=client, args=(first,)) for first in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        late, alive = server.resident(), server.alive()
    growth = late / memory["early"]
    holds = alive and slowest[0] < 2 and (growth <= 1.1 or settings.sanitized) and all(s == 200 or 400 <= s < 500 for s in statuses)
    figures = f"{statuses}, slowest {slowest[0]:.2f} s (seed {slowest[1]}), memory {memory['early']:.0f} → {late:.0f} MB"
    return f"{count} mutated files, {len(originals)} originals", holds, figures


def wrk(settings, port, body, connections, seconds, pause=0):
    """Statuses and rate that wrk saw, posting the body.

    Each connection pauses so many milliseconds in between, on average: with exponential pauses, many connections come as
    independent clients do, from the first moment on and never all at once.
    """
    script = settings.folder / "post.lua"
    path = settings.folder / "overload.wav"
    path.write_bytes(body)
    script.write_text(f"""
        local file = io.open("{path}", "rb"); wrk.body = file:read("*a"); file:close(); wrk.method = "POST"
        local threads = {{}}
        function setup(thread) table.insert(threads, thread) end
        function delay() return -math.log(1 - math.random()) * {pause} end
        function init() counts = "" ; seen = {{}} end
        function response(status) seen[status] = (seen[status] or 0) + 1
          counts = ""; for s, n in pairs(seen) do counts = counts .. s .. "=" .. n .. " " end end
        function done(summary)
          for _, thread in ipairs(threads) do print("COUNTS " .. thread:get("counts")) end
          print("DURATION " .. summary.duration / 1e6 .. " ERRORS " .. summary.errors.connect + summary.errors.read
            + summary.errors.write + summary.errors.timeout) end""")
    output = subprocess.run(
        ["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--timeout", "60s", "-s", str(script),
         f"http://127.0.0.1:{port}/predict"], capture_output=True, text=True, check=True).stdout
    counts = {}
    for line in output.splitlines():
        if line.startswith("COUNTS "):
            for pair in line.split()[1:]:
                status, number = pair.split("=")
                counts[int(status)] = counts.get(int(status), 0) + int(number)
        if line.startswith("DURATION "):
            _, duration, _, errors = line.split()
    return counts, float(duration), int(errors)


@contextlib.contextmanager
def clients_apart():
    """While it lasts, this process and what it starts have the last processor; gives those that are left, for a server.

    Clients are on other machines: making so many requests must not take from what the server has to answer them, neither
    when its best is measured nor later. A single processor cannot be parted.
    """
    processors = os.sched_getaffinity(0)
    last = max(processors)
    os.sched_setaffinity(0, {last})
    try:
        yield sorted(processors - {last}) or [last]
    finally:
        os.sched_setaffinity(0, processors)


def overload(settings):
    """More than five times as much as can be done: health answers at once, the rest is done as fast as ever, or refused."""
    body = settings.recording.read_bytes() if settings.recording else voice_message(settings.folder, 10)
    queue, connections = 16, 400
    with clients_apart() as processors, Replica(
        settings, "--queue", str(queue), "--workers", str(len(processors)),
        wrapper=("taskset", "--cpu-list", ",".join(map(str, processors)))
    ) as server:
        def best():
            counts, duration, _ = wrk(settings, server.port, body, 4, max(3, settings.seconds // 4))
            # A server that a sanitizer slows down may have answered none yet.
            return max(counts.get(200, 0), 1) / duration

        with Clients(1, server.port, None, "/healthz", pause=0.02) as idle:
            time.sleep(2)
        capacity = best()
        quiet = Clients(1, server.port, body, pause=0.02)
        with Clients(1, server.port, None, "/healthz", pause=0.02) as health, quiet:
            # Answers take a part of the time, and the machine's speed wavers: more is tried, for five times to come.
            pause = 1000 * connections / (6 * capacity)
            counts, duration, errors = wrk(settings, server.port, body, connections, settings.seconds, pause)
        # What the machine can do is asked before and after.
        capacity = (capacity + best()) / 2
    for status, number in quiet.statuses().items():
        counts[status] = counts.get(status, 0) + number
    done, offered = counts.get(200, 0) / duration, sum(counts.values()) / duration
    waits = quiet.seconds()
    health_p99 = 1000 * percentile(health.seconds(), 0.99)
    only = set(counts) <= {200, 503} and not errors and set(health.statuses()) == {200}
    bound = (queue + 4) / capacity
    in_time = health_p99 < 50 and done >= 0.95 * capacity and offered >= 5 * capacity
    holds = only and (in_time or settings.quick)
    figures = (
        f"{len(body) / 1000:.0f} KB; best {capacity:.0f}/s, offered {offered:.0f}/s ({offered / capacity:.1f} times), "
        f"done {done:.0f}/s ({100 * done / capacity:.0f} %), {counts}, "
        f"errors {errors}; /healthz p99 {health_p99:.1f} ms of {len(health.answers)} (of an idle server "
        f"{1000 * percentile(idle.seconds(), 0.99):.1f}); accepted p99 "
        f"{1000 * percentile(waits, 0.99):.0f} ms (queue alone: {1000 * bound:.0f})")
    return f"overload for {settings.seconds} s", holds, figures


def slow_clients(settings):
    """Dripping and idle connections by the thousand do not slow a normal client."""
    dripping, idle, body = settings.dripping, settings.idle, voice(settings.folder, 3)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, dripping + idle + 500), hard))
    with Replica(settings, "--idle-timeout", "300") as server:
        with Clients(1, server.port, body) as before:
            time.sleep(settings.seconds / 2)
        crowd = [server.dial() for _ in range(dripping)]
        for sock in crowd:
            sock.sendall(f"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode())
        sleepers = [server.dial() for _ in range(idle)]
        for sock in sleepers:
            sock.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        for sock in sleepers:
            sock.recv(4096)
        ended = threading.Event()

        def drip():
            while not ended.wait(1):
                for sock in crowd:
                    sock.send(b"R")

        dripper = threading.Thread(target=drip)
        dripper.start()
        with Clients(1, server.port, body) as during:
            time.sleep(settings.seconds)
        ended.set()
        dripper.join()
        open_connections = server.descriptors()
        for sock in crowd + sleepers:
            sock.close()
    usual, then = (1000 * percentile(clients.seconds(), 0.99) for clients in (before, during))
    holds = (then <= 2 * usual or settings.quick) and set(during.statuses()) == {200} and open_connections >= dripping + idle
    figures = f"p99 {usual:.1f} → {then:.1f} ms, {len(during.answers)} answers {during.statuses()}, {open_connections} fds"
    return f"{dripping} dripping + {idle} idle connections", holds, figures


def stereo(samples):
    """16-bit samples on two channels."""
    pairs = bytearray(2 * len(samples))
    for channel in range(2):
        for half in range(2):
            pairs[2 * channel + half::4] = samples[half::2]
    return bytes(pairs)


def send_chunked(server, target, head, piece, count):
    """Status, end of the answer and bytes sent of a body in chunks, of which the sender reads nothing until all is sent."""
    sock, sent = server.dial(), 0
    with contextlib.suppress(OSError):  # a server that has heard enough may end the conversation
        sock.sendall(f"POST {target} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        for data in itertools.chain([head], itertools.repeat(piece, count)):
            sock.sendall(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            sent += len(data)
        sock.sendall(b"0\r\n\r\n")
    answer = b""
    with contextlib.suppress(OSError):
        while received := sock.recv(65536):
            answer += received
    sock.close()
    return int(answer[9:12] or 0), answer, sent


def long_recording(settings):
    """48 kHz stereo of an hour in chunks: a timeline is answered, all at once is refused, and both in little memory."""
    second = stereo(voice(settings.folder, 1, 48000)[44:])
    seconds = settings.minutes * 60
    size = len(second) * seconds
    head = struct.pack("<4sI4s", b"RIFF", size + 36, b"WAVE")
    head += struct.pack("<4sIHHIIHH4sI", b"fmt ", 16, 1, 2, 48000, 192000, 4, 16, b"data", size)
    with Replica(settings) as server:
        status, answer, _ = send_chunked(server, "/predict?windows=true", head, second, seconds)
        timeline = server.peak()
    windows = answer.count(b'"start":')
    with Replica(settings, "--max-body", str(min(64 << 20, size // 2))) as server:
        refusal, _, sent = send_chunked(server, "/predict", head, second, seconds)
        refused = server.peak()
    small = max(timeline, refused) < 150 or settings.sanitized
    holds = (status, refusal) == (200, 413) and windows == seconds - 2 and small
    figures = (f"{size / 1e6:.0f} MB: {windows} windows, at most {timeline:.0f} MB resident; without windows {refusal} after "
               f"{sent / 1e6:.0f} MB, at most {refused:.0f} MB")
    return f"{settings.minutes} minutes of 48 kHz stereo in chunks", holds, figures


def many_requests(settings):
    """Memory and descriptors stay as they were after the first hundredth."""
    body, count = voice(settings.folder, 0.5, 8000), settings.requests
    with Replica(settings) as server:
        memory, descriptors, statuses = [], [], {}
        for share in (max(count // 100, 1000), count):
            rest = share - sum(statuses.values())
            with Clients(4, server.port, body) as clients:
                while len(clients.answers) < rest:
                    time.sleep(0.05)
            for status, number in clients.statuses().items():
                statuses[status] = statuses.get(status, 0) + number
            memory.append(server.resident())
            descriptors.append(server.descriptors())
    holds = (memory[1] <= 1.1 * memory[0] or settings.sanitized) and descriptors[1] <= descriptors[0] + 8 and set(statuses) == {200}
    figures = f"{statuses}, memory {memory[0]:.1f} → {memory[1]:.1f} MB, descriptors {descriptors[0]} → {descriptors[1]}"
    return f"{sum(statuses.values())} recordings", holds, figures
