"""Several hundred ways to say where a request ends, each with a second request hidden in what follows.

A variant is a name, what a strict server does, and a function of a number that gives its bytes. The first request carries
the identifier outer-N, the hidden one asks for /smuggled-N: whoever reads the framing otherwise than RFC 9112 answers it.
"""

from dataclasses import dataclass
from typing import Callable

# What a strict server does: one 4xx (or 501, 505) and the connection is closed; one 4xx where it is sound where the request
# ends; one 2xx to 4xx for a sound message; any of these; two answers to two requests.
REFUSED, DECLINED, SERVED, EITHER, TWO = "refused", "declined", "served", "either", "two"


@dataclass
class Variant:
    name: str
    right: str
    make: Callable[[int], bytes]


def hidden(number):
    return b"GET /smuggled-%d HTTP/1.1\r\nHost: x\r\nX-Request-ID: inner-%d\r\n\r\n" % (number, number)


def start(number, line, host=b"Host: x\r\n"):
    return line + b"\r\n" + host + b"X-Request-ID: outer-%d\r\n" % number


LINES = {"GET": b"GET /healthz HTTP/1.1", "POST": b"POST /predict HTTP/1.1"}


def fielded(name, right, field, body=None, methods=("GET", "POST")):
    """Variants with one piece of head, in which @@ is the length of the body and MORE seven beyond it."""
    def made(line):
        def make(number):
            content = (body or hidden)(number)
            piece = field.replace(b"@@", b"%d" % len(content)).replace(b"MORE", b"%d" % (len(content) + 7))
            return start(number, line) + piece + b"\r\n" + content
        return make
    for method in methods:
        yield Variant(f"{method}, {name}", right, made(LINES[method]))


LENGTHS = [
    ("length", SERVED, b"Content-Length: @@\r\n"),
    ("length with zeros in front", EITHER, b"Content-Length: 000@@\r\n"),
    ("length in capitals", SERVED, b"CONTENT-LENGTH: @@\r\n"),
    ("length without a blank", SERVED, b"Content-Length:@@\r\n"),
    ("length between tabs", SERVED, b"Content-Length:\t @@ \t\r\n"),
    ("length after a field of a proxy", SERVED, b"Via: 1.1 x\r\nContent-Length: @@\r\n"),
    ("two lengths, the same", EITHER, b"Content-Length: @@\r\nContent-Length: @@\r\n"),
    ("list of lengths, the same", EITHER, b"Content-Length: @@, @@\r\n"),
] + [(f"length {name}", REFUSED, value) for name, value in [
    ("before a blank and the colon", b"Content-Length : @@\r\n"),
    ("before a tab and the colon", b"Content-Length\t: @@\r\n"),
    ("before a vertical tab", b"Content-Length\x0b: @@\r\n"),
    ("before a NUL", b"Content-Length\0: @@\r\n"),
    ("before a no-break space", b"Content-Length\xa0: @@\r\n"),
    ("after a blank", b"X: y\r\n Content-Length: @@\r\n"),
    ("after a tab", b"X: y\r\n\tContent-Length: @@\r\n"),
    ("folded", b"Content-Length:\r\n @@\r\n"),
    ("folded by a tab", b"Content-Length:\r\n\t@@\r\n"),
    ("folded at its end", b"Content-Length: @@\r\n \r\n"),
    ("folded in two digits", b"Content-Length: 0\r\n @@\r\n"),
    ("after a bare LF", b"Content-Length:\n @@\r\n"),
    ("without a colon", b"Content-Length @@\r\n"),
    ("with a semicolon", b"Content-Length; @@\r\n"),
    ("with a plus", b"Content-Length: +@@\r\n"),
    ("with a minus", b"Content-Length: -@@\r\n"),
    ("-0", b"Content-Length: -0\r\n"),
    ("in hex", b"Content-Length: 0x@@\r\n"),
    ("with a fraction", b"Content-Length: @@.0\r\n"),
    ("with an exponent", b"Content-Length: @@e0\r\n"),
    ("twice in a field", b"Content-Length: @@ @@\r\n"),
    ("in a list with 0", b"Content-Length: @@, 0\r\n"),
    ("in a list after 0", b"Content-Length: 0, @@\r\n"),
    ("in a list with nothing", b"Content-Length: @@,\r\n"),
    ("after a comma", b"Content-Length: ,@@\r\n"),
    ("with a parameter", b"Content-Length: @@;q=1\r\n"),
    ("before a letter", b"Content-Length: @@x\r\n"),
    ("with a NUL", b"Content-Length: @@\0\r\n"),
    ("with a NUL and more", b"Content-Length: @@\x000\r\n"),
    ("with a vertical tab", b"Content-Length: @@\x0b\r\n"),
    ("with a form feed", b"Content-Length: \x0c@@\r\n"),
    ("with a no-break space", b"Content-Length: @@\xa0\r\n"),
    ("in other digits", "Content-Length: ３\r\n".encode()),
    ("in quotes", b'Content-Length: "@@"\r\n'),
    ("with an underline", b"Content-Length: @@_0\r\n"),
    ("empty", b"Content-Length: \r\n"),
    ("of letters", b"Content-Length: many\r\n"),
    ("2^32 too much", b"Content-Length: 42949672960000000000000000000000@@\r\n"),
    ("of 2^64", b"Content-Length: 18446744073709551616\r\n"),
    ("of 2^64 and a little", b"Content-Length: 18446744073709551621\r\n"),
    ("of a thousand digits", b"Content-Length: " + b"9" * 1000 + b"\r\n"),
    ("and another, of 0", b"Content-Length: @@\r\nContent-Length: 0\r\n"),
    ("after another, of 0", b"Content-Length: 0\r\nContent-Length: @@\r\n"),
    ("and another, longer", b"Content-Length: @@\r\nContent-Length: MORE\r\n"),
    ("and another with a blank", b"Content-Length: @@\r\nContent-Length : 0\r\n"),
    ("after a bare CR", b"X: y\rContent-Length: @@\r\n"),
    ("before a bare CR", b"Content-Length: @@\rX: y\r\n"),
    ("before CR CR LF", b"Content-Length: @@\r\r\n"),
    ("after a NUL in a field", b"X: \0\r\nContent-Length: @@\r\n"),
    ("with CTL in the name", b"Content-Length\x01: @@\r\n"),
    ("with obs-text in the name", b"Content-Length\xff: @@\r\n"),
]]
# A bare LF may end a line by RFC 9112, 2.2, or be refused; either way no request is hidden behind it.
LENGTHS += [
    ("length after a bare LF", EITHER, b"X: y\nContent-Length: @@\r\n"),
    ("length before a bare LF", EITHER, b"Content-Length: @@\nX: y\r\n"),
    ("head that ends with LF LF", EITHER, b"Content-Length: @@\n"),
]

CODINGS = [
    ("chunked", SERVED, b"Transfer-Encoding: chunked\r\n"),
    ("Chunked in capitals", SERVED, b"TRANSFER-ENCODING: CHUNKED\r\n"),
    ("chunked between tabs", SERVED, b"Transfer-Encoding:\tchunked\t\r\n"),
    ("chunked in a list with nothing", EITHER, b"Transfer-Encoding: chunked,\r\n"),
    ("chunked after a comma", EITHER, b"Transfer-Encoding: ,chunked\r\n"),
] + [(name, REFUSED, value) for name, value in [
    ("chunked before a blank and the colon", b"Transfer-Encoding : chunked\r\n"),
    ("chunked before a tab and the colon", b"Transfer-Encoding\t: chunked\r\n"),
    ("chunked, folded", b"Transfer-Encoding:\r\n chunked\r\n"),
    ("chunked, folded in the middle", b"Transfer-Encoding: chun\r\n ked\r\n"),
    ("chunked after a folded field", b"X: y\r\n Transfer-Encoding: chunked\r\n"),
    ("chunked with a NUL", b"Transfer-Encoding: chunked\0\r\n"),
    ("chunked with a NUL and more", b"Transfer-Encoding: chunked\0x\r\n"),
    ("NUL in the name of chunked", b"Transfer-Encoding\0: chunked\r\n"),
    ("chunked after a vertical tab", b"Transfer-Encoding: \x0bchunked\r\n"),
    ("chunked before a form feed", b"Transfer-Encoding: chunked\x0c\r\n"),
    ("chunked before a no-break space", b"Transfer-Encoding: chunked\xa0\r\n"),
    ("xchunked", b"Transfer-Encoding: xchunked\r\n"),
    ("chunkedx", b"Transfer-Encoding: chunkedx\r\n"),
    ("chunked twice", b"Transfer-Encoding: chunked, chunked\r\n"),
    ("chunked in two fields", b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
    ("chunked and identity", b"Transfer-Encoding: chunked, identity\r\n"),
    ("identity and chunked", b"Transfer-Encoding: identity, chunked\r\n"),
    ("identity", b"Transfer-Encoding: identity\r\n"),
    ("identity, then chunked in a field", b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n"),
    ("chunked, then identity in a field", b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"),
    ("gzip and chunked", b"Transfer-Encoding: gzip, chunked\r\n"),
    ("gzip", b"Transfer-Encoding: gzip\r\n"),
    ("chunked and gzip", b"Transfer-Encoding: chunked, gzip\r\n"),
    ("cow", b"Transfer-Encoding: cow\r\n"),
    ("chunked with a parameter", b"Transfer-Encoding: chunked;q=1\r\n"),
    ("chunked in quotes", b'Transfer-Encoding: "chunked"\r\n'),
    ("chunked in brackets", b"Transfer-Encoding: [chunked]\r\n"),
    ("chunked without a colon", b"Transfer-Encoding chunked\r\n"),
    ("empty coding", b"Transfer-Encoding: \r\n"),
    ("a comma as coding", b"Transfer-Encoding: ,\r\n"),
    ("chunked after a bare CR", b"X: y\rTransfer-Encoding: chunked\r\n"),
    ("chunked before CR CR LF", b"Transfer-Encoding: chunked\r\r\n"),
]]


def emptied(number):
    """What chunked reads as an empty body with another request after it."""
    return b"0\r\n\r\n" + hidden(number)


def in_chunk(number):
    """What a length of its first line alone leaves to be another request."""
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(hidden(number)), hidden(number))


def both(name, right, field):
    """A coding with each of three lengths."""
    # A sound coding beside a length: by RFC 9112, 6.3, it is refused, or served and the connection closed.
    judged = EITHER if right in (SERVED, EITHER) else right
    yield from fielded(f"{name}, length of all", judged, field + b"Content-Length: @@\r\n", emptied, ["POST"])
    yield from fielded(f"length of all, {name}", judged, b"Content-Length: @@\r\n" + field, emptied, ["GET"])
    yield from fielded(f"{name}, length of the chunk's line", judged, b"Content-Length: 4\r\n" + field, in_chunk, ["POST"])
    if right in (REFUSED, EITHER):
        yield from fielded(f"{name}, no length", right, field, in_chunk, ["POST"])
    else:
        yield from fielded(f"{name}, no length", right, field, in_chunk, ["GET", "POST"])


# Spellings of a chunk's first line; N is its size in hex.
SIZES = [
    ("size", SERVED, b"N\r\n"), ("size with zeros", EITHER, b"0000N\r\n"), ("size with an extension", EITHER, b"N;a=b\r\n"),
    ("size with an extension in quotes", EITHER, b'N;a="b;c"\r\n'), ("size with a name alone", EITHER, b"N;a\r\n"),
    ("size, blank, extension", EITHER, b"N ;a\r\n"), ("size and a blank", EITHER, b"N \r\n"), ("size and a tab", EITHER, b"N\t\r\n"),
] + [(name, REFUSED, value) for name, value in [
    ("a blank before the size", b" N\r\n"), ("a plus before the size", b"+N\r\n"), ("a minus before the size", b"-N\r\n"),
    ("0x before the size", b"0xN\r\n"), ("size and LF", b"N\n"), ("size and CR", b"N\r"), ("size and CR CR LF", b"N\r\r\n"),
    ("size with a NUL", b"N\0\r\n"), ("size with a vertical tab", b"N\x0b\r\n"), ("size with a letter", b"Nz\r\n"),
    ("size with a comma", b"N,N\r\n"), ("size twice", b"N N\r\n"), ("size with an underline", b"N_\r\n"),
    ("size in quotes", b'"N"\r\n'), ("no size", b"\r\n"), ("an extension alone", b";a=b\r\n"),
    ("size of 2^64 more", b"10000000000000000N\r\n"), ("size of 2^32 more", b"ffffffff000000000000000N\r\n"),
    ("size of 2^64 - 1", b"ffffffffffffffff\r\n"), ("size of 2^63", b"8000000000000000\r\n"),
    ("size in a thousand digits", b"f" * 1000 + b"\r\n"),
    ("bare LF in an extension", b"N;a\nb\r\n"), ("bare CR in an extension", b"N;a\rb\r\n"),
    ("NUL in an extension", b"N;a\0b\r\n"), ("extension of 40 kB", b"N;" + b"a" * 40000 + b"\r\n"),
    ("CRLF in an extension's quotes", b'N;a="\r\n"\r\n'), ("obs-text in place of a size", b"\xff\r\n"),
]]
# What ends a chunked body, and whether that is sound.
ENDS = [
    ("0 LF LF", REFUSED, b"0\n\n"), ("0 CRLF LF", REFUSED, b"0\r\n\n"), ("0 LF CRLF", REFUSED, b"0\n\r\n"), ("-0", REFUSED, b"-0\r\n\r\n"),
    ("0x0", REFUSED, b"0x0\r\n\r\n"), ("0 CR CR LF", REFUSED, b"0\r\r\n\r\n"), ("+0", REFUSED, b"+0\r\n\r\n"),
    ("a field without a colon", REFUSED, b"0\r\nfield\r\n\r\n"),
    ("a blank before the colon", REFUSED, b"0\r\nX : y\r\n\r\n"), ("a NUL in a field", REFUSED, b"0\r\nX: \0\r\n\r\n"),
    ("a folded field", REFUSED, b"0\r\nX: y\r\n z\r\n\r\n"), ("a bare CR in a field", REFUSED, b"0\r\nX: a\rb\r\n\r\n"),
    ("a bare LF after a field", REFUSED, b"0\r\nX: y\n\r\n"), ("fields of 100 kB", REFUSED, b"0\r\n" + b"X: y\r\n" * 16000 + b"\r\n"),
    ("no CRLF after the data", REFUSED, b"5\r\nabcde0\r\n\r\n"), ("LF after the data", REFUSED, b"5\r\nabcde\n0\r\n\r\n"),
    ("more data than its size", REFUSED, b"5\r\nabcdefgh\r\n0\r\n\r\n"), ("less data than its size", REFUSED, b"7\r\nabcde\r\n0\r\n\r\n"),
    ("a NUL after the data", REFUSED, b"5\r\nabcde\0\r\n0\r\n\r\n"),
]
SOUND_ENDS = [
    ("0", b"0\r\n\r\n"), ("00", b"00\r\n\r\n"), ("a field", b"0\r\nX: y\r\n\r\n"),
    ("an extension", b"0;a=b\r\n\r\n"), ("a length as field", b"0\r\nContent-Length: 60\r\n\r\n"),
    ("a coding as field", b"0\r\nTransfer-Encoding: chunked\r\n\r\n"), ("a Host as field", b"0\r\nHost: y\r\n\r\n"),
]


def chunks():
    head = b"Transfer-Encoding: chunked\r\n\r\n"

    def sized(spelling):
        def make(number):
            inner = hidden(number)
            return (start(number, LINES["POST"]) + head + spelling.replace(b"N", b"%x" % len(inner)) + inner + b"\r\n0\r\n\r\n")
        return make

    def ended(end):
        return lambda number: start(number, LINES["POST"]) + head + end + hidden(number)
    for name, right, spelling in SIZES:
        yield Variant(f"chunk, {name}", right, sized(spelling))
    for name, right, end in ENDS:
        yield Variant(f"chunks' end, {name}", right, ended(end))
    for name, end in SOUND_ENDS:
        yield Variant(f"chunks' end, {name}, and a second", TWO, ended(end))


# Request lines; the body has a right length, so that the hidden request is a body by any sound reading.
TARGETS = [
    ("absolute form", SERVED, b"POST http://x/predict HTTP/1.1"),
    ("absolute form, other case", EITHER, b"POST HTTP://X/predict HTTP/1.1"),
    ("absolute form with https", EITHER, b"POST https://x/predict HTTP/1.1"),
    ("absolute form without a path", EITHER, b"POST http://x HTTP/1.1"),
    ("absolute form of another host", EITHER, b"POST http://y/predict HTTP/1.1"),
    ("absolute form with a name in front", EITHER, b"POST http://a@x/predict HTTP/1.1"),
    ("absolute form without a host", DECLINED, b"POST http:///predict HTTP/1.1"),
    ("absolute form of another scheme", EITHER, b"POST ftp://x/predict HTTP/1.1"),
    ("two slashes", EITHER, b"POST //predict HTTP/1.1"), ("dots", EITHER, b"POST /a/../predict HTTP/1.1"),
    ("escaped dots", EITHER, b"POST /%2e%2e/predict HTTP/1.1"), ("escaped NUL", EITHER, b"POST /predict%00 HTTP/1.1"),
    ("half an escape", EITHER, b"POST /predict%4 HTTP/1.1"), ("a backslash", EITHER, b"POST \\predict HTTP/1.1"),
    ("a fragment", EITHER, b"POST /predict#x HTTP/1.1"), ("version 1.2", EITHER, b"POST /predict HTTP/1.2"),
    ("version 1.0", EITHER, b"POST /predict HTTP/1.0"), ("an unknown method", EITHER, b"BREW /predict HTTP/1.1"),
    ("a method of 10 kB", DECLINED, b"P" * 10000 + b" / HTTP/1.1"),
    ("HEAD with a body", EITHER, b"HEAD /healthz HTTP/1.1"), ("OPTIONS *", EITHER, b"OPTIONS * HTTP/1.1"),
    ("CONNECT", EITHER, b"CONNECT x:80 HTTP/1.1"), ("TRACE", EITHER, b"TRACE / HTTP/1.1"),
] + [(name, REFUSED, value) for name, value in [
    ("GET *", b"GET * HTTP/1.1"), ("authority form", b"POST x:80 HTTP/1.1"), ("no slash", b"POST predict HTTP/1.1"),
    ("two blanks", b"POST  /predict HTTP/1.1"), ("two blanks before the version", b"POST /predict  HTTP/1.1"),
    ("a tab", b"POST\t/predict\tHTTP/1.1"), ("a blank at the end", b"POST /predict HTTP/1.1 "),
    ("a blank in the path", b"POST /pre dict HTTP/1.1"), ("a NUL in the path", b"POST /predict\0x HTTP/1.1"),
    ("a NUL in the method", b"PO\0ST /predict HTTP/1.1"), ("a bare CR", b"POST /predict\r HTTP/1.1"),
    ("a vertical tab", b"POST\x0b/predict HTTP/1.1"), ("obs-text in the path", b"POST /predict\xff HTTP/1.1"),
    ("a CTL in the path", b"POST /predict\x01 HTTP/1.1"), ("DEL in the path", b"POST /predict\x7f HTTP/1.1"),
    ("no version", b"POST /predict"), ("version 2.0", b"POST /predict HTTP/2.0"), ("version 0.9", b"POST /predict HTTP/0.9"),
    ("version 11.1", b"POST /predict HTTP/11.1"), ("version 1.10", b"POST /predict HTTP/1.10"),
    ("version 1,1", b"POST /predict HTTP/1,1"), ("version of small letters", b"POST /predict http/1.1"),
    ("version and more", b"POST /predict HTTP/1.1x"), ("version without a minor", b"POST /predict HTTP/1"),
    ("no method", b" /predict HTTP/1.1"), ("a colon in the method", b"PO:ST /predict HTTP/1.1"),
    ("a blank before the method", b" POST /predict HTTP/1.1"),
    ("a path of 40 kB", b"POST /" + b"p" * 40000 + b" HTTP/1.1"), ("nothing but a version", b"HTTP/1.1"),
]]
HOSTS = [
    ("Host", SERVED, b"Host: x\r\n"), ("Host with a port", SERVED, b"Host: x:80\r\n"), ("Host of IPv6", SERVED, b"Host: [::1]:80\r\n"),
    ("empty Host", EITHER, b"Host: \r\n"), ("Host with a colon alone", EITHER, b"Host: x:\r\n"),
    ("Host with port 99999", EITHER, b"Host: x:99999\r\n"), ("Host with an underline", EITHER, b"Host: x_y\r\n"),
] + [(name, DECLINED, value) for name, value in [
    ("no Host", b""), ("two Hosts, the same", b"Host: x\r\nHost: x\r\n"), ("two Hosts", b"Host: x\r\nHost: y\r\n"),
    ("Host of two words", b"Host: x y\r\n"), ("list of Hosts", b"Host: x, y\r\n"), ("Host with a name in front", b"Host: a@x\r\n"),
    ("Host with a path", b"Host: x/y\r\n"), ("Host with a query", b"Host: x?y\r\n"), ("Host with a fragment", b"Host: x#y\r\n"),
    ("Host with letters as port", b"Host: x:ab\r\n"), ("Host with a backslash", b"Host: x\\y\r\n"),
    ("Host with a tab in it", b"Host: x\ty\r\n"), ("Host of an open bracket", b"Host: [::1\r\n"),
]] + [(name, REFUSED, value) for name, value in [
    ("Host before a blank", b"Host : x\r\n"), ("Host, folded", b"Host:\r\n x\r\n"), ("Host with a NUL", b"Host: x\0\r\n"),
    ("Host, and one with a blank", b"Host: x\r\nHost : y\r\n"),
]]
FIELDS = [
    ("a connection that names the length", EITHER, b"Connection: Content-Length\r\nContent-Length: @@\r\n"),
    ("a connection that names the length, and closes", EITHER, b"Connection: close, Content-Length\r\nContent-Length: @@\r\n"),
    ("a connection that names Host", EITHER, b"Connection: Host\r\nContent-Length: @@\r\n"),
    ("an upgrade", EITHER, b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\nContent-Length: @@\r\n"),
    ("an upgrade to websocket", EITHER, b"Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: @@\r\n"),
    ("Expect: 100-continue", EITHER, b"Expect: 100-continue\r\nContent-Length: @@\r\n"),
    ("Expect: of something else", EITHER, b"Expect: x\r\nContent-Length: @@\r\n"),
    ("Expect: twice", EITHER, b"Expect: 100-continue, 100-continue\r\nContent-Length: @@\r\n"),
    ("obs-text in a value", EITHER, b"X: \xff\xfe\r\nContent-Length: @@\r\n"),
    ("a tab in a value", SERVED, b"X: a\tb\r\nContent-Length: @@\r\n"),
    ("an empty value", SERVED, b"X:\r\nContent-Length: @@\r\n"),
    ("underlines for hyphens", SERVED, b"Content_Length: 0\r\nContent-Length: @@\r\n"),
    ("coding with underlines", SERVED, b"Transfer_Encoding: chunked\r\nContent-Length: @@\r\n"),
    ("TE and Trailer", SERVED, b"TE: trailers\r\nTrailer: X\r\nContent-Length: @@\r\n"),
    ("another method in a field", EITHER, b"X-HTTP-Method-Override: GET\r\nContent-Length: @@\r\n"),
    ("HTTP/2's pseudo-field", REFUSED, b":method: GET\r\nContent-Length: @@\r\n"),
] + [(name, REFUSED, value + b"Content-Length: @@\r\n") for name, value in [
    ("a field without a colon", b"field\r\n"), ("a field without a name", b": x\r\n"), ("a blank in a name", b"a b: x\r\n"),
    ("a NUL in a name", b"a\0b: x\r\n"), ("a NUL in a value", b"X: a\0b\r\n"), ("a bare CR in a value", b"X: a\rb\r\n"),
    ("a CTL in a value", b"X: a\x01b\r\n"), ("DEL in a value", b"X: a\x7fb\r\n"), ("a bracket in a name", b"a(b: x\r\n"),
    ("quotes in a name", b'"a": x\r\n'), ("obs-text in a name", b"\xff: x\r\n"), ("a folded field", b"X: a\r\n b\r\n"),
    ("a blank before a colon", b"X : a\r\n"), ("a field of 40 kB", b"X: " + b"a" * 40000 + b"\r\n"),
    ("5000 fields", b"X: y\r\n" * 8000),
]]


def lines():
    for name, right, line in TARGETS:
        def make(number, line=line):
            return start(number, line) + b"Content-Length: %d\r\n\r\n" % len(hidden(number)) + hidden(number)
        yield Variant(f"line, {name}", right, make)
    for name, right, host in HOSTS:
        def make(number, host=host):
            return (start(number, LINES["POST"], host) + b"Content-Length: %d\r\n\r\n" % len(hidden(number)) + hidden(number))
        yield Variant(f"{name}", right, make)

    def folded_first(number):
        return b"POST /predict HTTP/1.1\r\n X: y\r\n" + start(number, b"")[2:] + b"Content-Length: %d\r\n\r\n" % len(
            hidden(number)) + hidden(number)
    yield Variant("a blank before the first field", REFUSED, folded_first)


def pipelined():
    """Sound requests one after another: each is answered, in order."""
    def second(first):
        return lambda number: start(number, first(number)[0]) + first(number)[1] + hidden(number)
    yield Variant("GET and a second", TWO, second(lambda _: (LINES["GET"], b"\r\n")))
    yield Variant("GET with a length of 0 and a second", TWO, second(lambda _: (LINES["GET"], b"Content-Length: 0\r\n\r\n")))
    yield Variant("POST with a body and a second", TWO, second(lambda _: (LINES["POST"], b"Content-Length: 5\r\n\r\nabcde")))
    yield Variant("a second after an empty line", EITHER, second(lambda _: (LINES["GET"], b"\r\n\r\n")))
    yield Variant("POST that closes, and a second", SERVED, second(
        lambda _: (LINES["POST"], b"Connection: close\r\nContent-Length: 5\r\n\r\nabcde")))
    yield Variant("GET of HTTP/1.0, and a second", SERVED, second(lambda _: (b"GET /healthz HTTP/1.0", b"\r\n")))


def variants():
    """All of them, in a fixed order: a variant's number is its place."""
    found = []
    for name, right, field in LENGTHS:
        found += fielded(name, right, field)
    for name, right, field in CODINGS:
        found += both(name, right, field)
    found += chunks()
    found += lines()
    for name, right, field in FIELDS:
        found += fielded(name, right, field)
    found += pipelined()
    return found
