package dev.quire.store.lmdb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.lmdbjava.Env;
import org.lmdbjava.Txn;

/// Native read transactions that have ended and are kept, with their reader slots, for the next
/// snapshots.
final class IdleReaders {

  private static final int MAX_IDLE = 16;

  /// A native read transaction and the memory for its keys.
  record NativeReader(Txn<MemorySegment> txn, MemorySegment key) {}

  private final Env<MemorySegment> env;
  private final Queue<NativeReader> idle = new ConcurrentLinkedQueue<>();

  IdleReaders(Env<MemorySegment> env) {
    this.env = env;
  }

  /// Memory for a key.
  static MemorySegment newKeyMemory() {
    return Arena.ofAuto().allocate(LmdbKeys.MAX_KEY_BYTES);
  }

  /// Begins a native transaction.
  NativeReader take() {
    NativeReader reader = idle.poll();
    if (reader == null) {
      return new NativeReader(begin(), newKeyMemory());
    }
    try {
      reader.txn.renew();
      return reader;
    } catch (RuntimeException e) {
      reader.txn.close();
      throw e;
    }
  }

  private Txn<MemorySegment> begin() {
    try {
      return env.txnRead();
    } catch (Env.ReadersFullException e) {
      // Those of dead processes are in the way until somebody looks.
      int _ = env.readerCheck();
      return env.txnRead();
    }
  }

  /// Ends a native transaction.
  void give(NativeReader reader) {
    if (idle.size() < MAX_IDLE) {
      reader.txn.reset();
      idle.add(reader);
    } else {
      reader.txn.close();
    }
  }

  /// Gives all back to LMDB.
  void close() {
    for (NativeReader reader = idle.poll(); reader != null; reader = idle.poll()) {
      reader.txn.close();
    }
  }
}
