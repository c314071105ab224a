"""Trials of what operators do: stop, reload, kill, balance."""

import json
import os
import signal
import struct
import subprocess
import threading
import time

import usage
from load import Clients
from replica import Replica, await_ready, free_port, read_status, request_bytes, voice


def stop_while_busy(settings):
    """SIGTERM with 200 requests running: each of them is answered, and the exit code is 0."""
    body, rounds, crowd = voice(settings.folder, 1), settings.stops, 200
    lost, codes, seconds = 0, {}, []
    for _ in range(rounds):
        server = Replica(settings, "--queue", "256", "--grace-time", "60")
        socks = [server.dial() for _ in range(crowd)]
        request = request_bytes(body)
        for sock in socks:
            sock.sendall(request[:-1])
        # All are begun (the one more is the question itself) and none is complete.
        deadline = time.monotonic() + 60
        while server.metric("emotion_http_requests_in_flight") < crowd + 1:
            if time.monotonic() > deadline:
                raise RuntimeError(f"only {server.metric('emotion_http_requests_in_flight') - 1:.0f} requests began")
            time.sleep(0.01)
        began = time.monotonic()
        for number, sock in enumerate(socks):
            sock.sendall(request[-1:])
            if number == crowd // 2:
                server.signal(signal.SIGTERM)
        lost += sum(read_status(sock) != 200 for sock in socks)
        code = server.wait()
        seconds.append(time.monotonic() - began)
        codes[code] = codes.get(code, 0) + 1
        for sock in socks:
            sock.close()
    holds = lost == 0 and set(codes) == {0}
    figures = f"{lost} of {rounds * crowd} lost, exit codes {codes}, slowest stop {max(seconds):.1f} s"
    return f"SIGTERM in the middle of {crowd} requests, {rounds} times", holds, figures


def renamed(model, name):
    """The same weights under another name, which gives the file another hash."""
    length = struct.unpack("<Q", model[:8])[0]
    header = json.loads(model[8:8 + length])
    header["__metadata__"]["name"] = name
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + model[8 + length:]


def hang_up(server):
    """Has it reload by SIGHUP and waits until that is over; what POST /-/reload would answer, 0 where nothing happens."""
    before = [server.metric(f'emotion_reloads_total{{result="{result}"}}') for result in ("success", "failure")]
    server.signal(signal.SIGHUP)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        after = [server.metric(f'emotion_reloads_total{{result="{result}"}}') for result in ("success", "failure")]
        if after != before:
            return 200 if after[0] > before[0] else 500
        time.sleep(0.01)
    return 0


def reload_under_load(settings):
    """Every tenth file is broken: it changes nothing; every answer names the hash of a model that was valid then."""
    good = settings.model.read_bytes()
    models = {name: renamed(good, name) for name in ("even", "odd")}
    path = settings.folder / "served.safetensors"
    path.write_bytes(models["even"])
    refused, wrong = 0, []
    with Replica(settings, "--model", str(path)) as server:
        # Before the first question: an answer may be there before another line of this thread runs.
        changes = [(time.monotonic(), time.monotonic(), "even")]
        with Clients(4, server.port, voice(settings.folder, 1), keep_bodies=True) as clients:
            for turn in range(1, settings.reloads + 1):
                name, broken = ("odd" if turn % 2 else "even"), turn % 10 == 0
                draft = path.with_suffix(".draft")
                draft.write_bytes(models[name][:len(good) // 2] if broken else models[name])
                os.replace(draft, path)
                began = time.monotonic()
                status = hang_up(server) if turn % 3 == 0 else server.reload()[0]
                if status == 500 and broken:
                    refused += 1
                elif status == 200 and not broken:
                    changes.append((began, time.monotonic(), name))
                else:
                    wrong.append((turn, status))
                time.sleep(0.05)
    failed, mismatched, hashes = 0, 0, {}
    for status, took, when, body in clients.answers:
        if status != 200:
            failed += 1
            continue
        model = json.loads(body)["model"]
        hashes.setdefault(model["name"], set()).add(model["sha256"])
        # Whatever was valid at some moment between the question and the answer.
        allowed = {name for index, (began, _, name) in enumerate(changes)
                   if began <= when + took and (index + 1 == len(changes) or changes[index + 1][1] >= when)}
        mismatched += model["name"] not in allowed
    holds = not (failed or mismatched or wrong) and all(len(found) == 1 for found in hashes.values())
    figures = (f"{len(clients.answers)} answers, {failed} failed, {mismatched} by a model not valid then, "
               f"{refused} broken files refused, unexpected {wrong}")
    return f"{settings.reloads} reloads under load", holds, figures


def killed(settings):
    """kill -9 under load with a supervisor: serving again at once, and clients that retry see nothing of it."""
    starts, processor, ended = [], [], threading.Event()
    server = Replica(settings)
    port = server.port
    box = [server]

    def supervise():
        while True:
            box[0].process.wait()
            if ended.is_set():
                return
            box[0] = Replica(settings, port=port)
            processor.append(usage.processor_seconds(box[0].pid))
            starts.append(box[0].start_seconds)

    supervisor = threading.Thread(target=supervise)
    supervisor.start()
    with Clients(4, port, voice(settings.folder, 1), retries=200) as clients:
        for turn in range(settings.kills):
            time.sleep(0.4)
            box[0].process.kill()
            while len(starts) <= turn:
                time.sleep(0.01)
    ended.set()
    box[0].stop()
    supervisor.join()
    # A single start may wait for a processor that others have: the median shows what a start waits for by itself.
    usual = sorted(starts)[len(starts) // 2]
    holds = ((usual < 0.2 and max(processor) < 0.2) or settings.quick) and set(clients.statuses()) == {200}
    figures = (f"serving after {usual:.3f} s, at worst {max(starts):.3f} s, at most {max(processor):.2f} s of processor; "
               f"{clients.statuses()}")
    return f"kill -9 under load, {settings.kills} times", holds, figures


HAPROXY = """
global
  tune.bufsize 262144
defaults
  mode http
  timeout connect 1s
  timeout client 30s
  timeout server 30s
  timeout queue 10s
  option httpchk GET /readyz
  option redispatch 1
  option http-buffer-request
  retries 4
  retry-on all-retryable-errors
frontend clients
  bind 127.0.0.1:{port}
  default_backend replicas
backend replicas
  balance leastconn
  default-server check inter 100ms fall 1 rise 1
{servers}
"""


def balanced(settings):
    """Three replicas behind HAProxy, one killed and one drained in turn under load: no client sees an error."""
    replicas = [Replica(settings) for _ in range(3)]
    ports = [replica.port for replica in replicas]
    port = free_port()
    servers = "\n".join(f"  server r{place} 127.0.0.1:{at}" for place, at in enumerate(ports))
    configuration = settings.folder / "haproxy.cfg"
    configuration.write_text(HAPROXY.format(port=port, servers=servers))
    proxy = subprocess.Popen(["haproxy", "-f", str(configuration), "-db"], stderr=subprocess.DEVNULL)
    await_ready(port)
    with Clients(6, port, voice(settings.folder, 1)) as clients:
        for turn in range(settings.kills):
            time.sleep(0.7)
            place = turn % 3
            if turn % 2:
                replicas[place].signal(signal.SIGTERM)
                replicas[place].wait()
            else:
                replicas[place].process.kill()
                replicas[place].process.wait()
            time.sleep(0.3)
            replicas[place] = Replica(settings, port=ports[place])
        time.sleep(0.7)
    proxy.terminate()
    proxy.wait()
    for replica in replicas:
        replica.stop()
    # Replicas that a sanitizer slows down answer the proxy's health checks too late, now and then all of them.
    holds = set(clients.statuses()) <= ({200, 503} if settings.sanitized else {200})
    figures = f"{clients.statuses()}, slowest {max(clients.seconds()):.2f} s"
    return f"HAProxy, 3 replicas, {settings.kills} killed or drained in turn", holds, figures
