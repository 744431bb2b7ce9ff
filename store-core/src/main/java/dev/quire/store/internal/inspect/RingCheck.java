package dev.quire.store.internal.inspect;

import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.RedoRecord;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.region.Checksum;
import dev.quire.store.internal.txn.EngineView;
import java.lang.foreign.MemorySegment;

/// The records of the redo ring that a recovery would replay: from the durable superblock's
/// position to the head's, each one continues the chain. Read while nothing is brought to rest.
///
/// The first record that does not ends the check, as it would end the recovery: all behind it is
/// lost then.
final class RingCheck {

  private final EngineView view;
  private final Findings findings;
  private final MemorySegment memory;
  private final Superblock durable;
  private final Head head;
  private final Checksum checksum = new Checksum();
  private long lsn;
  private int chainCrc;
  private int epoch;
  private long txnId;

  RingCheck(EngineView view, PageFile file, Superblock durable, Head head) {
    this.view = view;
    this.findings = file.findings();
    this.memory = file.newPage();
    this.durable = durable;
    this.head = head;
    this.lsn = durable.lsn();
    this.chainCrc = durable.chainCrc();
    this.epoch = durable.epoch();
    this.txnId = durable.txnId();
  }

  void check() {
    if (head.lsn() - lsn > durable.ringSizeBytes()) {
      violation("no more than the ring holds before " + head.lsn(), "a longer log");
      return;
    }
    boolean sound = true;
    while (sound && lsn < head.lsn()) {
      sound = step();
    }
    if (sound && head.lsn() >= durable.lsn()) {
      checkEnd();
    }
  }

  private void checkEnd() {
    if (lsn != head.lsn()) {
      violation("the log's end at " + head.lsn(), "a record that goes on to here");
    } else if (chainCrc != head.chainCrc()) {
      violation("a last record with checksum " + hex(head.chainCrc()), "checksum " + hex(chainCrc));
    }
  }

  /// Checks the record at `lsn`, and goes behind it.
  private boolean step() {
    long left = durable.ringSizeBytes() - lsn % durable.ringSizeBytes();
    if (left < RedoRecord.SIZE_BYTES) {
      // No record fits there: the log goes on at the ring's start.
      lsn += left;
      return true;
    }
    if (!read(0, RedoRecord.SIZE_BYTES)) {
      violation("a record", "the end of the file");
      return false;
    }
    RedoRecord.Header header = RedoRecord.read(memory, 0);
    if (!isPlausible(header, left) || !continuesChain(header)) {
      return false;
    }
    epoch = header.epoch();
    if (header.kind() == RedoRecord.COMMIT) {
      txnId = header.txnId();
    }
    lsn += header.length();
    return true;
  }

  private boolean isPlausible(RedoRecord.Header header, long left) {
    if (header.lsn() != lsn) {
      violation("a record of this lsn", "one of lsn " + header.lsn());
      return false;
    }
    if (header.length() < RedoRecord.SIZE_BYTES
        || header.length() % Long.BYTES != 0
        || header.length() > left
        || header.operationsBytes() < 0
        || header.operationsBytes() > header.length() - RedoRecord.SIZE_BYTES) {
      violation(
          "a record of at most " + left + " bytes",
          "one of " + header.length() + ", with " + header.operationsBytes() + " of operations");
      return false;
    }
    return true;
  }

  private boolean continuesChain(RedoRecord.Header header) {
    int stored = RedoRecord.crc(memory, 0);
    int found = crc(header);
    if (stored != found) {
      violation("a record with checksum " + hex(stored), "checksum " + hex(found));
      return false;
    }
    if (header.kind() == RedoRecord.VOID ? header.epoch() < epoch : header.epoch() != epoch) {
      violation("a record of epoch " + epoch, "epoch " + header.epoch());
      return false;
    }
    if (header.kind() == RedoRecord.COMMIT
        && (header.predecessor() != txnId || header.txnId() <= txnId)) {
      violation(
          "a transaction that follows " + txnId,
          "transaction " + header.txnId() + " behind " + header.predecessor());
      return false;
    }
    chainCrc = found;
    return true;
  }

  /// The checksum of the record at `lsn`, whose header is in memory; a skip record is no more.
  private int crc(RedoRecord.Header header) {
    checksum.beginChained(chainCrc);
    checksum.add(memory, 0, Integer.BYTES);
    checksum.add(memory, RedoRecord.BODY, RedoRecord.SIZE_BYTES - RedoRecord.BODY);
    long end = header.kind() == RedoRecord.SKIP ? RedoRecord.SIZE_BYTES : header.length();
    for (long at = RedoRecord.SIZE_BYTES; at < end; at += memory.byteSize()) {
      long piece = Math.min(memory.byteSize(), end - at);
      if (!read(at, piece)) {
        break;
      }
      checksum.add(memory, 0, piece);
    }
    return checksum.value();
  }

  private boolean read(long offset, long length) {
    long place = durable.ringOffsetBytes() + lsn % durable.ringSizeBytes() + offset;
    return view.read(place, memory, 0, length) == length;
  }

  private void violation(String expected, String found) {
    long pageNo =
        (durable.ringOffsetBytes() + lsn % durable.ringSizeBytes()) / durable.pageSizeBytes();
    findings.violation(pageNo, "in the redo ring at lsn " + lsn + " " + expected, found);
  }

  private static String hex(int crc) {
    return Integer.toHexString(crc);
  }
}
