"""Apple's CAF: chunks whose sizes have 64 bits."""

import struct

SOUND = bytes(range(256)) * 32


def chunk(name, data=b"", size=None):
    return name + struct.pack(">q", len(data) if size is None else size) + data


def description(rate=16000.0, kind=b"lpcm", flags=2, packet=2, frames=1, channels=1, bits=16, raw_rate=None):
    """`raw_rate` are the rate's eight bytes, where they are no usual number."""
    return chunk(b"desc", (raw_rate or struct.pack(">d", rate)) + kind
                 + struct.pack(">IIIII", flags, packet, frames, channels, bits))


def sound(data=SOUND, size=None, edits=0):
    return chunk(b"data", struct.pack(">I", edits) + data, size)


def file(*chunks, version=1, flags=0):
    return b"caff" + struct.pack(">HH", version, flags) + b"".join(chunks)


def plain(data=SOUND, size=None, **fields):
    return file(description(**fields), sound(data, size))


def between(*chunks):
    return file(description(), *chunks, sound())


WORST = {
    "rate 0": lambda: plain(rate=0),
    "rate -1": lambda: plain(rate=-1),
    "rate 10^300": lambda: plain(rate=1e300),
    "rate infinite": lambda: plain(rate=float("inf")),
    "rate not a number": lambda: plain(rate=float("nan")),
    "rate denormal": lambda: plain(rate=5e-324),
    "no channels": lambda: plain(channels=0),
    "255 channels": lambda: plain(channels=255, packet=510),
    "2^32 - 1 channels": lambda: plain(channels=0xFFFFFFFF),
    "0 bits": lambda: plain(bits=0),
    "33 bits": lambda: plain(bits=33, packet=5),
    "2^32 - 1 bits": lambda: plain(bits=0xFFFFFFFF),
    "packets of no bytes": lambda: plain(packet=0),
    "packets of 2^32 - 1 bytes": lambda: plain(packet=0xFFFFFFFF),
    "packets of no frames": lambda: plain(frames=0),
    "packets of 2^32 - 1 frames": lambda: plain(frames=0xFFFFFFFF),
    "sound without an end": lambda: plain(size=-1),
    "sound of -2 bytes": lambda: plain(size=-2),
    "sound of 2^63 - 1 bytes": lambda: plain(size=(1 << 63) - 1),
    "sound of 0 bytes": lambda: plain(size=0),
    "sound of 3 bytes": lambda: plain(size=3),
    "doubles beyond floats": lambda: plain(struct.pack(">d", 1e300) * 1000, flags=1, packet=8, bits=64),
    "floats that are none": lambda: plain(b"\x7f\xff\xff\xff" * 2000, flags=1, packet=4, bits=32),
    "µ-law on 64 channels at 192 kHz": lambda: plain(
        SOUND * 40, kind=b"ulaw", packet=64, channels=64, bits=8, rate=192000.0),
    "ALAC": lambda: file(description(kind=b"alac", packet=0, frames=4096), chunk(b"kuki", b"\0" * 24), sound()),
    "ALAC, 2^63 packets": lambda: file(
        description(kind=b"alac"), chunk(b"pakt", struct.pack(">qqii", (1 << 63) - 1, (1 << 63) - 1, -1, -1)), sound()),
    "60,000 empty chunks": lambda: between(chunk(b"free") * 60_000),
    "a chunk of -1 bytes": lambda: between(chunk(b"free", size=-1)),
    "a chunk of -12 bytes": lambda: between(chunk(b"free", size=-12)),
    "a chunk of 2^63 - 1 bytes": lambda: between(chunk(b"free", size=(1 << 63) - 1)),
    "2^32 - 1 texts": lambda: between(chunk(b"info", struct.pack(">I", 0xFFFFFFFF) + b"a\0b\0" * 100)),
    "50,000 texts": lambda: between(chunk(b"info", struct.pack(">I", 50_000) + b"a\0b\0" * 50_000)),
    "a text without an end": lambda: between(chunk(b"info", struct.pack(">I", 1) + b"a" * 700_000)),
    "2^32 - 1 strings": lambda: between(chunk(b"strg", struct.pack(">I", 0xFFFFFFFF))),
    "2^32 - 1 channels described": lambda: between(chunk(b"chan", struct.pack(">III", 0, 0, 0xFFFFFFFF))),
    "a layout of 4 bytes": lambda: between(chunk(b"chan", b"\0\0\0\1")),
    "peaks of 2 bytes": lambda: between(chunk(b"peak", b"\0\0")),
    "peaks of 700 kB": lambda: between(chunk(b"peak", b"\xff" * 700_000)),
    "2^32 - 1 markers": lambda: between(chunk(b"mark", b"\xff" * 80)),
    "sound before its description": lambda: file(sound(), description()),
    "20 descriptions": lambda: file(*[description(channels=n) for n in range(1, 21)], sound()),
    "description of 2 bytes": lambda: file(chunk(b"desc", b"\0\0"), sound()),
    "version 65,535": lambda: file(description(), sound(), version=65535, flags=65535),
}


def mutate(choice, amount):
    kind = choice.choice([b"lpcm", b"lpcm", b"ulaw", b"alaw", b"alac", b"ima4", b"aac "])
    channels = choice.choice([1, 1, 2, 8, 64, 255, choice.getrandbits(32)])
    bits = choice.choice([8, 16, 24, 32, 64, 0, choice.getrandbits(32)])
    packet = choice.choice([channels * bits // 8 & 0xFFFFFFFF] * 3 + [0, choice.getrandbits(32)])
    parts = [description(
        choice.choice([4000.0, 16000.0, 48000.0, 192000.0, 1e-9, 1e18]), kind, choice.choice([0, 1, 2, 3, choice.getrandbits(32)]),
        packet, choice.choice([1, 1, 0, choice.getrandbits(32)]), channels, bits,
        choice.choice([None] * 4 + [choice.randbytes(8)]))]
    for _ in range(choice.choice([0, 1, 4, 50])):
        name = choice.choice([b"info", b"strg", b"chan", b"peak", b"mark", b"kuki", b"pakt", b"free", b"uuid", choice.randbytes(4)])
        size = choice.choice([None] * 6 + [0, -1, -12, choice.getrandbits(63)])
        parts.append(chunk(name, choice.randbytes(choice.choice([0, 4, 24, 300])), size))
    parts.append(sound((choice.randbytes(256) * (amount // 256 + 1))[:amount], choice.choice([None, None, -1, choice.getrandbits(63)])))
    if choice.random() < 0.1:
        choice.shuffle(parts)
    return file(*parts)
