"""Trials of requests that are odd apart from the recording in them: JSON that swells, parameters by the hundred."""

import itertools
import signal
import subprocess
import sys
import time

import usage
from replica import Replica, voice
from ways import ask, message, model_name

# JSON of about `size` bytes, each a text that is small beside what a tree of it would take, or that is slow to read.
JSON = {
    "numbers": lambda size: b'{"inputs":"","a":[' + b"1," * (size // 2) + b"1]}",
    "floats": lambda size: b'{"inputs":"","a":[' + b"1e1," * (size // 4) + b"1]}",
    "empty objects": lambda size: b'{"inputs":"","a":[' + b"{}," * (size // 3) + b"1]}",
    "empty arrays": lambda size: b'{"inputs":"","a":[' + b"[]," * (size // 3) + b"1]}",
    "empty strings": lambda size: b'{"inputs":"","a":[' + b'"",' * (size // 3) + b"1]}",
    "nulls": lambda size: b'{"inputs":"","a":[' + b"null," * (size // 5) + b"1]}",
    "small objects": lambda size: b'{"inputs":"","a":[' + b'{"a":{"b":1}},' * (size // 14) + b"1]}",
    "keys": lambda size: b'{"inputs":"",' + b"".join(b'"%07x":0,' % n for n in range(size // 12)) + b'"a":0}',
    "the same key": lambda size: b'{"inputs":"",' + b'"a":0,' * (size // 6) + b'"a":0}',
    "inputs again and again": lambda size: b"{" + b'"inputs":"",' * (size // 12) + b'"a":0}',
    "parameters": lambda size: b'{"inputs":"","parameters":{' + b",".join(
        b'"%07x":"x"' % n for n in range(size // 14)) + b"}}",
    "deep arrays": lambda size: b'{"inputs":"","a":' + b"[" * (size // 2) + b"]" * (size // 2) + b"}",
    "deep objects": lambda size: b'{"a":' * (size // 6) + b"1" + b"}" * (size // 6),
    "arrays that never end": lambda size: b'{"inputs":"","a":' + b"[" * size,
    "a long number": lambda size: b'{"inputs":"","a":' + b"1" * size + b"}",
    "a long exponent": lambda size: b'{"inputs":"","a":1e' + b"1" * size + b"}",
    "a long key": lambda size: b'{"' + b"a" * size + b'":"","inputs":""}',
    "a long string beside": lambda size: b'{"inputs":"","a":"' + b"x" * size + b'"}',
    "escapes": lambda size: b'{"inputs":"","a":"' + b"\\u00e9" * (size // 6) + b'"}',
    "half surrogates": lambda size: b'{"inputs":"","a":"' + b"\\ud800" * (size // 6) + b'"}',
    "blanks": lambda size: b'{"inputs":' + b" " * size + b'""}',
    "base64 of nothing": lambda size: b'{"inputs":"' + b"A" * (size // 4 * 4) + b'"}',
    "base64 of escapes": lambda size: b'{"inputs":"' + b"\\n" * (size // 2) + b'"}',
    "base64 of escaped slashes": lambda size: b'{"inputs":"' + b"\\/" * (size // 8 * 4) + b'"}',
    "base64 of \\u": lambda size: b'{"inputs":"' + b"\\u0041" * (size // 24 * 4) + b'"}',
    "base64 of equals signs": lambda size: b'{"inputs":"' + b"=" * size + b'"}',
    "no UTF-8": lambda size: b'{"inputs":"","a":"' + b"\xff" * size + b'"}',
    "no end of a string": lambda size: b'{"inputs":"' + b"A" * size,
}
# The same for the protocol's request.
TENSORS = {
    "a shape of many": lambda size: b'{"inputs":[{"name":"audio","datatype":"BYTES","data":[],"shape":['
    + b"1," * (size // 2) + b"1]}]}",
    "many tensors": lambda size: b'{"inputs":[' + b'{"name":"","datatype":"","shape":[]},' * (size // 37)
    + b'{"name":"audio","datatype":"BYTES","shape":[1],"data":[""]}]}',
    "many empty recordings": lambda size: b'{"inputs":[{"name":"audio","datatype":"BYTES","shape":[1],"data":['
    + b'"",' * (size // 3) + b'""]}]}',
    "one long recording": lambda size: b'{"inputs":[{"name":"audio","datatype":"BYTES","shape":[1],"data":["'
    + b"A" * (size // 4 * 4) + b'"]}]}',
    "many outputs": lambda size: b'{"outputs":[' + b'{"name":"x"},' * (size // 13)
    + b'{"name":"x"}],"inputs":[{"name":"audio","datatype":"BYTES","shape":[1],"data":[""]}]}',
    "parameters within parameters": lambda size: b'{"parameters":{"a":' * (size // 19) + b"1" + b"}}" * (size // 19),
}
# Beside the body and half of it, what any request may take: buffers of a connection, an answer, what a processor keeps for itself.
SLACK = 2e6
# A multiple that no small body can have by its size alone: pieces of a heap are rounded up.
MULTIPLE = 1.5


def swelling(settings, start):
    """Pairs of a name and a request."""
    size = settings.megabytes * 1_000_000
    routes = ["/predict", "/audio-classification"] if start is Replica else ["/predict"]
    for place, (name, make) in enumerate(JSON.items()):
        yield name, make(size), routes[place % len(routes)]
    for name, make in TENSORS.items() if start is Replica else ():
        yield name, make(size), "/v2/models/{model}/infer"


def json_bombs(settings, start=Replica):
    """Large JSON: answered, and at its peak in memory of no more than half as much again as the body."""
    worst, slowest, statuses, died, over = (0.0, ""), (0.0, ""), {}, [], []
    server = start(settings)
    model = model_name(server.port)
    ask(server.port, message("/predict", voice(settings.folder, 1)))
    for name, body, route in swelling(settings, start):
        data = message(route.format(model=model), body, ["Content-Type: application/json"])
        size = len(body)
        del body
        with usage.Peak(server.pid) as peak:
            answer = ask(server.port, data, 60)
        multiple = max(0.0, peak.bytes - SLACK) / size
        statuses[answer.status] = statuses.get(answer.status, 0) + 1
        worst, slowest = max(worst, (multiple, name)), max(slowest, (answer.seconds, name))
        if not server.alive():
            died.append(name)
            server = start(settings)
        if multiple > MULTIPLE or not (answer.status == 200 or 400 <= answer.status < 500):
            over.append(name)
            print(f"  {name}: {answer.status}, {multiple:.1f} times the body, {answer.seconds:.1f} s", file=sys.stderr)
    server.process.kill()
    holds = not died and (settings.sanitized or not over)
    figures = (f"{statuses}, at most {worst[0]:.1f} times the body ({worst[1]}), slowest {slowest[0]:.1f} s ({slowest[1]})"
               + (f", died of {died}" if died else "") + (f", failed: {over}" if over else ""))
    return f"{len(JSON) + len(TENSORS) if start is Replica else len(JSON)} kinds of {settings.megabytes} MB of JSON", holds, figures


def crowded():
    """Heads with hundreds of something, of which each gets one answer."""
    get = b"GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n"
    yield get % (b"/?" + b"a&" * 700, b"")
    yield get % (b"/?" + b"a=b&" * 700, b"")
    yield get % (b"/healthz?" + b"&" * 700, b"")
    yield get % (b"/model?" + b"a=1&" * 498 + b"a=1", b"")
    yield get % (b"/model?" + b"a=1&" * 499 + b"a=1", b"")
    yield get % (b"/model?" + b"a=1&" * 500 + b"a=1", b"")
    yield get % (b"/model?" + b"%41=%42&" * 1000, b"")
    yield get % (b"/model", b"Cookie: " + b"a=b; " * 700 + b"\r\n")
    yield get % (b"/model", b"X: y\r\n" * 700)
    yield get % (b"/model?" + b"a" * 20000, b"")
    yield get % (b"/" + b"a" * 40000, b"")
    yield b"POST /predict?" + b"a&" * 700 + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabcd"
    yield b"POST /predict?" + b"a&" * 700 + b" HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n"
    yield b"POST /predict?" + b"windows=true&" * 600 + b" HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nabcd"


def many_parameters(settings, start=Replica):
    """Heads with 700 parameters and their like: each gets one answer, nothing of it stays, and SIGTERM ends it at once."""
    options = ("--idle-timeout", "5", "--grace-time", "10")
    unanswered, statuses, heads = 0, {}, list(crowded())
    with start(settings, *options) as server:
        for head in heads * 2 + [b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"] * 50:
            ask(server.port, head, 1, quiet=0.02)
        before, count = usage.resident(server.pid), 0
        for number, head in zip(range(settings.parameters), itertools.cycle([heads[0]] * 7 + heads)):
            answer = ask(server.port, head, 2, quiet=0.1 if b"Expect" in head else 0.002)
            statuses[answer.status] = statuses.get(answer.status, 0) + 1
            unanswered += answer.status == 0 or answer.data.replace(b"HTTP/1.1 100", b"").count(b"HTTP/1.1 ") > 1
            count = number + 1
            if unanswered > 20:
                break
        alive = server.alive()
        time.sleep(1)
        after = usage.resident(server.pid) if alive else 0
        server.signal(signal.SIGTERM)
        began = time.monotonic()
        try:
            code = server.wait(30)
        except subprocess.TimeoutExpired:
            code = None
    stopped = time.monotonic() - began
    grown = max(0, after - before) / 1e6
    proper = not any(status == 0 or status >= 500 for status in statuses)
    steady = grown < 4 or settings.sanitized
    holds = alive and not unanswered and proper and steady and code == 0 and stopped < 3
    figures = (f"{statuses}, {unanswered} without just one answer, memory {before / 1e6:.1f} → {after / 1e6:.1f} MB, "
               f"exit {code} {stopped:.1f} s after SIGTERM")
    return f"{count} heads with hundreds of parameters, cookies or fields", holds, figures
