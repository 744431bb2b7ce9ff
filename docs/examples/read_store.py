#!/usr/bin/env python3
"""Prints a Quire store that no process has open.

Written from docs/FORMAT.md alone, with nothing but Python's standard library: it shows that the
document is enough. It checks page numbers, stamps, CRCs, the order of keys, counts and the space
map on the way. It replays no log: if there are newer transactions in the redo ring, it says so.

    read_store.py STORE                 tables and entries, as text
    read_store.py STORE --table NAME    one table
    read_store.py STORE --tables        tables without entries
    read_store.py STORE --hex           keys and values in hexadecimal, in full
    read_store.py STORE --json          everything, as JSON

STORE is a store's directory or its file `data`. Without --hex, keys and values are shown as text
where they are printable UTF-8, else in hexadecimal after 0x.

Exit codes: 0 shown; 1 shown, but the log has newer transactions; 2 usage; 3 cannot be read;
4 damaged.
"""

import argparse
import json
import mmap
import os
import struct
import sys

MAGIC = 0x1A0A0D4552495551
FORMAT_VERSION = 1
MIN_PAGE_SIZE = 4096
MAX_PAGE_SIZE = 65536
MAX_DEPTH = 40
MAX_TABLE_RECORD = 96
RECORD_HEADER = 72
HEADER = 32
RUN_DATA = 40

LEAF, BRANCH, INTEGER_LEAF, INTEGER_BRANCH, OVERFLOW, MAP_LEAF, MAP_INDEX = range(1, 8)
COMMIT, SKIP, VOID = 1, 2, 3
OVERFLOW_VALUE, SPILLED_KEY, EXPIRES = 1, 2, 4
INTEGER_KEYS = 2


class Damaged(Exception):
    """The bytes are not what the format says."""


class NotAStore(Exception):
    """There is no store of a known version."""


def crc_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


CRC_TABLE = crc_table()


def crc32c(*parts):
    """CRC32C of the parts, one after the other."""
    crc = 0xFFFFFFFF
    for part in parts:
        for byte in bytes(part):
            crc = crc >> 8 ^ CRC_TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def u16(data, at):
    return struct.unpack_from("<H", data, at)[0]


def u32(data, at):
    return struct.unpack_from("<I", data, at)[0]


def u64(data, at):
    return struct.unpack_from("<Q", data, at)[0]


def varint(data, at):
    """The number at `at`, and the offset behind it."""
    value = 0
    for i in range(6):
        byte = data[at + i]
        value |= (byte & 0x7F) << 7 * i
        if byte < 0x80:
            return value, at + i + 1
    raise Damaged("a varint of more than 6 bytes")


def fingerprint(key):
    mask = 2**64 - 1
    a, b = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93
    h = len(key) * a & mask
    for i in range(0, len(key), 8):
        word = int.from_bytes(key[i : i + 8].ljust(8, b"\0"), "big")
        h = (h ^ word) * b & mask
        h ^= h >> 32
    return (h * a & mask) >> 56


def key_head(suffix):
    return int.from_bytes(suffix[:4].ljust(4, b"\0"), "big")


class Superblock:
    FIELDS = (
        "magic crc formatVersion pageSize flags storeIdHigh storeIdLow created sequence txnId"
        " catalogue map mapLevels chainCrc highWater fileSize ringSize lsn epoch reserved1"
        " stampLimit userTerm userIndex nextTableId"
    ).split()
    LAYOUT = struct.Struct("<QIIIIQQQQQQQIIQQQQIIQQQQ")

    def __init__(self, page):
        self.__dict__.update(zip(self.FIELDS, self.LAYOUT.unpack_from(page, 0)))


def newest_superblock(data):
    newest = None
    seen_magic = False
    for at in range(0, min(len(data), 4 * MAX_PAGE_SIZE), MIN_PAGE_SIZE):
        page = data[at : at + 192]
        if len(page) < 192 or u64(page, 0) != MAGIC:
            continue
        seen_magic = True
        found = Superblock(page)
        if crc32c(page[12:192]) != found.crc:
            continue
        if found.formatVersion != FORMAT_VERSION:
            raise NotAStore("format version %d is not known" % found.formatVersion)
        slot = 2 * (found.sequence & 1) * found.pageSize
        if at not in (slot, slot + found.pageSize):
            continue
        if newest is None or found.sequence > newest.sequence:
            newest = found
    if newest is None:
        if seen_magic:
            raise Damaged("no superblock has a right checksum")
        raise NotAStore("no superblock: not a Quire store")
    return newest


class Page:
    """A page or a run, verified."""

    def __init__(self, at, data):
        self.at = at
        self.data = data
        self.stamp, self.birth, kind, self.level, self.count, self.prefix_length, self.heap = (
            struct.unpack_from("<QQBBHHH", data, 8)
        )
        self.type = kind & 0x7F
        self.has_crc = kind & 0x80 != 0


class Store:
    def __init__(self, data):
        self.data = data
        self.top = newest_superblock(data)
        self.page_size = self.top.pageSize
        self.used = set()
        if len(data) < self.top.highWater * self.page_size:
            raise Damaged("the file is too short: %d bytes" % len(data))

    def page(self, ref):
        """The page or run that a reference names."""
        number, bits = ref & 0xFFFFFFFF, ref >> 32
        if ref >> 63 or number >= self.top.highWater:
            raise Damaged("reference %x leads nowhere" % ref)
        at = number * self.page_size
        page = Page(at, self.data[at : at + self.page_size])
        if u32(page.data, 4) != number or page.stamp & 0x7FFFFFFF != bits:
            raise Damaged("page %d is not the one that is referred to" % number)
        pages = 1
        if page.type == OVERFLOW:
            length = RUN_DATA + u64(page.data, 32)
            page.data = self.data[at : at + length]
            if len(page.data) < length:
                raise Damaged("run %d leaves the file" % number)
            pages = -(-length // self.page_size)
        self.check_crc(number, page)
        for n in range(number, number + pages):
            if n in self.used:
                raise Damaged("page %d is referred to twice" % n)
            self.used.add(n)
        return page

    def check_crc(self, number, page):
        if page.has_crc != (self.top.flags & 1 == 1):
            raise Damaged("page %d: CRC flag %s" % (number, page.has_crc))
        if not page.has_crc:
            return
        if page.type in (OVERFLOW, MAP_LEAF, MAP_INDEX):
            found = crc32c(page.data[4:])
        else:
            low, heap = self.arrays_end(page), self.page_size - page.heap
            if low > heap:
                raise Damaged("page %d: arrays and heap overlap" % number)
            found = crc32c(page.data[4:low], page.data[heap:])
        if found != u32(page.data, 0):
            raise Damaged("page %d: CRC %08x, computed %08x" % (number, u32(page.data, 0), found))

    @staticmethod
    def arrays_end(page):
        n, start = page.count, HEADER + page.prefix_length
        if page.type == LEAF:
            return start + 7 * n
        if page.type == BRANCH:
            return start + 64 + 6 * n + 8 * (n + 1)
        if page.type == INTEGER_LEAF:
            return HEADER + 10 * n
        if page.type == INTEGER_BRANCH:
            return HEADER + 8 * n + 8 * (n + 1)
        raise Damaged("page type %d" % page.type)

    def run(self, ref, length):
        page = self.page(ref)
        if page.type != OVERFLOW or u64(page.data, 32) != length:
            raise Damaged("a run of %d bytes was expected" % length)
        return page.data[RUN_DATA:]

    # Trees

    def walk(self, ref, level=None, depth=0):
        """Yields (key, value, expiry) of all entries of a tree, in order."""
        if ref == 0:
            return
        if depth >= MAX_DEPTH:
            raise Damaged("a tree of more than %d levels" % MAX_DEPTH)
        page = self.page(ref)
        if level is not None and page.level != level:
            raise Damaged("a page of level %d, not %d" % (page.level, level))
        if page.type in (LEAF, INTEGER_LEAF):
            yield from self.leaf(page)
        elif page.type in (BRANCH, INTEGER_BRANCH):
            yield from self.branch(page, depth)
        else:
            raise Damaged("page type %d in a tree" % page.type)

    def leaf(self, page):
        data, n = page.data, page.count
        for i in range(n):
            if page.type == INTEGER_LEAF:
                prefix = data[HEADER + 8 * i : HEADER + 8 * i + 8][::-1]
                cell = u16(data, HEADER + 8 * n + 2 * i)
                yield self.cell(data, cell, prefix)[:3]
            else:
                arrays = HEADER + page.prefix_length
                cell = u16(data, arrays + n + 2 * i)
                key, value, expiry, suffix = self.cell(data, cell, data[HEADER:arrays])
                if data[arrays + i] != fingerprint(key):
                    raise Damaged("fingerprint of key %s" % show(key))
                if u32(data, arrays + 3 * n + 4 * i) != key_head(suffix):
                    raise Damaged("head of key %s" % show(key))
                yield key, value, expiry

    def cell(self, data, at, prefix):
        first, at = varint(data, at)
        flags = 0
        if first & 1:
            flags, at = data[at], at + 1
        value_length, at = varint(data, at)
        expiry = 0
        if flags & EXPIRES:
            expiry, at = u64(data, at), at + 8
        key_length = key_ref = 0
        if flags & SPILLED_KEY:
            key_length, key_ref, at = u32(data, at), u64(data, at + 4), at + 12
        suffix = data[at : at + (first >> 1)]
        at += first >> 1
        key = prefix + suffix
        if flags & SPILLED_KEY:
            key += self.run(key_ref, key_length - len(key))
        if flags & OVERFLOW_VALUE:
            value = self.run(u64(data, at), value_length)
        else:
            value = data[at : at + value_length]
            if len(value) < value_length:
                raise Damaged("a cell that leaves its page")
        return key, value, expiry, suffix

    def branch(self, page, depth):
        data, n = page.data, page.count
        separators, children = [], HEADER
        if page.type == INTEGER_BRANCH:
            children = HEADER + 8 * n
            separators = [data[HEADER + 8 * i : HEADER + 8 * i + 8][::-1] for i in range(n)]
        else:
            heads = HEADER + page.prefix_length + 64
            offsets, children = heads + 4 * n, heads + 6 * n
            for i in range(n):
                head = u32(data, heads + 4 * i).to_bytes(4, "big")
                cell = u16(data, offsets + 2 * i)
                separators.append(self.separator(data, cell, data[HEADER : heads - 64], head))
            for j in range(16):
                hint = u32(data, heads + 4 * ((j + 1) * n // 17)) if n else 0
                if u32(data, heads - 64 + 4 * j) != hint:
                    raise Damaged("hint %d of the page at %d" % (j, page.at))
        for i in range(n + 1):
            for entry in self.walk(u64(data, children + 8 * i), page.level - 1, depth + 1):
                if i > 0 and entry[0] < separators[i - 1] or i < n and entry[0] >= separators[i]:
                    raise Damaged("key %s is in a wrong page" % show(entry[0]))
                yield entry

    def separator(self, data, at, prefix, head):
        first, at = varint(data, at)
        length = first >> 1
        key_length = key_ref = 0
        if first & 1:
            key_length, key_ref, at = u32(data, at), u64(data, at + 4), at + 12
        key = prefix + (head + data[at : at + max(0, length - 4)])[:length]
        if first & 1:
            key += self.run(key_ref, key_length - len(key))
        return key

    def entries(self, table):
        """Yields the entries of a table, and checks their order and number."""
        last, number = None, 0
        for key, value, expiry in self.walk(table["root"]):
            if last is not None and key <= last:
                raise Damaged("key %s comes after %s" % (show(key), show(last)))
            last, number = key, number + 1
            yield key, value, expiry
        if number != table["entries"]:
            raise Damaged("%d entries, the record says %d" % (number, table["entries"]))

    def tables(self):
        """The tables by name, in the order of their names."""
        result = {}
        for name, record, _ in self.walk(self.top.catalogue):
            if len(record) != MAX_TABLE_RECORD:
                raise Damaged("a table record of %d bytes" % len(record))
            root, entries, table_id, kind, depth = struct.unpack_from("<QQIBB", record, 0)
            leaves, branches, runs, _, _, _, created = struct.unpack_from("<7Q", record, 24)
            result[name.decode("utf-8")] = {
                "root": root,
                "entries": entries,
                "id": table_id,
                "keys": "integers" if kind == INTEGER_KEYS else "bytes",
                "depth": depth,
                "leafPages": leaves,
                "branchPages": branches,
                "overflowPages": runs,
                "created": created,
            }
        return result

    # Space map

    def check_map(self):
        """Compares the space map with the pages that were found; only after walking everything."""
        pages = []
        bits = 8 * (self.page_size - HEADER)
        self.collect_map(self.top.map, self.top.mapLevels - 1, 0, pages)
        marked = set()
        for leaf, page in pages:
            words = int.from_bytes(page.data[HEADER:], "little")
            while words:
                low = words & -words
                marked.add(leaf * bits + low.bit_length() - 1)
                words ^= low
        if marked != self.used:
            odd = sorted(marked ^ self.used)
            raise Damaged("the space map is wrong at pages %s" % odd[:8])

    def collect_map(self, ref, level, index, pages):
        if ref == 0:
            return
        page = self.page(ref)
        if page.type != (MAP_INDEX if level else MAP_LEAF) or page.level != level:
            raise Damaged("a page of the space map has type %d" % page.type)
        if level == 0:
            pages.append((index, page))
            return
        fan_out = (self.page_size - HEADER) // 8
        for i in range(fan_out):
            below = u64(page.data, HEADER + 8 * i)
            self.collect_map(below, level - 1, index * fan_out + i, pages)

    # Redo ring

    def newer_transactions(self):
        """Ids of the transactions in the log that the superblock does not contain."""
        top, size = self.top, self.top.ringSize
        ring = self.data[4 * self.page_size : 4 * self.page_size + size]
        lsn, chain, epoch, txn = top.lsn, top.chainCrc, top.epoch, top.txnId
        found = []
        while size:
            left = size - lsn % size
            if left < RECORD_HEADER:
                lsn, left = lsn + left, size
            at = lsn % size
            header = struct.unpack_from("<IIQQQQIBBHQQII", ring, at)
            length, crc, its_lsn, its_txn, before, checkpoint, its_epoch, kind = header[:8]
            if length < RECORD_HEADER or length % 8 or length > left:
                break
            if header[12] > length - RECORD_HEADER:
                break
            if its_lsn >= lsn and (its_lsn - lsn) % size == 0 and checkpoint > top.sequence:
                raise Damaged("superblock %d was durable and cannot be read" % checkpoint)
            if its_lsn != lsn or (its_epoch < epoch if kind == VOID else its_epoch != epoch):
                break
            if kind == COMMIT and before != txn:
                break
            end = at + (RECORD_HEADER if kind == SKIP else length)
            if crc32c(chain.to_bytes(4, "little"), ring[at : at + 4], ring[at + 8 : end]) != crc:
                break
            lsn, chain, epoch = lsn + length, crc, its_epoch
            if kind == COMMIT:
                txn = its_txn
                found.append(txn)
        return found


def show(data, limit=0):
    """Bytes as text if they are printable, else as hexadecimal."""
    rest = ""
    if limit and len(data) > limit:
        rest = "... (%d bytes)" % len(data)
        data = data[:limit]
    try:
        text = data.decode("utf-8")
        if text.isprintable() and not text.startswith("0x"):
            return text + rest
    except UnicodeDecodeError:
        pass
    return "0x" + data.hex() + rest


def print_text(store, tables, arguments, newer):
    top = store.top
    print("store %016x%016x" % (top.storeIdHigh, top.storeIdLow))
    print("transaction %d, superblock %d, %d-byte pages, %d pages below the high-water page"
          % (top.txnId, top.sequence, top.pageSize, top.highWater))
    for name, table in tables.items():
        print("\ntable %s: %d entries, %s, depth %d, created by transaction %d"
              % (name, table["entries"], table["keys"], table["depth"], table["created"]))
        if arguments.tables:
            continue
        for key, value, expiry in store.entries(table):
            until = "\texpires %d" % expiry if expiry else ""
            if arguments.hex:
                print("%s\t%s%s" % (key.hex(), value.hex(), until))
            else:
                print("%s\t%s%s" % (show(key), show(value, arguments.limit), until))
    report_newer(newer)


def print_json(store, tables, arguments, newer):
    top = store.top
    result = {
        "storeId": "%016x%016x" % (top.storeIdHigh, top.storeIdLow),
        "transaction": top.txnId,
        "superblock": top.sequence,
        "pageSize": top.pageSize,
        "highWater": top.highWater,
        "ringSize": top.ringSize,
        "userTerm": top.userTerm,
        "userIndex": top.userIndex,
        "newerTransactions": newer,
        "tables": [],
    }
    for name, table in tables.items():
        shown = {"name": name}
        shown.update((field, value) for field, value in table.items() if field != "root")
        if not arguments.tables:
            shown["content"] = [
                {"key": show(key), "value": show(value), "expires": expiry}
                for key, value, expiry in store.entries(table)
            ]
        result["tables"].append(shown)
    json.dump(result, sys.stdout, indent=1)
    print()
    report_newer(newer)


def report_newer(newer):
    if newer:
        print("read_store: the log has %d newer transactions, up to %d, which are not shown;"
              " open and close the store with Quire" % (len(newer), newer[-1]), file=sys.stderr)


def run(arguments):
    path = arguments.store
    if os.path.isdir(path):
        path = os.path.join(path, "data")
    with open(path, "rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            raise NotAStore("%s is empty" % path)
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            store = Store(data)
            newer = store.newer_transactions()
            tables = store.tables()
            if arguments.table is not None:
                if arguments.table not in tables:
                    print("read_store: no table %s" % arguments.table, file=sys.stderr)
                    return 3
                tables = {arguments.table: tables[arguments.table]}
            (print_json if arguments.json else print_text)(store, tables, arguments, newer)
            if arguments.table is None and not arguments.tables:
                store.check_map()
            return 1 if newer else 0


def main():
    parser = argparse.ArgumentParser(description="Prints a Quire store that is not open.")
    parser.add_argument("store", help="directory of the store, or its file data")
    parser.add_argument("--table", help="show this table alone")
    parser.add_argument("--tables", action="store_true", help="show no entries")
    parser.add_argument("--hex", action="store_true", help="print keys and values as bytes")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--limit", type=int, default=80, help="bytes shown of a value, 0: all")
    arguments = parser.parse_args()
    try:
        return run(arguments)
    except (Damaged, struct.error, IndexError, UnicodeDecodeError) as e:
        print("read_store: damaged: %s" % e, file=sys.stderr)
        return 4
    except (NotAStore, OSError) as e:
        print("read_store: %s" % e, file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main())
