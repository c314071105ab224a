"""Matroska and WebM (RFC 9559): elements of any size, blocks with every lacing, tracks of every codec that is decoded."""

import struct

from formats import flac, opus, vorbis

SOUND = b"\0\1\0\2" * 4000


def number(value, length):
    """As EBML writes numbers: a one behind as many zero bits as further bytes follow."""
    return (1 << (7 * length) | value & (1 << (7 * length)) - 1).to_bytes(length, "big")


def size(value):
    return number(value, next(length for length in range(1, 9) if value < (1 << (7 * length)) - 1))


def element(id, content=b"", claimed=None):
    """`claimed` bytes where the size is to lie; -1: it is left open."""
    if claimed is not None:
        claimed = number(claimed, 8)
    return id.to_bytes((id.bit_length() + 7) // 8, "big") + (claimed or size(len(content))) + content


def unsigned(id, value):
    return element(id, value.to_bytes(8, "big"))


def beginning(kind=b"matroska"):
    return element(0x1A45DFA3, element(0x4282, kind)) + element(0x18538067, claimed=-1)


def track(codec=b"A_PCM/INT/LIT", private=b"", rate=16000.0, channels=1, depth=16, track=1, kind=2, delay=0, extra=b""):
    audio = element(0xB5, struct.pack(">d", rate)) + unsigned(0x9F, channels) + unsigned(0x6264, depth)
    return element(0xAE, unsigned(0xD7, track) + unsigned(0x83, kind) + element(0x86, codec) + element(0x63A2, private)
                   + unsigned(0x56AA, delay) + extra + element(0xE1, audio))


def block(content, track=1, flags=0, time=0):
    return size(track) + struct.pack(">hB", time, flags) + content


def simple(content, **facts):
    return element(0xA3, block(content, **facts))


def group(content, discard=None, **facts):
    padding = b"" if discard is None else element(0x75A2, struct.pack(">q", discard))
    return element(0xA0, element(0xA1, block(content, **facts)) + padding)


def xiph(lengths):
    return b"".join(b"\xff" * (length // 255) + bytes([length % 255]) for length in lengths)


def differences(lengths):
    """EBML's lacing: the first length, and then what each differs by, in 4 bytes."""
    out = [size(lengths[0])] if lengths else []
    out += [number(length - before + (1 << 27) - 1, 4) for before, length in zip(lengths, lengths[1:])]
    return b"".join(out)


def laced(frames, kind):
    """A block's flags and content: `kind` is 1 (Xiph), 2 (one length for all) or 3 (EBML)."""
    lengths = [len(frame) for frame in frames[:-1]]
    head = {1: xiph, 2: lambda _: b"", 3: differences}[kind](lengths)
    return {"flags": kind << 1, "content": bytes([len(frames) - 1]) + head + b"".join(frames)}


def recording(*elements, kind=b"matroska", tracks=None):
    return beginning(kind) + element(0x1654AE6B, tracks or track()) + element(0x1F43B675, claimed=-1) + b"".join(elements)


def opus_track(**head):
    return track(b"A_OPUS", opus.head(family=0, **head), 48000.0)


def vorbis_private(headers, lengths=None):
    return bytes([2]) + xiph(lengths or [len(header) for header in headers[:2]]) + b"".join(headers)


def vorbis_track(setup, **identity):
    return track(b"A_VORBIS", vorbis_private(vorbis.headers(setup, **identity)))


def flac_track(**facts):
    return track(b"A_FLAC", b"fLaC" + flac.information(**facts))


def packets(count=200):
    return [opus.packet(31, [opus.noise(40, seed)]) for seed in range(8)] * (count // 8)


WORST = {
    "2^56 - 2 bytes in a block": lambda: recording(element(0xA3, block(SOUND), (1 << 56) - 2)),
    "2^56 - 2 bytes in a codec's header": lambda: recording(
        simple(SOUND), tracks=element(0xAE, unsigned(0xD7, 1) + element(0x63A2, b"", (1 << 56) - 2))),
    "2^56 - 2 bytes in everything": lambda: recording(*[element(0xA0, b"", (1 << 56) - 2)] * 60_000),
    "60,000 segments": lambda: recording(element(0x18538067, claimed=-1) * 60_000, simple(SOUND)),
    "140,000 clusters": lambda: recording(element(0x1F43B675) * 140_000, simple(SOUND)),
    "elements of no bytes": lambda: recording(element(0xEC) * 350_000, simple(SOUND)),
    "elements of unknown size": lambda: recording(b"\xec\xff" * 350_000, simple(SOUND)),
    "blocks of no bytes": lambda: recording(element(0xA3) * 350_000, simple(SOUND)),
    "blocks of no frame": lambda: recording(simple(b"") * 110_000),
    "blocks of 256 frames of no bytes": lambda: recording(simple(**laced([b""] * 256, 1)) * 2500, tracks=opus_track()),
    "frames of one byte": lambda: recording(simple(**laced([b"\0"] * 256, 2)) * 250, tracks=opus_track()),
    "blocks of another track": lambda: recording(simple(SOUND[:20], track=9) * 25_000),
    "64 tracks with headers of 10 kB": lambda: recording(
        simple(SOUND), tracks=b"".join(track(private=SOUND[:10_000], track=n) for n in range(64))),
    "100,000 tracks": lambda: recording(simple(SOUND), tracks=element(0xAE) * 100_000),
    "a header of 700 kB": lambda: recording(simple(SOUND), tracks=track(b"A_OPUS", b"OpusHead" * 90_000)),
    "sizes that run over": lambda: recording(simple(**laced([SOUND[:9]] * 9, 3))[:-60], simple(SOUND) * 20),
    "2^62 ns of padding": lambda: recording(group(SOUND, 1 << 62), group(SOUND, -1 << 62), simple(SOUND)),
    "2^63 ns of delay": lambda: recording(simple(SOUND), tracks=track(delay=1 << 63)),
    "a rate of infinity": lambda: recording(simple(SOUND), tracks=track(rate=float("inf"))),
    "a rate that is no number": lambda: recording(simple(SOUND), tracks=track(rate=float("nan"))),
    "2^64 - 1 channels": lambda: recording(simple(SOUND), tracks=track(channels=(1 << 64) - 1)),
    "2^64 - 1 bits": lambda: recording(simple(SOUND), tracks=track(depth=(1 << 64) - 1)),
    "64 channels of a byte": lambda: recording(simple(SOUND[:64]) * 10_000, tracks=track(channels=64, depth=8)),
    "floats that are no numbers": lambda: recording(simple(b"\xff" * 4000), tracks=track(b"A_PCM/FLOAT/IEEE", depth=32)),
    "Opus, packets of nothing for an hour": lambda: recording(
        simple(opus.packet(11, [b"", b""])) * 30_000, tracks=opus_track()),
    "Opus, packets of one byte": lambda: recording(simple(b"\0") * 60_000, tracks=opus_track()),
    "Opus, 255 streams": lambda: recording(
        *[simple(opus.several(255, 28, [opus.noise(2)])) for _ in range(200)],
        tracks=track(b"A_OPUS", opus.head(255, 255, 0, range(255)))),
    "Vorbis, a book of 2^22": lambda: recording(
        simple(b"\0"), tracks=vorbis_track(vorbis.plain_setup(lambda bits: vorbis.flat_book(bits, 22)))),
    "Vorbis, lengths beyond its headers": lambda: recording(
        simple(b"\0"), tracks=track(b"A_VORBIS", vorbis_private(vorbis.headers(vorbis.plain_setup()), [1 << 16, 1 << 16]))),
    "Vorbis, blocks of 64 samples": lambda: recording(
        simple(b"\0") * 60_000, tracks=vorbis_track(vorbis.plain_setup(), short=6, long=6)),
    "FLAC, silence of hours": lambda: recording(
        *[simple(flac.frame(n, 65535, [flac.constant()])) for n in range(3515)], tracks=flac_track()),
    "FLAC, blocks that are no frames": lambda: recording(simple(SOUND) * 40, tracks=flac_track()),
    "FLAC, nothing but blocks of nothing": lambda: recording(simple(b"") * 100_000, tracks=flac_track()),
}


def random_track(choice):
    """A track, and frames of its codec."""
    codec = choice.choice(["pcm", "opus", "vorbis", "flac"])
    if codec == "opus":
        return opus_track(channels=choice.choice([1, 2]), preskip=choice.choice([0, 312, 65535]),
                          rate=choice.choice([0, 8000, 48000])), packets(16)
    if codec == "vorbis":
        return vorbis_track(vorbis.plain_setup(), channels=choice.choice([1, 2])), [b"\0\0", choice.randbytes(20)]
    if codec == "flac":
        return flac_track(rate=choice.choice([8000, 48000])), [
            flac.frame(n, 256, [flac.verbatim(choice.randbytes(256))]) for n in range(8)]
    name = choice.choice([b"A_PCM/INT/LIT", b"A_PCM/INT/BIG", b"A_PCM/FLOAT/IEEE"])
    facts = {"rate": choice.choice([0.0, 8000.0, 16000.0, 1e300, -1.0]), "channels": choice.choice([0, 1, 1, 2, 64, 255])}
    return track(name, depth=choice.choice([8, 16, 24, 32, 64]), **facts), [choice.randbytes(choice.choice([1, 64, 700]))]


def random_block(choice, frames, amount):
    """A block or a group of some frames, whose sizes lie now and then; of about `amount` bytes at most."""
    most = max(1, amount // len(frames[0]))
    chosen = [choice.choice(frames) for _ in range(min(most, choice.choice([1, 1, 2, 8, 255])))]
    facts = {"content": chosen[0]} if len(chosen) == 1 else laced(chosen, choice.choice([1, 2, 3]))
    facts["track"] = choice.choice([1] * 9 + [2])
    if choice.random() < 0.1:
        cut = choice.randrange(len(facts["content"]) + 1)
        facts["content"] = facts["content"][:cut]
    if choice.random() < 0.3:
        return group(discard=choice.choice([None, 0, 3_500_000, -3_500_000, 1 << 62]), **facts)
    return simple(**facts)


def mutate(choice, amount):
    """A good beginning and blocks, with what may stand between them, and sizes that are open, wrong or right."""
    made, frames = random_track(choice)
    others = [element(0xEC, b"\0" * 9), element(0xBF, b"1234"), element(0x1F43B675, claimed=-1), element(0xE7, b"\7"),
              element(0x1254C367, choice.randbytes(30)), element(0x1C53BB6B, b"", 5),
              element(choice.getrandbits(7) | 0x80, choice.randbytes(5), choice.choice([5, 5, 9, choice.getrandbits(56)]))]
    tracks = choice.choice([b"", track(kind=1), track(track=2, kind=choice.choice([1, 2]))]) + made
    parts, length = [], 0
    while length < amount:
        parts.append(random_block(choice, frames, amount - length) if choice.random() < 0.8 else choice.choice(others))
        length += len(parts[-1])
    return recording(*parts, kind=choice.choice([b"webm", b"matroska"]), tracks=tracks)
