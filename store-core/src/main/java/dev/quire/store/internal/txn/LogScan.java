package dev.quire.store.internal.txn;

import dev.quire.store.errors.CorruptPageException;
import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.RedoRecord;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.region.Checksum;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.internal.region.Region;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// The part of the redo ring that continues a superblock's state.
///
/// A record belongs to it if it stands at the position where the one before ended, its CRC
/// continues the chain, its epoch is not older, and its transaction follows the one before. The
/// first record that fails any of this ends the log: it is what a crash tore, or left over from an
/// earlier lap or a dead writer.
final class LogScan {

  /// The operations of one transaction.
  ///
  /// @param txnId the transaction
  /// @param offset of its operations in [#memory]
  /// @param lengthBytes of its operations
  record Transaction(long txnId, long offset, int lengthBytes) {}

  private final Superblock superblock;
  private final Checksum checksum = new Checksum();
  private final List<Transaction> transactions = new ArrayList<>();
  private MemorySegment memory = MemorySegment.NULL;
  private long lsn;
  private int chainCrc;
  private int epoch;
  private long txnId;
  private long userTerm;
  private long userIndex;

  private LogScan(Superblock superblock) {
    this.superblock = superblock;
    this.lsn = superblock.lsn();
    this.chainCrc = superblock.chainCrc();
    this.epoch = superblock.epoch();
    this.txnId = superblock.txnId();
    this.userTerm = superblock.userTerm();
    this.userIndex = superblock.userIndex();
  }

  /// Reads the log that follows `superblock`.
  ///
  /// @throws CorruptPageException if the ring shows that a newer superblock was durable: this one
  ///   is what is left after damage, and its pages may have been reused
  static LogScan of(Region region, Superblock superblock, NativeBuffers buffers) {
    LogScan scan = new LogScan(superblock);
    if (superblock.ringSizeBytes() > 0 && scan.mayGoOn(region, buffers)) {
      scan.memory = buffers.allocate(superblock.ringSizeBytes());
      region.read(superblock.ringOffsetBytes(), scan.memory, 0, superblock.ringSizeBytes());
      boolean more = true;
      while (more) {
        more = scan.step();
      }
    }
    return scan;
  }

  /// The ring's bytes, in which the transactions' operations lie. Empty if there is no transaction.
  MemorySegment memory() {
    return memory;
  }

  List<Transaction> transactions() {
    return transactions;
  }

  /// Position after the last record.
  long lsn() {
    return lsn;
  }

  int chainCrc() {
    return chainCrc;
  }

  int epoch() {
    return epoch;
  }

  /// The last transaction in the log, or the superblock's.
  long txnId() {
    return txnId;
  }

  long userTerm() {
    return userTerm;
  }

  long userIndex() {
    return userIndex;
  }

  /// Whether the first record may be one. After a clean close there is none: the ring need not be
  /// read.
  private boolean mayGoOn(Region region, NativeBuffers buffers) {
    MemorySegment first = buffers.allocate(RedoRecord.SIZE_BYTES);
    long left = leftInLap();
    long at = superblock.ringSizeBytes() - left;
    region.read(superblock.ringOffsetBytes() + at, first, 0, RedoRecord.SIZE_BYTES);
    RedoRecord.Header header = RedoRecord.read(first, 0);
    return header.lsn() >= lsn && isWhole(header, left);
  }

  /// Bytes from the next record to the ring's end. What no record fits into is passed over.
  private long leftInLap() {
    long ringSize = superblock.ringSizeBytes();
    long left = ringSize - lsn % ringSize;
    if (left < RedoRecord.SIZE_BYTES) {
      lsn += left;
      left = ringSize;
    }
    return left;
  }

  private static boolean isWhole(RedoRecord.Header header, long left) {
    return header.length() >= RedoRecord.SIZE_BYTES
        && header.length() % Long.BYTES == 0
        && header.length() <= left
        && header.operationsBytes() >= 0
        && header.operationsBytes() <= header.length() - RedoRecord.SIZE_BYTES;
  }

  private boolean step() {
    long left = leftInLap();
    long at = superblock.ringSizeBytes() - left;
    RedoRecord.Header header = RedoRecord.read(memory, at);
    if (!isWhole(header, left)) {
      return false;
    }
    if (header.lsn() > lsn) {
      requireNoNewerSuperblock(header);
    }
    int checked = header.kind() == RedoRecord.SKIP ? RedoRecord.SIZE_BYTES : header.length();
    if (header.lsn() != lsn
        || RedoRing.crc(checksum, memory, at, checked, chainCrc) != RedoRecord.crc(memory, at)) {
      return false;
    }
    requireNoNewerSuperblock(header);
    if ((header.kind() == RedoRecord.VOID ? header.epoch() < epoch : header.epoch() != epoch)
        || header.kind() == RedoRecord.COMMIT && header.predecessor() != txnId) {
      return false;
    }
    accept(header, at);
    return true;
  }

  private void accept(RedoRecord.Header header, long at) {
    chainCrc = RedoRecord.crc(memory, at);
    lsn += header.length();
    epoch = header.epoch();
    if (header.kind() == RedoRecord.COMMIT) {
      txnId = header.txnId();
      userTerm = header.userTerm();
      userIndex = header.userIndex();
      transactions.add(
          new Transaction(txnId, at + RedoRecord.SIZE_BYTES, header.operationsBytes()));
    }
  }

  /// A record of a later lap, or one that continues the chain, that names a newer superblock, where
  /// this superblock's log should go on. Its transaction may follow that superblock's.
  private void requireNoNewerSuperblock(RedoRecord.Header header) {
    long ahead = header.lsn() - lsn;
    long step = header.txnId() - header.predecessor();
    // What a later lap left there may be the middle of a record, which says anything.
    boolean plausible =
        ahead >= 0 && ahead % superblock.ringSizeBytes() == 0 && (step == 0 || step == 1);
    if (plausible && header.checkpoint() > superblock.sequence()) {
      throw new CorruptPageException(
          new Violation(
              0,
              "superblock " + header.checkpoint() + ", which the redo ring names as durable",
              "superblock "
                  + superblock.sequence()
                  + " as the newest readable one; restore a backup, or run recover"));
    }
  }
}
