"""WAV and its relatives RIFX, RF64 and W64, with chunks and fields of any size."""

import struct

SUBFORMAT = b"\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71"
W64 = {
    b"riff": bytes.fromhex("726966662e91cf11a5d628db04c10000"), b"wave": bytes.fromhex("77617665f3acd3118cd100c04f8edb8a"),
    b"fmt ": bytes.fromhex("666d7420f3acd3118cd100c04f8edb8a"), b"data": bytes.fromhex("64617461f3acd3118cd100c04f8edb8a"),
    b"fact": bytes.fromhex("66616374f3acd3118cd100c04f8edb8a"), b"list": bytes.fromhex("6c6973742f91cf11a5d628db04c10000")}
SOUND = bytes(range(256)) * 32


def chunk(name, data=b"", size=None, order="<"):
    """A chunk; `size` may lie."""
    return name + struct.pack(order + "I", len(data) if size is None else size) + data + b"\0" * (len(data) % 2)


def format(tag=1, channels=1, rate=16000, align=2, bits=16, extra=b"", order="<", bytes_a_second=None, size=None):
    speed = rate * align & 0xFFFFFFFF if bytes_a_second is None else bytes_a_second
    return chunk(b"fmt ", struct.pack(order + "HHIIHH", tag, channels, rate, speed, align, bits) + extra, size, order)


def wave(*chunks, magic=b"RIFF", size=None, order="<"):
    body = b"WAVE" + b"".join(chunks)
    return magic + struct.pack(order + "I", len(body) if size is None else size) + body


def plain(data=SOUND, size=None, **fields):
    return wave(format(**fields), chunk(b"data", data, size))


def microsoft(align, samples, coefficients=7, channels=1, data=SOUND):
    """MS ADPCM, whose header counts its own coefficients."""
    extra = struct.pack("<HHH", 4 + 4 * (coefficients & 0xFF), samples, coefficients) + b"\0\1\0\0" * (coefficients & 0xFF)
    return wave(format(2, channels, 16000, align, 4, extra), chunk(b"data", data))


def interactive(align, samples, channels=1, data=SOUND, tag=17, bits=4):
    """IMA ADPCM."""
    return wave(format(tag, channels, 16000, align, bits, struct.pack("<HH", 2, samples)), chunk(b"data", data))


def extensible(sub=1, mask=4, valid=16, length=22, channels=1, align=2, bits=16, tail=SUBFORMAT):
    extra = struct.pack("<HHIH", length, valid, mask, sub) + tail
    return wave(format(0xFFFE, channels, 16000, align, bits, extra), chunk(b"data", SOUND))


def long(riff=None, data_size=None, samples=0, entries=0, table=b"", data=SOUND):
    """RF64 with its sizes of 64 bits."""
    sizes = struct.pack("<QQQI", len(data) + 100 if riff is None else riff, len(data) if data_size is None else data_size,
                        samples, entries)
    return wave(chunk(b"ds64", sizes + table), format(), chunk(b"data", data, 0xFFFFFFFF), magic=b"RF64", size=0xFFFFFFFF)


def sony_chunk(name, data=b"", size=None):
    body = data + b"\0" * (-len(data) % 8)
    return W64.get(name, name.ljust(16, b"\0")) + struct.pack("<Q", (len(data) + 24 if size is None else size) & (1 << 64) - 1) + body


def sony(*chunks, size=None):
    body = b"".join(chunks)
    return W64[b"riff"] + struct.pack("<Q", (len(body) + 40 if size is None else size) & (1 << 64) - 1) + W64[b"wave"] + body


def sony_plain(data=SOUND, size=None, before=b""):
    return sony(sony_chunk(b"fmt ", format()[8:]), before, sony_chunk(b"data", data, size))


def listed(depth):
    data = b""
    for _ in range(depth):
        data = chunk(b"LIST", b"INFO" + data)
    return data


def before_data(*chunks):
    return wave(format(), *chunks, chunk(b"data", SOUND))


WORST = {
    "size 0": lambda: wave(format(), chunk(b"data", SOUND), size=0),
    "size 2^32 - 1": lambda: wave(format(), chunk(b"data", SOUND), size=0xFFFFFFFF),
    "2^32 - 1 bytes of sound claimed": lambda: plain(size=0xFFFFFFFF),
    "2^31 bytes of sound claimed": lambda: plain(size=0x80000000),
    "no sound": lambda: plain(b""),
    "one byte of sound": lambda: plain(b"\1"),
    "no channels": lambda: plain(channels=0),
    "255 channels": lambda: plain(channels=255, align=510),
    "65,535 channels": lambda: plain(channels=65535, align=65534),
    "rate 0": lambda: plain(rate=0),
    "rate 2^32 - 1": lambda: plain(rate=0xFFFFFFFF),
    "block align 0": lambda: plain(align=0),
    "block align 65,535": lambda: plain(align=65535),
    "0 bits": lambda: plain(bits=0),
    "1 bit": lambda: plain(bits=1, align=1),
    "33 bits": lambda: plain(bits=33, align=5),
    "64 bits of whole numbers": lambda: plain(bits=64, align=8),
    "65,535 bits": lambda: plain(bits=65535),
    "floats that are none": lambda: plain(b"\xff\xff\xff\x7f\0\0\x80\xff" * 1000, tag=3, align=4, bits=32),
    "doubles beyond floats": lambda: plain(struct.pack("<d", 1e300) * 1000, tag=3, align=8, bits=64),
    "24 bits on 64 channels": lambda: plain(b"\x7f" * 200_000, channels=64, align=192, bits=24, rate=192000),
    "8 bits at 4 kHz": lambda: plain(b"\x80" * 900_000, align=1, bits=8, rate=4000),
    "MS ADPCM, blocks of 0": lambda: microsoft(0, 0),
    "MS ADPCM, blocks of 1": lambda: microsoft(1, 1),
    "MS ADPCM, blocks of 7": lambda: microsoft(7, 2),
    "MS ADPCM, 65,535 samples a block": lambda: microsoft(256, 65535),
    "MS ADPCM, blocks of 65,535": lambda: microsoft(65535, 65535),
    "MS ADPCM, 65,535 coefficients": lambda: microsoft(256, 500, 65535),
    "MS ADPCM, no coefficients": lambda: microsoft(256, 500, 0),
    "MS ADPCM, 255 channels": lambda: microsoft(256, 500, channels=255),
    "MS ADPCM, predictor 255": lambda: microsoft(256, 500, data=b"\xff" * 256 * 100),
    "IMA ADPCM, blocks of 0": lambda: interactive(0, 0),
    "IMA ADPCM, blocks of 1": lambda: interactive(1, 1),
    "IMA ADPCM, blocks of 4": lambda: interactive(4, 1, data=SOUND * 40),
    "IMA ADPCM, 65,535 samples a block": lambda: interactive(256, 65535),
    "IMA ADPCM, no samples a block": lambda: interactive(256, 0),
    "IMA ADPCM, 255 channels": lambda: interactive(1024, 9, 255),
    "IMA ADPCM, step 255": lambda: interactive(256, 505, data=b"\xff" * 25600),
    "GSM, blocks of 1": lambda: interactive(1, 320, tag=49, bits=0),
    "GSM, 65,535 samples a block": lambda: interactive(65, 65535, tag=49, bits=0),
    "G.721, blocks of 1": lambda: interactive(1, 2, tag=64),
    "extensible, no subformat": lambda: extensible(tail=b"\0" * 14),
    "extensible within extensible": lambda: extensible(0xFFFE),
    "extensible, 32 places, 1 channel": lambda: extensible(mask=0xFFFFFFFF),
    "extensible, 65,535 valid bits": lambda: extensible(valid=65535),
    "extensible of 0 bytes": lambda: extensible(length=0, tail=b""),
    "format chunk of 2^31 bytes": lambda: wave(format(size=0x7FFFFFFF), chunk(b"data", SOUND)),
    "format chunk of 2 bytes": lambda: wave(chunk(b"fmt ", b"\1\0"), chunk(b"data", SOUND)),
    "two format chunks": lambda: wave(format(), format(3, 2, 48000, 8, 32), chunk(b"data", SOUND)),
    "sound before the format": lambda: wave(chunk(b"data", SOUND), format()),
    "two chunks of sound": lambda: wave(format(), chunk(b"data", SOUND), chunk(b"data", SOUND)),
    "100,000 empty chunks": lambda: before_data(chunk(b"junk") * 100_000),
    "a chunk of 2^32 - 1 bytes": lambda: before_data(chunk(b"junk", b"", 0xFFFFFFFF)),
    "a chunk of 2^32 - 8 bytes": lambda: before_data(chunk(b"junk", b"", 0xFFFFFFF8)),
    "lists 600 deep": lambda: before_data(listed(600)),
    "2^32 - 1 cue points": lambda: before_data(chunk(b"cue ", struct.pack("<I", 0xFFFFFFFF) + b"\0" * 240)),
    "2^31 loops": lambda: before_data(chunk(b"smpl", b"\0" * 28 + struct.pack("<II", 0x80000000, 0xFFFFFFFF))),
    "an instrument of 3 bytes": lambda: before_data(chunk(b"inst", b"abc")),
    "a history of 700 kB": lambda: before_data(chunk(b"bext", b"\0" * 602 + b"x" * 700_000)),
    "a history of 2^31 bytes claimed": lambda: before_data(chunk(b"bext", b"\0" * 602, 0x7FFFFFFF)),
    "peaks of 255 channels": lambda: before_data(chunk(b"PEAK", b"\0" * 8 + b"\xff" * 8 * 255)),
    "20,000 texts": lambda: before_data(chunk(b"LIST", b"INFO" + chunk(b"INAM", b"x" * 20) * 20_000)),
    "2^32 - 1 samples in fact": lambda: before_data(chunk(b"fact", b"\xff" * 4)),
    "RIFX of MS ADPCM": lambda: wave(format(2, order=">", align=1), chunk(b"data", SOUND, order=">"), magic=b"RIFX", order=">"),
    "RF64, 2^64 - 1 bytes": lambda: long((1 << 64) - 1, (1 << 64) - 1, (1 << 64) - 1),
    "RF64, 2^63 bytes": lambda: long(1 << 63, 1 << 63),
    "RF64, 2^32 - 1 entries": lambda: long(entries=0xFFFFFFFF),
    "RF64, 20,000 entries": lambda: long(entries=20_000, table=b"data" + b"\xff" * 8),
    "RF64 without its sizes": lambda: wave(format(), chunk(b"data", SOUND, 0xFFFFFFFF), magic=b"RF64"),
    "W64, chunk of 0 bytes": lambda: sony_plain(before=sony_chunk(b"junk", size=0)),
    "W64, chunk of 1 byte": lambda: sony_plain(before=sony_chunk(b"junk", size=1)),
    "W64, chunk of 2^63 bytes": lambda: sony_plain(before=sony_chunk(b"junk", size=1 << 63)),
    "W64, chunk of 2^64 - 8 bytes": lambda: sony_plain(before=sony_chunk(b"junk", size=-8)),
    "W64, 2^64 - 1 bytes of sound": lambda: sony_plain(size=(1 << 64) - 1),
    "W64, 20,000 empty chunks": lambda: sony_plain(before=sony_chunk(b"junk") * 20_000),
}


def random_format(choice, order):
    tag = choice.choice([1, 1, 3, 6, 7, 2, 17, 49, 64, 80, 85, 0xFFFE, choice.getrandbits(16)])
    channels = choice.choice([1, 1, 2, 6, 64, 255, choice.getrandbits(16)])
    bits = choice.choice([0, 4, 8, 16, 24, 32, 64, choice.getrandbits(16)])
    align = choice.choice([channels * bits // 8 & 0xFFFF, 0, 1, 7, 256, choice.getrandbits(16)])
    rate = choice.choice([0, 4000, 16000, 48000, 192000, choice.getrandbits(32)])
    extra = choice.choice([b"", struct.pack("<HH", 2, choice.getrandbits(16)), choice.randbytes(choice.randint(0, 60)),
                           struct.pack("<HHIH", 22, bits, choice.getrandbits(32), choice.choice([1, 3, 2])) + SUBFORMAT,
                           struct.pack("<HHH", 32, choice.getrandbits(10), 7) + choice.randbytes(28)])
    return format(tag, channels, rate, align, bits, extra, order)


def mutate(choice, amount):
    """Chunks in any order, their sizes right but for some, in one of the four wrappings."""
    magic = choice.choice([b"RIFF", b"RIFF", b"RIFX", b"RF64", b"W64"])
    order = ">" if magic == b"RIFX" else "<"
    sound = (choice.randbytes(256) * (amount // 256 + 1))[:amount]
    names = [b"fact", b"cue ", b"smpl", b"inst", b"LIST", b"bext", b"PEAK", b"junk", b"acid", b"cart", choice.randbytes(4)]
    parts = [random_format(choice, order)]
    for _ in range(choice.choice([0, 1, 3, 30])):
        parts.append(chunk(choice.choice(names), choice.randbytes(choice.choice([0, 1, 4, 40, 700])),
                           choice.choice([None] * 6 + [0, 0xFFFFFFFF, choice.getrandbits(32)]), order))
    if magic == b"W64":
        return sony(*[sony_chunk(part[:4], part[8:], choice.choice([None] * 8 + [0, choice.getrandbits(64)]))
                      for part in parts], sony_chunk(b"data", sound))
    parts.append(chunk(b"data", sound, choice.choice([None, None, 0, 0xFFFFFFFF, choice.getrandbits(32)]), order))
    if choice.random() < 0.2:
        choice.shuffle(parts)
    if magic == b"RF64":
        sizes = [choice.choice([len(sound), choice.getrandbits(64)]) for _ in range(3)]
        parts.insert(0, chunk(b"ds64", struct.pack("<QQQI", *sizes, choice.choice([0, 1, choice.getrandbits(32)]))))
    return wave(*parts, magic=magic, size=choice.choice([None, None, 0xFFFFFFFF, choice.getrandbits(32)]), order=order)
