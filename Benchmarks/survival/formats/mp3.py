"""MP3: frames of every version and rate (ISO 11172-3 and 13818-3), ID3 tags, and the headers of encoders."""

import struct

from formats.bits import HighFirst

# Version in the header: 3 is MPEG 1, 2 is MPEG 2, 0 is MPEG 2.5.
RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
BITRATES = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)}
BITRATES[0] = BITRATES[2]


def length(version, bitrate, rate, padding=0):
    return (144 if version == 3 else 72) * 1000 * BITRATES[version][bitrate] // RATES[version][rate] + padding


def frame(version=2, bitrate=8, rate=2, mode=3, side=None, body=b"", layer=1, protected=False, extension=0, size=None):
    """A frame whose side information is `side` (zeros: silence); `layer` 1 is Layer III."""
    head = bytes([0xFF, 0xE0 | version << 3 | layer << 1 | int(not protected),
                  bitrate << 4 | rate << 2, mode << 6 | extension << 4])
    wide = (32, 17)[mode == 3] if version == 3 else (17, 9)[mode == 3]
    data = head + (b"\0\0" if protected else b"") + (side if side is not None else b"\0" * wide) + body
    size = length(version, bitrate, rate) if size is None else size
    return data[:size].ljust(size, b"\0")


def side_information(version, mode, reservoir=0, values=288, bits=4095, gain=210, compress=9, switching=0, block=2, tables=31,
                     regions=7):
    """Side information that asks for as much as `values` and `bits` say in each granule and channel."""
    out, channels, first = HighFirst(), 1 if mode == 3 else 2, version == 3
    out.write(reservoir, 9 if first else 8)
    out.write(0, (5 if channels == 1 else 3) if first else (1 if channels == 1 else 2))
    if first:
        out.write(0, 4 * channels)
    for _ in range((2 if first else 1) * channels):
        for value, width in ((bits, 12), (values, 9), (gain, 8), (compress, 4 if first else 9), (switching, 1)):
            out.write(value, width)
        if switching:
            out.write(block << 1, 3)
            out.write(tables << 5 | tables, 10)
            out.write(0x1FF, 9)
        else:
            out.write(tables << 10 | tables << 5 | tables, 15)
            out.write(regions, 7)
        out.write(0, 3 if first else 2)
    return out.bytes()


def safe(number):
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def tag(body, version=4, flags=0, size=None):
    """An ID3v2 tag; `size` may lie."""
    return b"ID3" + bytes([version, 0, flags]) + safe(len(body) if size is None else size) + body


def text(name, data, size=None, flags=0):
    """A frame of an ID3v2.4 tag."""
    return name + safe(len(data) if size is None else size) + struct.pack(">H", flags) + data


def xing(frames, size, toc=b"", flags=3, lame=b""):
    """The encoder's frame before the first."""
    body = b"Xing" + struct.pack(">III", flags, frames, size) + toc + lame
    return frame(body=body, bitrate=14)


def vbri(frames, size, entries, entry_size, per_entry):
    body = b"\0" * (32 - 9) + b"VBRI" + struct.pack(
        ">HHHIIHHHH", 1, 0, 0, size, frames, entries, 1, entry_size, per_entry) + b"\0" * 100
    return frame(body=body, bitrate=14)


def speech(count=200, **facts):
    """Frames of noise, as far as random bits are sound."""
    side = side_information(2, 3, values=100, bits=700, gain=180, tables=1)
    return frame(side=side, body=bytes(range(256)), **facts) * count


def changing():
    """Frames of every version, rate, bit rate and mode by turns."""
    return b"".join(frame(version, bitrate, rate, mode) for version in RATES for rate in range(3)
                    for bitrate in range(1, 15) for mode in range(4))


def heavy(version, bitrate, rate, mode, count, **facts):
    side = side_information(version, mode, **facts)
    size = length(version, bitrate, rate)
    return frame(version, bitrate, rate, mode, side, b"\xa5" * size) * count


WORST = {
    "silence at 8 kbit/s": lambda: frame(0, 1, 2) * 12000,
    "silence of an hour": lambda: frame(2, 1, 2) * 20000,
    "silence, 320 kbit/s, stereo": lambda: frame(3, 14, 1, 0) * 800,
    "largest values and longest part": lambda: heavy(3, 14, 0, 0, 500),
    "largest values, 2.5, 8 kHz": lambda: heavy(0, 14, 2, 0, 500),
    "more values than there are": lambda: heavy(3, 14, 0, 0, 300, values=511),
    "short blocks": lambda: heavy(3, 14, 0, 0, 500, switching=1),
    "block of kind 0 with switching": lambda: heavy(3, 14, 0, 0, 300, switching=1, block=0),
    "mixed regions that overlap": lambda: heavy(3, 14, 0, 1, 300, regions=127),
    "tables that do not exist": lambda: heavy(3, 14, 0, 0, 300, tables=4),
    "loudest gain": lambda: heavy(3, 14, 0, 0, 300, gain=255, values=200, bits=2000, tables=24),
    "a reservoir that is not there": lambda: heavy(3, 1, 0, 3, 4000, reservoir=511),
    "intensity and mid-side": lambda: heavy(2, 14, 0, 1, 500, compress=511) + frame(3, 14, 0, 1, extension=3) * 200,
    "everything changes at every frame": lambda: changing() * 4,
    "Layer I and II between": lambda: (frame() + frame(3, 8, 0, layer=3, size=209) + frame(3, 8, 0, layer=2, size=418)) * 400,
    "free format": lambda: frame() * 3 + (frame(bitrate=0, size=200)) * 3000,
    "free format of changing lengths": lambda: frame() * 3 + b"".join(frame(bitrate=0, size=40 + n % 900) for n in range(1500)),
    "wrong checksums": lambda: frame(protected=True, body=b"\xff" * 300) * 2000,
    "sync words only": lambda: frame() * 3 + b"\xff\xfb" * 300_000,
    "headers only": lambda: frame() * 3 + frame(3, 14, 0)[:4] * 150_000,
    "garbage between frames": lambda: (frame() + b"\xff" * 60_000) * 12,
    "2^32 - 1 frames claimed": lambda: xing(0xFFFFFFFF, 0xFFFFFFFF) + speech(),
    "no frames claimed": lambda: xing(0, 0) + speech(),
    "LAME delay beyond the end": lambda: xing(3, 600, flags=3, lame=b"LAME3.100" + b"\0" * 12 + b"\xff\xff\xff" + b"\0" * 12) + speech(),
    "VBRI of 65,535 entries": lambda: vbri(0xFFFFFFFF, 0xFFFFFFFF, 65535, 65535, 65535) + speech(),
    "VBRI of entries of no bytes": lambda: vbri(1, 1, 65535, 0, 0) + speech(),
    "a tag of 256 MB claimed": lambda: tag(b"", size=0xFFFFFFF) + speech(),
    "a picture of 700 kB": lambda: tag(text(b"APIC", b"\0image/png\0\3\0" + b"\xff" * 700_000)) + speech(),
    "50,000 comments": lambda: tag(text(b"COMM", b"\0eng\0x") * 50_000) + speech(),
    "50,000 texts in UTF-16": lambda: tag(text(b"TXXX", b"\1\xff\xfea\0\0\0\xff\xfeb\0") * 30_000) + speech(),
    "a text of 700 kB in UTF-16 without an end": lambda: tag(text(b"TIT2", b"\1\xff\xfe" + b"\xd8\0" * 350_000)) + speech(),
    "unsynchronised tag": lambda: tag(b"\xff\0" * 300_000, flags=0x80) + speech(),
    "extended header that lies": lambda: tag(safe(0xFFFFFFF) + b"\0" * 100, flags=0x40) + speech(),
    "20,000 tags in a row": lambda: tag(b"") * 20_000 + speech(),
    "a tag after every frame": lambda: (frame() + tag(text(b"RVA2", b"\0\1\xff\xff\x10\xff\xff"))) * 2500,
    "RVA2 of 2^255": lambda: tag(text(b"RVA2", b"a\0\1\x7f\xff\xff" + b"\xff" * 32) * 1000) + speech(),
    "ID3v1 tags only": lambda: frame() * 3 + (b"TAG" + b"x" * 125) * 4000,
}


def mutate(choice, amount):
    """Tags, then frames of random headers and side information, some of them cut."""
    out = []
    for _ in range(choice.choice([0, 0, 1, 3])):
        out.append(tag(text(choice.choice([b"COMM", b"TIT2", b"APIC", b"RVA2", b"TXXX", b"ZZZZ"]), choice.randbytes(40),
                            choice.choice([None, None, choice.getrandbits(28)])), choice.choice([2, 3, 4]),
                       choice.choice([0, 0, 0x80, 0x40, 0x10])))
    if choice.random() < 0.3:
        out.append(xing(choice.getrandbits(32), choice.getrandbits(32), choice.randbytes(100), choice.getrandbits(4)))
    version, rate, different = choice.choice([0, 2, 3]), choice.randrange(3), []
    for _ in range(choice.choice([1, 3, 8])):
        if choice.random() < 0.2:
            version, rate = choice.choice([0, 2, 3]), choice.randrange(3)
        bitrate, mode = choice.randint(1, 14), choice.randrange(4)
        side = side_information(
            version, mode, choice.choice([0, 0, 100, 511]), choice.choice([0, 20, 288, 511]), choice.choice([0, 500, 4095]),
            choice.randrange(256), choice.getrandbits(9), choice.randrange(2), choice.randrange(4), choice.randrange(32),
            choice.randrange(128))
        different.append(frame(version, bitrate, rate, mode, side, choice.randbytes(length(version, bitrate, rate)),
                               protected=choice.random() < 0.2, extension=choice.randrange(4)))
        if choice.random() < 0.1:
            different.append(choice.randbytes(choice.choice([1, 40, 3000])))
    size = sum(len(one) for one in different)
    return b"".join(out) + b"".join(different) * max(1, amount // size)
