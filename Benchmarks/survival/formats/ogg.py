"""Ogg pages with right checksums (RFC 3533), and what may be odd about pages, whatever they hold."""

import struct

from formats.bits import ogg_checksum


def page(body, laces, sequence, flags=0, granule=0, serial=1, version=0, checksum=None):
    """One page; `laces` are the lengths of its segments, at most 255 of at most 255."""
    def head(sum):
        return b"OggS" + struct.pack("<BBqIII", version, flags, granule, serial, sequence & 0xFFFFFFFF, sum) + bytes([len(laces)]) + laces
    return head(ogg_checksum(head(0) + body) if checksum is None else checksum) + body


def laced(packet):
    return b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255])


def pages(packets, step=0, first=2, serial=1, ends=True, start=0):
    """Pages of packets, as full as they may be; `step` samples more at each packet."""
    laces, body, granule, out, sequence, continued = b"", b"", start, [], first, False
    for packet in packets:
        left = laced(packet)
        while len(laces) + len(left) > 255:
            fits = 255 - len(laces)
            part = sum(left[:fits])
            out.append(page(body + packet[:part], laces + left[:fits], sequence, int(continued), granule or -1, serial))
            sequence, laces, body, packet, left = sequence + 1, b"", b"", packet[part:], left[fits:]
            continued = fits > 0
        laces, body, granule = laces + left, body + packet, granule + step
    out.append(page(body, laces, sequence, (4 if ends else 0) | int(continued), granule, serial))
    return b"".join(out)


def stream(headers, packets, step, serial=1, start=0, ends=True):
    """A logical stream: its first header on a page of its own, then the others, then the packets."""
    beginning = page(headers[0], laced(headers[0]), 0, 2, 0, serial)
    middle = pages(headers[1:], 0, 1, serial, ends=False)
    return beginning + middle + pages(packets, step, 1 + middle.count(b"OggS\0"), serial, ends, start)


def voice():
    """A Vorbis stream that is sound in itself, for pages that are not."""
    from formats import vorbis
    return vorbis.headers(vorbis.plain_setup(), rate=16000), [b"\0\0\0\0"] * 100


def after_headers(extra):
    headers, packets = voice()
    return stream(headers, packets[:20], 128, ends=False) + extra


def false_pages():
    """Headers with a wrong checksum that each claim a page of many kilobytes: every one is summed before it is dropped."""
    return after_headers((b"OggS" + b"\0" * 22 + b"\xff" + b"\xff" * 20) * 12000)


def quiet_streams(count):
    """Streams that all begin and never go on."""
    headers, _ = voice()
    return b"".join(page(headers[0], laced(headers[0]), 0, 2, 0, serial) for serial in range(2, count))


def chained(count):
    headers, packets = voice()
    return b"".join(stream(headers, packets[:2], 128, serial) for serial in range(count))


def with_granules(granules):
    headers, packets = voice()
    tail = b"".join(
        page(b"\0" * 8, b"\4\4", 3 + place, 4 if place + 1 == len(granules) else 0, granule)
        for place, granule in enumerate(granules))
    return stream(headers, packets[:20], 128, ends=False) + tail


WORST = {
    "false pages": false_pages,
    "empty pages": lambda: after_headers(b"".join(page(b"", b"", 3 + n) for n in range(30000))),
    "pages of empty packets": lambda: after_headers(b"".join(page(b"", b"\0" * 255, 3 + n) for n in range(3000))),
    "pages of other streams": lambda: after_headers(b"".join(page(b"xx", b"\2", n, serial=n + 7) for n in range(20000))),
    "streams that only begin": lambda: quiet_streams(5000) + after_headers(b""),
    "500 chained streams": lambda: chained(500),
    "a packet without an end": lambda: after_headers(
        b"".join(page(b"\0" * 65025, b"\xff" * 255, 3 + n, 1, -1) for n in range(12))),
    "granules that go back": lambda: with_granules([1 << 40, 5, 1 << 62, 0, 3]),
    "granules beyond all": lambda: with_granules([(1 << 63) - 1, -(1 << 63), (1 << 63) - 1]),
    "negative granules": lambda: with_granules([-2, -3, -(1 << 62)]),
    "2^62 samples claimed": lambda: with_granules([1 << 62]),
    "sequence that jumps": lambda: after_headers(b"".join(page(b"\0" * 4, b"\4", n * 77777, granule=n) for n in range(2000))),
    "version 255": lambda: after_headers(b"".join(page(b"\0" * 4, b"\4", n, version=255) for n in range(2000))),
    "beginning again and again": lambda: after_headers(b"".join(page(b"\0" * 4, b"\4", n, 2 | 4) for n in range(5000))),
    "headers in one byte each": lambda: b"".join(
        page(bytes([byte]), b"\1", n, 0 if n else 2) for n, byte in enumerate(voice()[0][0] * 50)),
}


def mutate(choice, amount):
    """Pages of a good stream in an odd order, with odd flags, granules and numbers."""
    headers, packets = voice()
    packets = packets * max(1, amount // 400)
    out = [stream(headers, packets[:20], 128, ends=False)]
    sequence, place = 3, 20
    while place < len(packets) and sequence < 3000:
        count = choice.randint(1, 60)
        body = b"".join(packets[place:place + count])
        laces = b"".join(laced(packet) for packet in packets[place:place + count])
        place += count
        flags = choice.choice([0, 0, 0, 0, 1, 2, 4, 7])
        granule = choice.choice([place * 128, place * 128, -1, 0, choice.getrandbits(63), -choice.getrandbits(62)])
        serial = choice.choice([1, 1, 1, 1, 2, choice.getrandbits(32)])
        out.append(page(body, laces, sequence, flags, granule, serial, checksum=choice.choice([None] * 9 + [7])))
        sequence += choice.choice([1, 1, 1, 1, 0, 2, -1])
    if choice.random() < 0.2:
        choice.shuffle(out)
    return b"".join(out)
