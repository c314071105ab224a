"""Ogg Opus: heads of any number of streams (RFC 7845) and packets of every kind (RFC 6716)."""

import random
import struct

from formats import ogg

# Samples at 48 kHz of a frame, by configuration: SILK 0 to 11, hybrid 12 to 15, CELT 16 to 31.
FRAMES = [480, 960, 1920, 2880] * 3 + [480, 960] * 2 + [120, 240, 480, 960] * 4


def head(channels=1, streams=1, coupled=0, table=None, family=255, preskip=0, rate=48000, gain=0, version=1):
    data = b"OpusHead" + struct.pack("<BBHIhB", version, channels, preskip, rate, gain, family)
    if family:
        data += bytes([streams, coupled]) + bytes(table if table is not None else [0] * channels)
    return data


def tags(entries=(), vendor=b"", count=None, length=None):
    body = b"".join(struct.pack("<I", len(entry)) + entry for entry in entries)
    return (b"OpusTags" + struct.pack("<I", len(vendor) if length is None else length) + vendor
            + struct.pack("<I", len(entries) if count is None else count) + body)


def sized(length):
    """A frame's length in one byte or two."""
    return bytes([length]) if length < 252 else bytes([252 + length % 4, (length - 252 - length % 4) // 4])


def packet(configuration, frames, stereo=0, delimited=False, code=None, vbr=False, padding=0):
    """A packet of the frames; `delimited` as all streams but the last have it (RFC 6716, appendix B)."""
    count = len(frames)
    if code is None:
        code = 0 if count == 1 else 3
    out = bytes([configuration << 3 | stereo << 2 | code])
    if code == 2:
        out += sized(len(frames[0]))
    if code == 3:
        out += bytes([count | (0x40 if padding else 0) | (0x80 if vbr else 0)])
        if padding:
            out += b"\xff" * (padding // 254) + bytes([padding % 254])
        if vbr:
            out += b"".join(sized(len(frame)) for frame in frames[:-1])
    if delimited:
        out += sized(len(frames[-1]))
    return out + b"".join(frames) + b"\0" * padding


def several(streams, configuration, frames, coupled=0, **kind):
    """One packet that holds a packet for each stream."""
    parts = [packet(configuration, frames, int(n < coupled), n + 1 < streams, **kind) for n in range(streams)]
    return b"".join(parts)


def recording(first, packets, step, comments=None):
    return ogg.stream([first, comments or tags()], packets, step)


def noise(length, seed=1):
    return random.Random(seed).randbytes(length)


def many(streams, channels, configuration, length, count, coupled=0, table=None, code3=True, **identity):
    """Packets of 120 ms (or what fits) for each of the streams."""
    frames = max(1, 5760 // FRAMES[configuration]) if code3 else 1
    one = several(streams, configuration, [noise(length)] * frames, coupled)
    return recording(head(channels, streams, coupled, table, **identity), [one] * count, frames * FRAMES[configuration])


def single(packets, step, count, **identity):
    return recording(head(family=0, **identity), packets * count, step)


WORST = {
    "255 streams, 1 channel, SILK": lambda: many(255, 1, 11, 2, 60),
    "255 streams, 1 channel, hybrid": lambda: many(255, 1, 15, 2, 40),
    "255 streams, 1 channel, CELT of 2.5 ms": lambda: many(255, 1, 28, 2, 10),
    "255 streams, 1 channel, nothing in them": lambda: many(255, 1, 11, 0, 400),
    "255 streams, 255 channels": lambda: many(255, 255, 31, 3, 40, table=range(255)),
    "127 coupled streams": lambda: many(128, 1, 31, 3, 80, coupled=127),
    "64 channels, one of them heard": lambda: many(64, 64, 31, 8, 80, table=[0] + [255] * 63),
    "64 channels of one stream": lambda: many(1, 64, 31, 8, 800),
    "8 streams, family 1": lambda: many(8, 8, 31, 8, 200, family=1, table=range(8)),
    "no streams": lambda: recording(head(1, 0, 0), [packet(31, [noise(20)])] * 20, 960),
    "streams that are not there": lambda: recording(head(2, 1, 1, [0, 200]), [packet(31, [noise(20)])] * 20, 960),
    "all channels silent": lambda: recording(head(64, 1, 0, [255] * 64), [packet(31, [noise(20)])] * 200, 960),
    "no channels": lambda: recording(head(0, 1, 0, []), [packet(31, [noise(20)])] * 20, 960),
    "frames of nothing for an hour": lambda: single([packet(11, [b"", b""])], 5760, 30000),
    "packets of one byte": lambda: single([b"\x00"], 480, 60000),
    "48 frames of 2.5 ms": lambda: single([packet(16, [b"\xff"] * 48)], 5760, 3000),
    "full-band noise": lambda: single([packet(31, [noise(120, n)]) for n in range(8)], 960, 500),
    "SILK of 60 ms": lambda: single([packet(3, [noise(10, n)] * 2) for n in range(8)], 5760, 1000),
    "modes that change at every packet": lambda: single([packet(n, [noise(40, n)]) for n in range(32)], 960, 150),
    "padding of 60 kB a packet": lambda: single([packet(31, [noise(4)] * 2, padding=60000)], 1920, 15),
    "lengths of 1275": lambda: single([packet(31, [noise(1275)] * 3, vbr=True)], 2880, 150),
    "two frames that do not fit": lambda: single([b"\xfa\xff\xff" + b"\0" * 3], 960, 5000),
    "preskip beyond the end": lambda: single([packet(31, [noise(40)])], 960, 20, preskip=65535),
    "gain of 128 dB": lambda: single([packet(31, [noise(40)])], 960, 200, gain=32767),
    "gain of -128 dB": lambda: single([packet(31, [noise(40)])], 960, 200, gain=-32768),
    "rate 0": lambda: single([packet(31, [noise(40)])], 960, 200, rate=0),
    "rate 2^32 - 1": lambda: single([packet(31, [noise(40)])], 960, 200, rate=0xFFFFFFFF),
    "version 15": lambda: single([packet(31, [noise(40)])], 960, 200, version=15),
    "2^32 - 1 tags": lambda: recording(head(family=0), [packet(31, [noise(40)])] * 50, 960, tags(count=0xFFFFFFFF)),
    "vendor of 2^32 - 1 bytes": lambda: recording(
        head(family=0), [packet(31, [noise(40)])] * 50, 960, tags(length=0xFFFFFFFF)),
    "200,000 empty tags": lambda: recording(head(family=0), [packet(31, [noise(40)])] * 50, 960, tags([b""] * 200000)),
    "a picture of 700 kB": lambda: recording(
        head(family=0), [packet(31, [noise(40)])] * 50, 960, tags([b"METADATA_BLOCK_PICTURE=" + b"A" * 700000])),
    "300 chained streams": lambda: b"".join(
        ogg.stream([head(family=0), tags()], [packet(31, [noise(40)])] * 5, 960, serial) for serial in range(300)),
}


def mutate(choice, amount):
    """A head of random numbers that agree, and packets of every kind for each of its streams."""
    streams = choice.choice([1, 1, 1, 2, 8, 64, 255])
    coupled = choice.choice([0, 0, 1, min(streams, 255 - streams)]) if streams < 255 else 0
    channels = choice.choice([1, 1, 2, 8, 64, 255])
    heard = [choice.choice([255, choice.randrange(streams + coupled)]) for _ in range(channels)]
    identity = {
        "family": choice.choice([255, 255, 1]), "preskip": choice.choice([0, 312, 65535]),
        "rate": choice.choice([0, 8000, 16000, 48000]), "gain": choice.choice([0, 0, 300, -32768, 32767])}
    different, step = [], 0
    for _ in range(choice.choice([1, 3, 8])):
        configuration = choice.randrange(32)
        count = choice.randint(1, max(1, 5760 // FRAMES[configuration]))
        length = choice.choice([0, 1, 2, 10, 60, 300, 1275])
        frames = [choice.randbytes(length)] * count
        kind = {"vbr": choice.random() < 0.3, "code": 3} if count != 1 or choice.random() < 0.5 else {}
        padding = choice.choice([0, 0, 0, 1, 600]) if kind else 0
        different.append(several(streams, configuration, frames, coupled, padding=padding, **kind))
        step = count * FRAMES[configuration]
    size = sum(len(one) for one in different)
    packets = different * max(1, amount // size)
    if choice.random() < 0.3:
        packets = [one[:choice.randint(0, len(one))] if choice.random() < 0.2 else one for one in packets]
    return recording(head(channels, streams, coupled, heard, **identity), packets, step)
