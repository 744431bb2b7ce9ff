package dev.quire.store.internal.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.StoreIoException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReopeningChannelTest {

  private static final int SIZE = 1 << 20;

  @TempDir Path directory;
  private Path path;
  private final NativeBuffers buffers = new NativeBuffers();

  @BeforeEach
  void createFile() throws IOException {
    path = directory.resolve("data");
    Files.write(path, new byte[SIZE]);
  }

  @AfterEach
  void freeBuffers() {
    buffers.close();
  }

  @Test
  void write_channelClosedByInterrupts_isRepeated() {
    MemorySegment source = buffers.allocate(SIZE);
    MemorySegment target = buffers.allocate(SIZE);
    try (ReopeningChannel channel = open()) {
      InterruptStorm.run(
          round -> {
            source.fill((byte) round);
            channel.write(0, source, 0, SIZE);
            assertEquals(SIZE, channel.read(0, target, 0, SIZE));
            assertEquals(-1, source.mismatch(target));
            return channel.reopenings() < 5;
          });
    }
  }

  @Test
  void read_channelClosedByAnotherThread_isRepeated() throws InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    MemorySegment mine = buffers.allocate(SIZE);
    MemorySegment others = buffers.allocate(SIZE);
    try (ReopeningChannel channel = open()) {
      Thread bystander =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      while (!over.get()) {
                        assertEquals(SIZE, channel.read(0, others, 0, SIZE));
                      }
                    } catch (Throwable e) {
                      failure.set(e);
                    }
                  });
      InterruptStorm.run(
          _ -> {
            channel.read(0, mine, 0, SIZE);
            return channel.reopenings() < 20;
          });
      over.set(true);
      bystander.join();
    }
    assertEquals(null, failure.get());
  }

  @Test
  void reopen_pathNamesAnotherFile_isRefused() throws IOException {
    MemorySegment source = buffers.allocate(SIZE);
    source.fill((byte) 1);
    try (ReopeningChannel channel = open()) {
      Files.move(path, directory.resolve("old"));
      Files.write(path, new byte[SIZE]);

      StoreIoException e =
          assertThrows(
              StoreIoException.class,
              () ->
                  InterruptStorm.run(
                      _ -> {
                        channel.write(0, source, 0, SIZE);
                        return true;
                      }));

      assertTrue(e.getMessage().contains("was replaced"), e.getMessage());
    }
    assertEquals(-1, MemorySegment.ofArray(new byte[SIZE]).mismatch(readFile()));
  }

  @Test
  void reopen_afterClose_isRefused() {
    ReopeningChannel channel = open();
    channel.close();

    assertThrows(IllegalStateException.class, () -> channel.read(0, buffers.allocate(8), 0, 8));
  }

  private ReopeningChannel open() {
    return new ReopeningChannel(path, FileIdentity.of(path), false);
  }

  private MemorySegment readFile() throws IOException {
    MemorySegment copy = buffers.allocate(SIZE);
    byte[] bytes = Files.readAllBytes(path);
    MemorySegment.copy(bytes, 0, copy, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return copy;
  }
}
