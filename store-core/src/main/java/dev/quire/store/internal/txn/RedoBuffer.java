package dev.quire.store.internal.txn;

import dev.quire.store.internal.format.RedoOperation;
import dev.quire.store.internal.format.RedoRecord;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.internal.tree.TreeRange;
import java.lang.foreign.MemorySegment;

/// The redo record of the running transaction, in private memory: room for the header, then the
/// operations.
///
/// A record is never longer than `limit`. A transaction that would need more has no record: it
/// commits through a checkpoint. The same holds for one whose durability asks for no redo.
final class RedoBuffer {

  private static final long FIRST_CAPACITY_BYTES = 64 << 10;

  private final NativeBuffers buffers;
  private final long limitBytes;
  private MemorySegment memory;
  private long end;
  private boolean recording;

  RedoBuffer(NativeBuffers buffers, long limitBytes) {
    this.buffers = buffers;
    this.limitBytes = limitBytes;
    this.memory = buffers.allocate(Math.min(limitBytes, FIRST_CAPACITY_BYTES));
  }

  /// Begins a transaction.
  void begin(boolean record) {
    end = RedoRecord.SIZE_BYTES;
    recording = record;
  }

  /// Whether the record holds everything that the transaction did.
  boolean isComplete() {
    return recording;
  }

  /// Where the next operation goes: a mark to [#cutTo].
  long mark() {
    return recording ? end : -1;
  }

  /// Forgets the operations after a mark. A record that was incomplete then stays so.
  void cutTo(long mark) {
    if (mark < 0) {
      recording = false;
    } else if (recording) {
      end = mark;
    }
  }

  MemorySegment memory() {
    return memory;
  }

  int operationsBytes() {
    return (int) (end - RedoRecord.SIZE_BYTES);
  }

  /// Ends the record: pads it with zeros.
  ///
  /// @return its length
  int seal() {
    long length = RedoRecord.lengthBytes(operationsBytes());
    memory.asSlice(end, length - end).fill((byte) 0);
    return (int) length;
  }

  void put(
      int tableId,
      byte[] key,
      int keyLength,
      MemorySegment value,
      long offset,
      long length,
      long expiryMillis) {
    if (!reserve(RedoOperation.lengthBytes(keyLength, length))) {
      return;
    }
    RedoOperation.write(memory, end, RedoOperation.PUT, 0, tableId, keyLength, (int) length);
    RedoOperation.setExpiry(memory, end, expiryMillis);
    end += RedoOperation.SIZE_BYTES;
    append(key, keyLength);
    MemorySegment.copy(value, offset, memory, end, length);
    end += length;
  }

  void delete(int tableId, byte[] key, int keyLength) {
    operation(RedoOperation.DELETE, 0, tableId, key, keyLength, new byte[0]);
  }

  void deleteRange(int tableId, TreeRange range) {
    byte[] from = range.from();
    byte[] to = range.to();
    int flags = 0;
    if (from != null) {
      flags |= RedoOperation.HAS_FROM | (range.fromInclusive() ? RedoOperation.FROM_INCLUSIVE : 0);
    }
    if (to != null) {
      flags |= RedoOperation.HAS_TO | (range.toInclusive() ? RedoOperation.TO_INCLUSIVE : 0);
    }
    byte[] none = {};
    byte[] lower = from == null ? none : from;
    byte[] upper = to == null ? none : to;
    operation(RedoOperation.DELETE_RANGE, flags, tableId, lower, lower.length, upper);
  }

  void createTable(int tableId, byte[] name, byte[] tableRecord) {
    operation(RedoOperation.CREATE_TABLE, 0, tableId, name, name.length, tableRecord);
  }

  void dropTable(int tableId) {
    byte[] none = {};
    operation(RedoOperation.DROP_TABLE, 0, tableId, none, 0, none);
  }

  void clearTable(int tableId) {
    byte[] none = {};
    operation(RedoOperation.CLEAR_TABLE, 0, tableId, none, 0, none);
  }

  /// The transaction did something that no record can hold.
  void giveUp() {
    recording = false;
  }

  private void operation(
      int code, int flags, int tableId, byte[] key, int keyLength, byte[] value) {
    if (!reserve(RedoOperation.lengthBytes(keyLength, value.length))) {
      return;
    }
    RedoOperation.write(memory, end, code, flags, tableId, keyLength, value.length);
    end += RedoOperation.SIZE_BYTES;
    append(key, keyLength);
    append(value, value.length);
  }

  private void append(byte[] bytes, int length) {
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, memory, end, length);
    end += length;
  }

  private boolean reserve(long bytes) {
    if (!recording) {
      return false;
    }
    long needed = end + bytes + Long.BYTES;
    if (needed > limitBytes) {
      recording = false;
      return false;
    }
    if (needed > memory.byteSize()) {
      long capacity = Math.min(limitBytes, Math.max(needed, 2 * memory.byteSize()));
      MemorySegment larger = buffers.allocate(capacity);
      MemorySegment.copy(memory, 0, larger, 0, end);
      memory = larger;
    }
    return true;
  }
}
