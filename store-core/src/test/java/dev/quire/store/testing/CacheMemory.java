package dev.quire.store.testing;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Memory for the page caches of simulated disks, used again and again: to get it from the system
/// and to fill it with zeros costs more than a small store does in it.
final class CacheMemory {

  private static final long STEP_BYTES = 1 << 20;
  private static final Map<Long, ArrayDeque<MemorySegment>> FREE = new ConcurrentHashMap<>();

  private CacheMemory() {}

  /// Memory full of zeros, of at least this size, aligned like a mapping.
  static MemorySegment take(long sizeBytes, long alignment) {
    long size = Math.ceilDiv(sizeBytes, STEP_BYTES) * STEP_BYTES;
    ArrayDeque<MemorySegment> free = FREE.computeIfAbsent(size, _ -> new ArrayDeque<>());
    synchronized (free) {
      MemorySegment found = free.poll();
      if (found != null) {
        return found;
      }
    }
    return Arena.global().allocate(size, alignment);
  }

  /// Gives memory back of which only so many bytes were ever written.
  static void giveBack(MemorySegment memory, long usedBytes) {
    memory.asSlice(0, Math.min(usedBytes, memory.byteSize())).fill((byte) 0);
    ArrayDeque<MemorySegment> free = FREE.get(memory.byteSize());
    if (free == null) {
      throw new IllegalArgumentException("memory of " + memory.byteSize() + " bytes is not ours");
    }
    synchronized (free) {
      free.push(memory);
    }
  }
}
