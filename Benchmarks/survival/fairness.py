"""Trials of what heavy work does to others, and of what becomes of it when nobody waits for it any more."""

import multiprocessing
import socket
import struct
import time

import formats
import usage
from replica import Replica, percentile, voice
from load import Clients
from ways import ask, form, message

# The heaviest that is known: each takes seconds of a decoder that is let go on, or ends it.
HEAVY = [
    ("opus", "127 coupled streams"), ("opus", "255 streams, 1 channel, hybrid"), ("opus", "255 streams, 255 channels"),
    ("vorbis", "line spectra of 64 channels"), ("vorbis", "256 couplings"), ("vorbis", "256 books of 2^19"),
    ("vorbis", "64 books of 2^18"), ("vorbis", "silence on 255 channels"), ("flac", "silence of 16 hours"),
    ("flac", "prediction of order 32 on 8 channels"), ("mp3", "largest values and longest part"), ("ogg", "false pages"),
]
# Seconds of processor that six clients may cost after they have gone.
LEFT_BEHIND = 0.5
SHORT = "/predict?windows=true&window=0.5&hop=0.05"


def heavy():
    """Requests that take long, in bytes."""
    bodies = {name: formats.FORMATS[format].WORST[name]() for format, name in HEAVY}
    silence = bodies["silence of 16 hours"]
    return ([message("/predict", body) for body in bodies.values()]
            + [message(SHORT, silence, chunked=True), form([silence] * 64, SHORT), form([bodies["127 coupled streams"]] * 64)])


def attack(port, address, requests, ended, counts):
    """One client that sends heavy work without a pause."""
    place = int(address.rsplit(".", 1)[1])
    while not ended.is_set():
        answer = ask(port, requests[place % len(requests)], 5, address)
        with counts.get_lock():
            counts.value += 1
        place += 1
        if answer.status == 0 and answer.seconds < 0.1:
            time.sleep(0.05)


def fair_queue(settings, start=Replica):
    """A light client's answers come nearly as fast while four others, each from an address of its own, send the worst known."""
    body, requests = voice(settings.folder, 4), heavy()
    ended, counts = multiprocessing.Event(), multiprocessing.Value("i", 0)
    with start(settings) as server:
        ask(server.port, message("/predict", body), 60)  # the first has more to do
        with Clients(1, server.port, body, pause=0.01) as idle:
            time.sleep(settings.seconds / 2)
        attackers = [
            multiprocessing.Process(
                target=attack, args=(server.port, f"127.0.0.{place}", requests, ended, counts), daemon=True)
            for place in range(2, 6)]
        for attacker in attackers:
            attacker.start()
        time.sleep(0.5)
        with Clients(1, server.port, body, pause=0.01) as light:
            time.sleep(settings.seconds)
            ended.set()
        for attacker in attackers:
            attacker.join(10)
        alive = server.alive()
        server.process.kill()  # what it still works on would hold it for its whole grace time
    usual, then = (1000 * percentile(clients.seconds() or [60], 0.99) for clients in (idle, light))
    worst = 1000 * max([took for _, took, *_ in light.answers] or [60])
    served = set(light.statuses()) == {200}
    holds = alive and served and then <= (500 if settings.quick else 5 * usual)
    figures = (f"p99 {usual:.1f} → {then:.1f} ms ({then / usual:.1f} times), slowest {worst:.0f} ms, {light.statuses()} "
               f"beside {counts.value} heavy requests" + ("" if alive else "; died"))
    return "a light client beside four that send the worst recordings", holds, figures


def leave(port, request, delay, reset, reads):
    """Sends a request whole, waits (and reads some of the answer), and goes, with a reset or without."""
    sock = socket.create_connection(("127.0.0.1", port), timeout=10)
    try:
        sock.sendall(request)
        time.sleep(delay)
        if reads:
            sock.settimeout(2)
            sock.recv(2000)
        if reset:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    except OSError:
        pass
    sock.close()


def leavers(settings, start=Replica):
    """Clients that go in the middle of long work: the work ends, and a waiting request of theirs is not begun.

    Judged by the processor time that is spent after they have gone, which others' use of the processor does not lengthen.
    """
    slowest, most, kinds = 0.0, (0.0, ""), heavy()
    with start(settings) as server:
        for turn in range(settings.leaves):
            reset, reads = turn % 2 == 1, turn % 3 == 2
            for number in range(6):
                leave(server.port, kinds[(turn + number) % len(kinds)], 0.1, reset, reads)
            gone = usage.processor_seconds(server.pid)
            rest = usage.await_rest(server.pid, 30)
            most = max(most, (usage.processor_seconds(server.pid) - gone, f"turn {turn}"))
            slowest = max(slowest, 30.0 if rest is None else rest)
            if not server.alive() or rest is None:
                break
        alive = server.alive()
        answer = ask(server.port, message("/predict", voice(settings.folder, 1)), 20).status if alive else 0
        flights = server.metric("emotion_http_requests_in_flight") if alive and start is Replica else 1
        server.process.kill()
    ends = slowest < 30 and (most[0] < LEFT_BEHIND or settings.sanitized)
    holds = alive and answer == 200 and flights <= 1 and ends
    figures = (f"at most {most[0]:.2f} s of processor after the last has gone ({most[1]}), at rest "
               f"{'not after' if slowest >= 30 else 'after at most'} {slowest:.2f} s, next answer {answer}, "
               f"{flights - 1:.0f} requests left" + ("" if alive else "; died"))
    return f"{6 * settings.leaves} clients that leave in the middle of long work", holds, figures
