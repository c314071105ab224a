#!/usr/bin/env python3
"""Trials of framing: what each of several hundred framings gets directly, and whether a request can be smuggled through a proxy.

    Benchmarks/survival/smuggling.py      both trials alone, as Benchmarks/survival/run --only framing smuggling
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from framings import DECLINED, EITHER, REFUSED, SERVED, TWO, variants
from replica import Replica, await_ready, free_port
from ways import ask


def answers(data):
    """Statuses and request identifiers of final answers, in their order."""
    heads = re.findall(rb"HTTP/1\.[01] (\d{3})[^\r\n]*\r\n((?:[^\r\n]+\r\n)*)", data)
    found = []
    for status, fields in heads:
        identifier = re.search(rb"(?i)x-request-id: *([^\r\n]+)", fields)
        if not status.startswith(b"1"):
            found.append((int(status), identifier[1].decode("latin-1") if identifier else ""))
    return found


def log_lines(file):
    """The requests that a server's JSON log tells of."""
    for line in Path(file.name).read_text(errors="replace").splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if entry.get("event") == "request":
            yield entry


def reached(file):
    """Numbers of the hidden requests that the server took for requests."""
    found = set()
    for entry in log_lines(file):
        for text in (entry.get("path", ""), entry.get("id", "")):
            match = re.fullmatch(r"/?(?:smuggled|inner)-(\d+)", text)
            if match:
                found.add(int(match[1]))
    return found


def fault(variant, number, answer, taken):
    """What is wrong with what a server did with a variant; None when nothing is."""
    got = answers(answer.data)
    statuses = [status for status, _ in got]
    if variant.right == TWO:
        if statuses and statuses[0] >= 400 and answer.closed and len(got) == 1:
            return None  # it refused the first as a recording and closed, which it may
        return None if len(got) == 2 else f"{statuses}, two answers were due"
    if number in taken and variant.name != "a second after an empty line":
        return f"{statuses}, the hidden request was taken for one"
    if variant.name == "a second after an empty line":
        return None if 1 <= len(got) <= 2 else f"{statuses}"
    if len(got) != 1:
        return f"{statuses}" if got else "no answer" + (", closed" if answer.closed else "")
    if statuses[0] >= 500 and statuses[0] not in (501, 505):
        return f"{statuses}"
    if variant.right == REFUSED and (statuses[0] < 400 or not answer.closed):
        return f"{statuses}, {'closed' if answer.closed else 'left open'}; to be refused and closed"
    if variant.right == DECLINED and statuses[0] < 400:
        return f"{statuses}; to be refused"
    if variant.right == SERVED and (statuses[0] == 405 or not got[0][1].startswith("outer-")):
        return f"{statuses}; to be served"
    return None


def framing(settings):
    """Each framing on a connection of its own: one answer where one is due, the hidden request is none, bad ones are closed."""
    wrong = []
    with Replica(settings, "--log-level", "info") as server:
        cases = list(enumerate(variants()))[::settings.every]
        with ThreadPoolExecutor(16) as crowd:
            got = list(crowd.map(lambda case: ask(server.port, case[1].make(case[0]), 3, quiet=0.5), cases))
        alive = server.alive()
        time.sleep(0.5)
        taken = reached(server.log)
    for (number, variant), answer in zip(cases, got):
        reason = fault(variant, number, answer, taken)
        if reason:
            wrong.append(variant.name)
            print(f"  {variant.name}: {reason}", file=sys.stderr)
    smuggled = sum(number in taken and variant.right not in (TWO, EITHER) for number, variant in cases)
    figures = (f"{len(wrong)} answered wrongly, {smuggled} hidden requests taken for requests"
               + (f": {'; '.join(wrong[:4])}" if wrong else "") + ("" if alive else "; died"))
    return f"{len(cases)} framings", alive and not wrong, figures


HAPROXY = """
global
  log stdout len 8192 format raw local0 info
  tune.bufsize 65536
defaults
  mode http
  log global
  log-format "%HM %HU"
  timeout connect 2s
  timeout client 10s
  timeout server 10s
  http-reuse always
frontend clients
  bind 127.0.0.1:{port}
  {leniency}
  default_backend replicas
backend replicas
  server one 127.0.0.1:{backend}
"""
NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.error;
events {{ worker_connections 512; }}
http {{
  log_format line '$request_method $request_uri';
  access_log {folder}/nginx.access line;
  client_body_temp_path {folder}/nginx-body;
  proxy_temp_path {folder}/nginx-proxy;
  fastcgi_temp_path {folder}/nginx-f; uwsgi_temp_path {folder}/nginx-u; scgi_temp_path {folder}/nginx-s;
  ignore_invalid_headers off;
  underscores_in_headers on;
  upstream one {{ server 127.0.0.1:{backend}; keepalive 4; }}
  server {{
    listen 127.0.0.1:{port};
    client_max_body_size 64m;
    location / {{
      proxy_pass http://one;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_request_buffering {buffering};
    }}
  }}
}}
"""


class Proxy:
    """HAProxy or nginx before a server, its configuration lenient where it can be; its log tells what it took for requests."""

    def __init__(self, kind, folder, backend):
        self.folder, self.port = Path(folder), free_port()
        place = {"port": self.port, "backend": backend, "folder": folder, "buffering": "off" if kind.endswith("streams") else "on",
                 "leniency": "option accept-invalid-http-request" if kind.endswith("lenient") else ""}
        configuration = self.folder / "configuration"
        self.log = self.folder / ("proxy.log" if kind.startswith("HAProxy") else "nginx.access")
        if kind.startswith("HAProxy"):
            configuration.write_text(HAPROXY.format(**place))
            command = ["haproxy", "-f", str(configuration), "-db"]
        else:
            configuration.write_text(NGINX.format(**place))
            command = ["/usr/sbin/nginx", "-c", str(configuration), "-p", folder]
        with open(self.folder / "proxy.log", "wb") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL)
        await_ready(self.port)

    def taken(self):
        """Numbers of hidden requests that the proxy itself took for requests of the client."""
        return {int(number) for number in re.findall(r"smuggled-(\d+)", self.log.read_text(errors="replace"))}

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


def through(settings, kind):
    """What came of all variants through one proxy: (cases, smuggled, swapped answers, taken by the proxy itself)."""
    with tempfile.TemporaryDirectory(dir=settings.folder) as folder, Replica(settings, "--log-level", "info") as server:
        proxy = Proxy(kind, folder, server.port)

        def attempt(case):
            number, variant = case
            answer = ask(proxy.port, variant.make(number), 3, quiet=0.15)
            # Another client's request, over connections to the server that were used before: its answer must be its own.
            victim = b"GET /victim-%d HTTP/1.1\r\nHost: x\r\nX-Request-ID: victim-%d\r\nConnection: close\r\n\r\n" % (number, number)
            reply = answers(ask(proxy.port, victim, 5).data)
            return answer, reply == [(404, f"victim-{number}")]
        cases = list(enumerate(variants()))[::settings.every]
        try:
            with ThreadPoolExecutor(8) as crowd:
                got = list(crowd.map(attempt, cases))
            time.sleep(0.5)
        finally:
            proxy.stop()
        alive, taken, forwarded = server.alive(), reached(server.log), proxy.taken()
        victims = [entry for entry in log_lines(server.log) if entry.get("path", "").startswith("/victim-")]
    smuggled = [variant.name for number, variant in cases if number in taken - forwarded]
    swapped = [variant.name for (_, variant), (_, own) in zip(cases, got) if not own]
    many = [variant.name for (number, variant), (answer, _) in zip(cases, got)
            if sum(bool(identifier) for _, identifier in answers(answer.data)) > 1 + (variant.right in (TWO, EITHER) or number in forwarded)]
    own = [variant.name for number, variant in cases if number in forwarded and variant.right not in (TWO, EITHER)]
    holds = alive and not smuggled and not swapped and not many and len(victims) >= len(cases)
    for what, names in (("smuggled", smuggled), ("another's answer", swapped), ("too many answers", many),
                        ("the proxy's own reading", own)):
        for name in names:
            print(f"  {kind}: {what}: {name}", file=sys.stderr)
    figures = (f"{kind}: {len(cases)} framings, {len(smuggled)} smuggled, {len(swapped)} answers to others, {len(many)} with "
               f"an answer too many, {len(own)} split by the proxy itself" + ("" if alive else ", died"))
    return holds, figures


def smuggling(settings):
    """The same through proxies that keep connections: the server sees no request that the proxy did not see."""
    found = [through(settings, kind) for kind in ("HAProxy", "HAProxy, lenient", "nginx", "nginx that streams")]
    return "framings through proxies", all(holds for holds, _ in found), "; ".join(figures for _, figures in found)


if __name__ == "__main__":
    run = Path(__file__).with_name("run")
    os.execv(run, [str(run), "--only", "framing", "smuggling", *sys.argv[1:]])
