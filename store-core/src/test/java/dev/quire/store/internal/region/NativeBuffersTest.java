package dev.quire.store.internal.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class NativeBuffersTest {

  @Test
  void allocate_anySize_isAlignedAndZero() {
    try (NativeBuffers buffers = new NativeBuffers()) {
      for (long size : new long[] {1, 4095, 4096, 4097, 1 << 20}) {
        MemorySegment memory = buffers.allocate(size);
        assertEquals(size, memory.byteSize());
        assertEquals(0, memory.address() % NativeBuffers.ALIGNMENT_BYTES);
        assertEquals(-1, memory.mismatch(MemorySegment.ofArray(new byte[(int) size])));
        memory.fill((byte) 1);
      }
    }
  }

  @Test
  void close_freesEverything() {
    NativeBuffers buffers = new NativeBuffers();
    MemorySegment memory = buffers.allocate(8);

    buffers.close();
    buffers.close();

    assertThrows(IllegalStateException.class, () -> memory.get(ValueLayout.JAVA_BYTE, 0));
    assertThrows(IllegalStateException.class, () -> buffers.allocate(8));
  }

  @Test
  void allocate_anyThread_mayUseIt() throws InterruptedException {
    try (NativeBuffers buffers = new NativeBuffers()) {
      MemorySegment memory = buffers.allocate(8);
      Thread thread =
          Thread.ofVirtual().start(() -> memory.set(ValueLayout.JAVA_BYTE, 0, (byte) 1));
      thread.join();
      assertTrue(memory.get(ValueLayout.JAVA_BYTE, 0) == 1);
    }
  }
}
