"""Ogg Vorbis: headers of any make (Vorbis I specification, section 4.2) and packets."""

import struct

from formats import ogg
from formats.bits import LowFirst


def ilog(value):
    return value.bit_length()


def identification(channels=1, rate=16000, short=8, long=11, version=0, bitrates=(0, 64000, 0)):
    """`short` and `long` are binary logarithms of block lengths."""
    return b"\x01vorbis" + struct.pack("<IBIiiiBB", version, channels, rate, *bitrates, long << 4 | short, 1)


def comment(entries=(), vendor=b"x", count=None, length=None):
    """`count` and `length` may lie about the entries and the vendor's name."""
    body = b"".join(struct.pack("<I", len(entry)) + entry for entry in entries)
    return (b"\x03vorbis" + struct.pack("<I", len(vendor) if length is None else length) + vendor
            + struct.pack("<I", len(entries) if count is None else count) + body + b"\x01")


def ordered(bits, lengths):
    """Lengths of codewords that never fall, run by run."""
    bits.write(1, 1)
    bits.write(lengths[0] - 1, 5)
    place, length = 0, lengths[0]
    while place < len(lengths):
        run = sum(1 for other in lengths[place:] if other == length)
        bits.write(run, ilog(len(lengths) - place))
        place, length = place + run, length + 1


def uniform(bits, entries, length):
    """As `ordered` with all lengths the same, without making a list."""
    bits.write(1, 1)
    bits.write(length - 1, 5)
    bits.write(entries, ilog(entries))


def unordered(bits, lengths):
    """A length for each entry; where some are 0, those entries have no codeword (a sparse book)."""
    sparse = 0 in lengths
    bits.write(0, 1)
    bits.write(int(sparse), 1)
    for length in lengths:
        if sparse:
            bits.write(int(length > 0), 1)
        if length:
            bits.write(length - 1, 5)


def codebook(bits, entries, dimensions, write_lengths, lookup=0, value_bits=1, values=None, minimum=0, delta=0, sequence=0):
    """A codebook; `write_lengths` writes its codewords' lengths. `values` may be fewer than there should be."""
    bits.write(0x564342, 24)
    bits.write(dimensions, 16)
    bits.write(entries, 24)
    write_lengths(bits)
    bits.write(lookup, 4)
    if not lookup:
        return
    bits.write(minimum, 32)
    bits.write(delta, 32)
    bits.write(value_bits - 1, 4)
    bits.write(sequence, 1)
    if values is None:
        values = entries * dimensions if lookup == 2 else root(entries, dimensions)
    for place in range(values):
        bits.write(place, value_bits)


def root(entries, dimensions):
    """The largest number whose power is at most `entries`."""
    if not dimensions:
        return 0
    base = int(entries ** (1 / dimensions))
    while (base + 1) ** dimensions <= entries:
        base += 1
    while base ** dimensions > entries:
        base -= 1
    return base


def flat_book(bits, log, dimensions=1, **lookup):
    codebook(bits, 1 << log, dimensions, lambda b: uniform(b, 1 << log, log), **lookup)


def floor0(bits, order=1, rate=16000, map=64, amplitude_bits=1, decibels=100, books=(0,)):
    bits.write(0, 16)
    for value, width in ((order, 8), (rate, 16), (map, 16), (amplitude_bits, 6), (decibels, 8), (len(books) - 1, 4)):
        bits.write(value, width)
    for book in books:
        bits.write(book, 8)


def floor1(bits, partitions=(), classes=((1, 0, 0, (0,)),), multiplier=2, range_bits=4, points=()):
    """`classes` are (dimensions, binary logarithm of subclasses, master book, books + 1), `points` the places."""
    bits.write(1, 16)
    bits.write(len(partitions), 5)
    for partition in partitions:
        bits.write(partition, 4)
    for dimensions, subclasses, master, books in classes[:max(partitions, default=-1) + 1]:
        bits.write(dimensions - 1, 3)
        bits.write(subclasses, 2)
        if subclasses:
            bits.write(master, 8)
        for book in books:
            bits.write(book, 8)
    bits.write(multiplier - 1, 2)
    bits.write(range_bits, 4)
    for point in points:
        bits.write(point, range_bits)


def residue(bits, kind=0, begin=0, end=0, size=1, classes=1, class_book=0, cascade=None):
    """`cascade` is a list of books for each stage (None: no book) for each class."""
    bits.write(kind, 16)
    for value, width in ((begin, 24), (end, 24), (size - 1, 24), (classes - 1, 6), (class_book, 8)):
        bits.write(value, width)
    cascade = cascade or [[None] * 8] * classes
    for stages in cascade:
        mask = sum(1 << stage for stage, book in enumerate(stages) if book is not None)
        bits.write(mask, 3)
        bits.write(int(mask > 7), 1)
        if mask > 7:
            bits.write(mask >> 3, 5)
    for stages in cascade:
        for book in stages:
            if book is not None:
                bits.write(book, 8)


def mapping(bits, channels=1, submaps=((0, 0),), couplings=(), mux=None):
    """`submaps` are (floor, residue), `couplings` pairs of channels."""
    bits.write(0, 16)
    bits.write(int(len(submaps) > 1), 1)
    if len(submaps) > 1:
        bits.write(len(submaps) - 1, 4)
    bits.write(int(bool(couplings)), 1)
    if couplings:
        bits.write(len(couplings) - 1, 8)
        for magnitude, angle in couplings:
            bits.write(magnitude, ilog(channels - 1))
            bits.write(angle, ilog(channels - 1))
    bits.write(0, 2)
    if len(submaps) > 1:
        for channel in range(channels):
            bits.write(mux[channel] if mux else 0, 4)
    for floor, residue_number in submaps:
        bits.write(0, 8)
        bits.write(floor, 8)
        bits.write(residue_number, 8)


def setup(books, floors=(floor1,), residues=(residue,), mappings=(mapping,), modes=((0, 0),)):
    """The setup header; its parts are functions that write themselves, `modes` are (long block, mapping)."""
    bits = LowFirst()
    bits.write(len(books) - 1, 8)
    for book in books:
        book(bits)
    bits.write(0, 6)
    bits.write(0, 16)
    for parts in (floors, residues, mappings):
        bits.write(len(parts) - 1, 6)
        for part in parts:
            part(bits)
    bits.write(len(modes) - 1, 6)
    for long, number in modes:
        bits.write(long, 1)
        bits.write(0, 32)
        bits.write(number, 8)
    bits.write(1, 1)
    return b"\x05vorbis" + bits.bytes()


def plain_setup(book=lambda bits: flat_book(bits, 1), count=1, **parts):
    return setup([book] * count, **parts)


def headers(setup_header, comments=None, **identity):
    return [identification(**identity), comments or comment(), setup_header]


def recording(setup_header, packets=(b"\0\0\0\0",), count=200, step=128, **identity):
    comments = identity.pop("comments", None)
    return ogg.stream(headers(setup_header, comments, **identity), list(packets) * count, step)


def books(count, log, **lookup):
    """`count` ordered codebooks of 2^`log` entries."""
    return recording(plain_setup(lambda bits: flat_book(bits, log, **lookup), count))


def sparse_books(count, log):
    """One entry of many has a codeword."""
    return recording(plain_setup(
        lambda bits: codebook(bits, 1 << log, 1, lambda b: unordered(b, [1] + [0] * ((1 << log) - 1))), count))


def long_words(count):
    """Codewords of 1 to 32 bits: a tree as deep as it may be."""
    lengths = list(range(1, 33)) + [32]
    return recording(plain_setup(lambda bits: codebook(bits, 33, 1, lambda b: ordered(b, lengths)), count))


def claimed_book(entries, dimensions=1):
    """A book whose lengths stop long before its entries do."""
    return recording(plain_setup(lambda bits: codebook(bits, entries, dimensions, lambda b: unordered(b, [1, 1]))))


def line_spectra(channels, count):
    """Floor 0 of the highest order over the longest blocks: a few bits a channel make a thousand cosines' products."""
    book = lambda bits: flat_book(bits, 1, 255, lookup=1, delta=0x60000000)
    packet = LowFirst()
    packet.write(0, 1)
    packet.write(3, 2)
    for _ in range(channels):
        packet.write(63, 6)
        packet.write(1, 1)
        packet.write(1, 1)
    return recording(
        setup([book], [lambda bits: floor0(bits, 255, 48000, 65535, 6, 255)], [residue],
              [lambda bits: mapping(bits, channels)], [(1, 0)]),
        [packet.bytes()], count, 4096, channels=channels, rate=192000, short=6, long=13)


def coupled(channels, steps, count):
    """As many coupling steps as there may be, over the longest blocks."""
    pairs = [(step % channels, (step + 1) % channels) for step in range(steps)]
    return recording(
        plain_setup(mappings=[lambda bits: mapping(bits, channels, couplings=pairs)], modes=[(1, 0)]),
        [b"\x06" + b"\0" * (channels // 8 + 1)], count, 4096, channels=channels, rate=48000, short=6, long=13)


def silence(channels, count, rate=48000, long=13):
    """Blocks in which nothing is heard, a byte or two each."""
    return recording(
        plain_setup(mappings=[lambda bits: mapping(bits, channels)], modes=[(1, 0)]),
        [b"\x06" + b"\0" * (channels // 8)], count, 1 << long - 1, channels=channels, rate=rate, short=6, long=long)


def fine_residue(count):
    """Partitions of one value, eight stages each, from one bit a class: as many look-ups as there are values."""
    value_book = lambda bits: flat_book(bits, 1, 1, lookup=1, delta=0x60000000)
    class_book = lambda bits: flat_book(bits, 1, 8)
    packet = b"\x06\x01" + b"\xaa" * 600
    return recording(
        setup([value_book, class_book], [lambda bits: floor1(bits)],
              [lambda bits: residue(bits, 2, 0, 4096, 1, 1, 1, [[0] * 8])], modes=[(1, 0)]),
        [packet], count, 4096, rate=48000, short=6, long=13)


WORST = {
    "a book of 2^19": lambda: books(1, 19),
    "a book of 2^20": lambda: books(1, 20),
    "a book of 2^21": lambda: books(1, 21),
    "a book of 2^22": lambda: books(1, 22),
    "a book of 2^23": lambda: books(1, 23),
    "16 books of 2^16": lambda: books(16, 16),
    "64 books of 2^18": lambda: books(64, 18),
    "256 books of 2^14": lambda: books(256, 14),
    "256 books of 2^19": lambda: books(256, 19),
    "256 books of 2^20": lambda: books(256, 20),
    "256 books of 2^13 in 1023 dimensions": lambda: books(256, 13, dimensions=1023, lookup=1),
    "200 books of 2^8 in 32767 dimensions": lambda: books(200, 8, dimensions=32767, lookup=1),
    "4 sparse books of 2^18": lambda: sparse_books(4, 18),
    "a book in 0 dimensions": lambda: books(1, 8, dimensions=0, lookup=1),
    "a book in 65535 dimensions": lambda: books(1, 8, dimensions=65535, lookup=1),
    "values that are missing": lambda: books(1, 16, dimensions=128, lookup=2, values=3),
    "look-up type 15": lambda: books(1, 8, lookup=15),
    "codewords of 32 bits": lambda: long_words(200),
    "2^24 - 1 entries claimed": lambda: claimed_book((1 << 24) - 1),
    "no entries": lambda: claimed_book(0),
    "line spectra of 1 channel": lambda: line_spectra(1, 3000),
    "line spectra of 64 channels": lambda: line_spectra(64, 1000),
    "256 couplings": lambda: coupled(64, 256, 1000),
    "a channel coupled with itself": lambda: recording(
        plain_setup(mappings=[lambda bits: mapping(bits, 2, couplings=[(1, 1)])]), channels=2),
    "silence of 4 hours": lambda: silence(1, 60000, 17000),
    "silence on 64 channels": lambda: silence(64, 4000),
    "silence on 255 channels": lambda: silence(255, 3000),
    "no channels": lambda: recording(plain_setup(), channels=0),
    "8192-sample blocks at 1 Hz": lambda: silence(1, 1000, 1),
    "rate 2^32 - 1": lambda: silence(1, 1000, (1 << 32) - 1),
    "blocks of 64 samples": lambda: recording(plain_setup(), [b"\0"], 60000, 32, short=6, long=6, rate=16000),
    "blocks of 2^15": lambda: silence(1, 1000, long=15),
    "residues value by value": lambda: fine_residue(200),
    "2^32 - 1 comments": lambda: recording(plain_setup(), comments=comment(count=0xFFFFFFFF)),
    "vendor of 2^32 - 1 bytes": lambda: recording(plain_setup(), comments=comment(length=0xFFFFFFFF)),
    "200,000 empty comments": lambda: recording(plain_setup(), comments=comment([b""] * 200000)),
    "a picture of 700 kB": lambda: recording(
        plain_setup(), comments=comment([b"METADATA_BLOCK_PICTURE=" + b"A" * 700000])),
}


def random_lengths(choice, entries):
    """Lengths of a whole prefix code, some entries without a codeword."""
    lengths = [1, 1]
    while len(lengths) < entries and choice.random() < 0.98:
        place = choice.randrange(len(lengths))
        if lengths[place] < 32:
            lengths[place:place + 1] = [lengths[place] + 1] * 2
    if choice.random() < 0.5:
        return sorted(lengths), ordered
    lengths += [0] * choice.choice([0, 0, 5, 300])
    choice.shuffle(lengths)
    return lengths, unordered


def random_book(choice):
    lookup = choice.choice([0, 1, 1, 1, 2])
    dimensions = choice.choice([1, 1, 2, 3, 4, 8, 8, 255])
    if choice.random() < 0.3:
        log = choice.choice([1, 4, 8, 10, 12, 14, 16])
        return lambda bits: flat_book(bits, log, dimensions, lookup=min(lookup, 1), delta=0x60000000, value_bits=4)
    lengths, write = random_lengths(choice, choice.choice([2, 16, 100, 256]))
    value_bits = choice.randint(1, 16)
    return lambda bits: codebook(
        bits, len(lengths), dimensions, lambda b: write(b, lengths), lookup, value_bits, delta=0x60200000,
        sequence=value_bits & 1)


def random_floor(choice, books):
    if choice.random() < 0.3:
        order, map = choice.choice([1, 2, 31, 254, 255]), choice.choice([1, 64, 4096, 65535])
        chosen = [choice.randrange(books) for _ in range(choice.choice([1, 1, 3, 16]))]
        return lambda bits: floor0(bits, order, 48000, map, choice.choice([1, 6, 8, 63]), choice.randrange(256), chosen)
    partitions = [choice.randrange(4) for _ in range(choice.choice([0, 1, 4, 12]))]
    classes = []
    for _ in range(4):
        subclasses = choice.randrange(4)
        classes.append((choice.randint(1, 4), subclasses, choice.randrange(books),
                        [choice.randrange(books + 1) for _ in range(1 << subclasses)]))
    count = sum(classes[partition][0] for partition in partitions)
    range_bits = choice.choice([7, 8, 10, 12, 15])
    points = choice.sample(range(1, 1 << range_bits), count)
    return lambda bits: floor1(bits, partitions, classes, choice.randint(1, 4), range_bits, points)


def random_residue(choice, books):
    classes = choice.choice([1, 1, 2, 4, 64])
    cascade = [[choice.choice([None, None, choice.randrange(books)]) for _ in range(8)] for _ in range(classes)]
    begin, size = choice.choice([0, 0, 16, 4000]), choice.choice([1, 2, 8, 32, 4096])
    end = choice.choice([32, 128, 1024, 4096, 8192, (1 << 24) - 1])
    return lambda bits: residue(bits, choice.randrange(3), begin, end, size, classes, choice.randrange(books), cascade)


def random_mapping(choice, channels, floors, residues):
    submaps = [(choice.randrange(floors), choice.randrange(residues)) for _ in range(choice.choice([1, 1, 2, 16]))]
    pairs = []
    for _ in range(choice.choice([0, 0, 1, 8, 256]) if channels > 1 else 0):
        first = choice.randrange(channels)
        pairs.append((first, (first + choice.randint(1, channels - 1)) % channels))
    mux = [choice.randrange(len(submaps)) for _ in range(channels)]
    return lambda bits: mapping(bits, channels, submaps, pairs, mux)


def mutate(choice, amount):
    """Headers that keep the rules, with packets of random bits."""
    channels = choice.choice([1, 1, 2, 6, 64, 255])
    book_count, floors, residues, mappings = (choice.choice([1, 2, 4]) for _ in range(4))
    book_count = choice.choice([2, 8, 40])
    head = setup(
        [random_book(choice) for _ in range(book_count)], [random_floor(choice, book_count) for _ in range(floors)],
        [random_residue(choice, book_count) for _ in range(residues)],
        [random_mapping(choice, channels, floors, residues) for _ in range(mappings)],
        [(choice.randrange(2), choice.randrange(mappings)) for _ in range(choice.choice([1, 2, 64]))])
    length = choice.choice([2, 8, 60, 600])
    different = [(choice.getrandbits(8 * length) & ~1).to_bytes(length, "little") for _ in range(8)]
    if choice.random() < 0.4:
        different = [bytes([packet[0]]) + b"\xff" * (length - 1) for packet in different]
    short = choice.randint(6, 13)
    return recording(
        head, different, max(1, amount // (8 * length)), choice.choice([32, 1024, 4096]), channels=channels,
        rate=choice.choice([4000, 16000, 48000, 192000]), short=short, long=choice.randint(short, 13))
