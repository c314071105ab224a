"""Trials of what clients do to WebSockets."""

import contextlib
import os
import threading
import time

from replica import Replica, percentile

HANDSHAKE = (
    "GET /live?type=audio/pcm;rate=16000 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").encode()


def frame(first, payload=b""):
    """A frame whose mask is zeros."""
    size = len(payload)
    length = bytes([128 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
    return bytes([first]) + length + bytes(4) + payload


def opened(server):
    """A socket whose handshake is answered with 101, or None."""
    sock = server.dial()
    sock.sendall(HANDSHAKE)
    answer = b""
    while b"\r\n\r\n" not in answer and (piece := sock.recv(4096)):
        answer += piece
    if answer.startswith(b"HTTP/1.1 101"):
        return sock
    sock.close()
    return None


def patiently_opened(server, patience=20):
    """The same, where a place may have to be waited for."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if sock := opened(server):
            return sock
        time.sleep(0.05)
    return None


def heard(sock):
    """All that comes until the server ends it."""
    received = b""
    with contextlib.suppress(OSError):
        while piece := sock.recv(65536):
            received += piece
    sock.close()
    return received


def drip(server):
    """Half a frame, then nothing but pieces of it."""
    if sock := patiently_opened(server):
        with contextlib.suppress(OSError):
            for byte in frame(0x82, bytes(60))[:20]:
                sock.sendall(bytes([byte]))
                time.sleep(0.01)
        sock.close()


def shout(server):
    """Pings and samples without end, of whose answers nothing is read."""
    if sock := patiently_opened(server):
        sock.setblocking(False)
        flood, end = frame(0x89, bytes(125)) * 500 + frame(0x82, bytes(60_000)), time.monotonic() + 3
        while time.monotonic() < end:
            try:
                sock.send(flood)
            except BlockingIOError:
                time.sleep(0.01)
            except OSError:
                break
        sock.close()


def leave(server):
    """Opened, and dropped with an answer on its way."""
    if sock := opened(server):
        sock.sendall(frame(0x82, bytes(3200)))
        sock.close()


def break_off(server):
    """Garbage instead of frames."""
    if sock := opened(server):
        with contextlib.suppress(OSError):
            sock.sendall(os.urandom(200))
        heard(sock)


def crowd(server, settings):
    """Everything above at once, by many clients."""
    def many(act, count):
        for _ in range(count):
            with contextlib.suppress(OSError):
                act(server)

    work = [(leave, settings.sockets), (break_off, settings.sockets // 4), (drip, settings.sockets // 50), (shout, 2)]
    threads = [threading.Thread(target=many, args=item) for item in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def answered(server):
    """Seconds until a client that does as it should has its whole answer; None without one."""
    began, sock = time.monotonic(), patiently_opened(server)
    if not sock:
        return None
    for _ in range(10):
        sock.sendall(frame(0x82, bytes(9600)))
    sock.sendall(frame(0x81, b'{"end": true}'))
    whole = heard(sock)
    return time.monotonic() - began if b'"audio"' in whole and whole.endswith(b"\x88\x02\x03\xe8") else None


def in_flight(server):
    """Requests that are not over, without the one that asks."""
    return server.metric("emotion_http_requests_in_flight") - 1


def sockets(settings):
    """WebSockets opened and dropped, half frames, garbage, floods that nobody reads: memory stays, every place is free again."""
    with Replica(settings, "--idle-timeout", "5") as server:
        crowd(server, settings)
        first = server.resident()
        threads, descriptors = len(os.listdir(f"/proc/{server.pid}/task")), server.descriptors()
        crowd(server, settings)
        last = server.resident()
        times = [answered(server) for _ in range(20)]
        end = time.monotonic() + 15
        while True:
            # In this order: asking opens a connection of its own.
            left, running = server.descriptors() - descriptors, in_flight(server)
            if (left <= 0 and running == 0) or time.monotonic() > end:
                break
            time.sleep(0.1)
        count = server.metric('emotion_http_requests_total{route="/live",status="101"}')
        same = len(os.listdir(f"/proc/{server.pid}/task")) == threads
        holds = None not in times and left <= 0 and running == 0 and same and count > settings.sockets and (last < 1.2 * first + 20 or settings.sanitized)
    slowest = 1000 * percentile([seconds for seconds in times if seconds is not None] or [0], 1)
    figures = f"{first:.0f} → {last:.0f} MB, {max(left, 0)} descriptors and {running:.0f} requests left, whole answers after it in at most {slowest:.0f} ms"
    return f"{count:.0f} WebSockets opened and dropped, and worse", holds, figures
