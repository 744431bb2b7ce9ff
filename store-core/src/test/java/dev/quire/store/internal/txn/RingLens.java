package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.RedoRecord;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.region.Checksum;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.testing.SimulatedRegion;
import java.lang.foreign.MemorySegment;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Makes an image what a careless recovery would take it for: so a fault of recovery is planted
/// without touching it.
///
/// The log is walked as recovery does it. Where it ends, a fault may make the record that stands
/// there continue it; a record in it may be changed. All that follows gets right checksums.
final class RingLens {

  /// What is done with the record that stands where the log ends.
  @FunctionalInterface
  interface EndFault {
    /// @param found the record
    /// @param expected what a record that continues the log would say: lsn, predecessor, epoch
    /// @return the record as the careless recovery sees it, or null if it is no record to it either
    RedoRecord.@Nullable Header see(RedoRecord.Header found, RedoRecord.Header expected);
  }

  private final MemorySegment image;
  private final Superblock superblock;
  private final Checksum checksum = new Checksum();
  private long lsn;
  private long txnId;
  private int chainCrc;
  private int epoch;

  private RingLens(byte[] bytes, Superblock superblock) {
    this.image = MemorySegment.ofArray(bytes);
    this.superblock = superblock;
    this.lsn = superblock.lsn();
    this.txnId = superblock.txnId();
    this.chainCrc = superblock.chainCrc();
    this.epoch = superblock.epoch();
  }

  /// A record continues the log wherever it stands and whatever chain it belongs to.
  static UnaryOperator<byte[]> withoutTheChain() {
    return seeing(
        (found, expected) ->
            found.kind() == RedoRecord.COMMIT && found.operationsBytes() > 0
                ? new RedoRecord.Header(
                    found.length(),
                    expected.lsn(),
                    found.txnId(),
                    expected.predecessor(),
                    expected.checkpoint(),
                    expected.epoch(),
                    found.kind(),
                    found.userTerm(),
                    found.userIndex(),
                    found.operationsBytes())
                : null);
  }

  /// The checksums of records are not compared.
  static UnaryOperator<byte[]> withoutChecksums() {
    return seeing(
        (found, expected) ->
            found.lsn() == expected.lsn()
                    && found.epoch() == expected.epoch()
                    && found.predecessor() == expected.predecessor()
                ? found
                : null);
  }

  private static UnaryOperator<byte[]> seeing(EndFault fault) {
    return bytes -> {
      of(bytes).walk(fault);
      return bytes;
    };
  }

  /// A value that a record holds is taken from the pages to which the transaction wrote it.
  ///
  /// @param value its bytes
  static UnaryOperator<byte[]> withValuesFromPages(byte[] value, long runOffset) {
    return bytes -> {
      RingLens lens = of(bytes);
      long ring = lens.superblock.ringOffsetBytes();
      long at = find(lens.image, value, ring, ring + lens.superblock.ringSizeBytes());
      if (at >= 0 && runOffset + value.length <= bytes.length) {
        // The record is found whole before its value is changed; then all get new checksums.
        lens.walk((_, _) -> null);
        long end = lens.lsn;
        MemorySegment.copy(lens.image, runOffset, lens.image, at, value.length);
        RingLens again = new RingLens(bytes, lens.superblock);
        again.walk((found, _) -> found.lsn() < end ? found : null);
      }
      return bytes;
    };
  }

  /// Where `value` begins in a range of `image`, or -1.
  static long find(MemorySegment image, byte[] value, long from, long to) {
    MemorySegment sought = MemorySegment.ofArray(value);
    for (long at = from; at <= Math.min(to, image.byteSize()) - value.length; at++) {
      if (MemorySegment.mismatch(image, at, at + value.length, sought, 0, value.length) < 0) {
        return at;
      }
    }
    return -1;
  }

  private static RingLens of(byte[] bytes) {
    try (SimulatedRegion region = SimulatedRegion.ofImage(bytes.clone(), bytes.length);
        NativeBuffers buffers = new NativeBuffers()) {
      return new RingLens(bytes, SuperblockFile.readNewest(region, buffers));
    }
  }

  private void walk(EndFault fault) {
    boolean more = true;
    for (int records = 0; more && records < 1000; records++) {
      more = step(fault);
    }
  }

  private boolean step(EndFault fault) {
    long ringSize = superblock.ringSizeBytes();
    long left = ringSize - lsn % ringSize;
    if (left < RedoRecord.SIZE_BYTES) {
      lsn += left;
      left = ringSize;
    }
    long at = superblock.ringOffsetBytes() + lsn % ringSize;
    RedoRecord.Header header = RedoRecord.read(image, at);
    if (header.length() < RedoRecord.SIZE_BYTES || header.length() > left) {
      return false;
    }
    if (!continues(header, at)) {
      RedoRecord.Header expected = expected(header);
      RedoRecord.Header seen = fault.see(header, expected);
      if (seen == null) {
        return false;
      }
      RedoRecord.write(image, at, seen);
      RedoRecord.setCrc(image, at, crc(seen, at));
      header = seen;
    }
    chainCrc = RedoRecord.crc(image, at);
    lsn += header.length();
    epoch = header.epoch();
    txnId = header.kind() == RedoRecord.COMMIT ? header.txnId() : txnId;
    return true;
  }

  private boolean continues(RedoRecord.Header header, long at) {
    return header.lsn() == lsn
        && crc(header, at) == RedoRecord.crc(image, at)
        && (header.kind() == RedoRecord.VOID ? header.epoch() >= epoch : header.epoch() == epoch)
        && (header.kind() != RedoRecord.COMMIT || header.predecessor() == txnId);
  }

  private int crc(RedoRecord.Header header, long at) {
    int length = header.kind() == RedoRecord.SKIP ? RedoRecord.SIZE_BYTES : header.length();
    return RedoRing.crc(checksum, image, at, length, chainCrc);
  }

  private RedoRecord.Header expected(RedoRecord.Header header) {
    return new RedoRecord.Header(
        header.length(),
        lsn,
        txnId + 1,
        txnId,
        superblock.sequence(),
        epoch,
        RedoRecord.COMMIT,
        header.userTerm(),
        header.userIndex(),
        header.operationsBytes());
  }
}
