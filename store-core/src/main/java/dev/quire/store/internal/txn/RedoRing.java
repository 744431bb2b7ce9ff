package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.RedoRecord;
import dev.quire.store.internal.region.Checksum;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.internal.region.Region;
import dev.quire.store.internal.region.Region.SyncRole;
import java.lang.foreign.MemorySegment;

/// The redo ring of the data file: records one after the other, by positional writes of exactly the
/// new bytes, made durable by a sync of their range.
///
/// Positions are absolute (lsn) and never go down; the place in the file is the position modulo the
/// ring's size. A record's CRC is seeded with its predecessor's, so what an earlier lap or a dead
/// writer left behind never continues the chain. Appending is guarded by the writer's turn.
final class RedoRing {

  /// Where the log stands after a record.
  ///
  /// @param lsn position after the record
  /// @param chainCrc CRC of the record
  record End(long lsn, int chainCrc) {}

  private final Region region;
  private final long offsetBytes;
  private final long sizeBytes;
  private final Checksum checksum = new Checksum();
  private final MemorySegment filler;

  RedoRing(Region region, long offsetBytes, long sizeBytes, NativeBuffers buffers) {
    this.region = region;
    this.offsetBytes = offsetBytes;
    this.sizeBytes = sizeBytes;
    this.filler = buffers.allocate(Region.MAP_ALIGNMENT_BYTES);
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /// Longest record that a transaction may have.
  long maxRecordBytes() {
    return sizeBytes / 4;
  }

  /// Position at which a record of this length would end, were it appended at `lsn`.
  long endOf(long lsn, long lengthBytes) {
    return startOf(lsn, lengthBytes) + lengthBytes;
  }

  /// Appends a transaction's record.
  ///
  /// @param header of the record; its lsn is where the log stands
  /// @param chainCrc CRC of the record before
  /// @param buffer memory that holds the operations behind room for the header
  End append(RedoRecord.Header header, int chainCrc, MemorySegment buffer) {
    long lsn = header.lsn();
    int crc = chainCrc;
    long start = startOf(lsn, header.length());
    if (start != lsn && sizeBytes - lsn % sizeBytes >= RedoRecord.SIZE_BYTES) {
      crc = appendSkip(header, crc);
    }
    RedoRecord.Header placed =
        new RedoRecord.Header(
            header.length(),
            start,
            header.txnId(),
            header.predecessor(),
            header.checkpoint(),
            header.epoch(),
            header.kind(),
            header.userTerm(),
            header.userIndex(),
            header.operationsBytes());
    RedoRecord.write(buffer, 0, placed);
    crc = seal(buffer, placed.length(), crc);
    region.write(placeOf(start), buffer, 0, placed.length());
    return new End(start + placed.length(), crc);
  }

  /// Makes the log between two positions durable.
  void sync(long fromLsn, long toLsn) {
    long from = fromLsn;
    while (from < toLsn) {
      long place = from % sizeBytes;
      long length = Math.min(toLsn - from, sizeBytes - place);
      region.syncRange(SyncRole.COMMIT, offsetBytes + place, length);
      from += length;
    }
  }

  /// Offset in the file of log position `lsn`.
  long placeOf(long lsn) {
    return offsetBytes + lsn % sizeBytes;
  }

  /// Where a record of this length begins, appended at `lsn`: there, or at the ring's start.
  long startOf(long lsn, long lengthBytes) {
    long left = sizeBytes - lsn % sizeBytes;
    return lengthBytes <= left ? lsn : lsn + left;
  }

  /// Fills the rest of the ring; only the header of a skip record is written.
  private int appendSkip(RedoRecord.Header before, int chainCrc) {
    long left = sizeBytes - before.lsn() % sizeBytes;
    RedoRecord.write(
        filler,
        0,
        new RedoRecord.Header(
            (int) left,
            before.lsn(),
            before.predecessor(),
            before.predecessor(),
            before.checkpoint(),
            before.epoch(),
            RedoRecord.SKIP,
            before.userTerm(),
            before.userIndex(),
            0));
    int crc = seal(filler, RedoRecord.SIZE_BYTES, chainCrc);
    region.write(placeOf(before.lsn()), filler, 0, RedoRecord.SIZE_BYTES);
    return crc;
  }

  private int seal(MemorySegment record, int lengthBytes, int chainCrc) {
    int crc = crc(checksum, record, 0, lengthBytes, chainCrc);
    RedoRecord.setCrc(record, 0, crc);
    return crc;
  }

  /// The CRC that a record must carry.
  ///
  /// @param at where the record begins in `memory`
  /// @param lengthBytes of the record; of a skip record the length of its header
  static int crc(Checksum checksum, MemorySegment memory, long at, int lengthBytes, int chainCrc) {
    checksum.beginChained(chainCrc);
    checksum.add(memory, at, Integer.BYTES);
    checksum.add(memory, at + RedoRecord.BODY, lengthBytes - RedoRecord.BODY);
    return checksum.value();
  }
}
