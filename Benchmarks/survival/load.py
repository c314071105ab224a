"""Clients that ask again and again, and what they saw."""

import http.client
import threading
import time


class Clients:
    """So many threads, each with a connection of its own, until they are stopped.

    A connection that is lost is opened anew; whether that counts as a failure is the trial's business: `answers` holds
    (status, seconds, when, body), with status 0 for a request without an answer.
    """

    def __init__(self, count, port, body, path="/predict", retries=0, pause=0.0, keep_bodies=False):
        self.answers, self.lock, self.ended = [], threading.Lock(), threading.Event()
        self.port, self.body, self.path = port, body, path
        self.retries, self.pause, self.keep_bodies = retries, pause, keep_bodies
        self.threads = [threading.Thread(target=self._run, daemon=True) for _ in range(count)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for thread in self.threads:
            thread.join(120)

    def statuses(self):
        counts = {}
        for status, *_ in self.answers:
            counts[status] = counts.get(status, 0) + 1
        return counts

    def seconds(self, status=200):
        return [took for found, took, *_ in self.answers if found == status]

    def _run(self):
        connection = None
        while not self.ended.is_set():
            began = time.monotonic()
            for attempt in range(self.retries + 1):
                connection, status, body = self._ask(connection)
                if status not in (0, 503) or attempt == self.retries:
                    break
                time.sleep(0.05)
            with self.lock:
                kept = body if self.keep_bodies else b""
                self.answers.append((status, time.monotonic() - began, began, kept))
            if self.pause:
                time.sleep(self.pause)

    def _ask(self, connection):
        try:
            connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            if self.body is None:
                connection.request("GET", self.path)
            else:
                connection.request("POST", self.path, self.body)
            response = connection.getresponse()
            body = response.read()
            if response.will_close:
                connection.close()
                connection = None
            return connection, response.status, body
        except (OSError, http.client.HTTPException):
            if connection:
                connection.close()
            return None, 0, b""
