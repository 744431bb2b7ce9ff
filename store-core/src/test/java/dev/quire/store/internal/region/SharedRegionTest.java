package dev.quire.store.internal.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.StoreIoException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedRegionTest {

  private static final long PAGE = 4096;

  @TempDir Path directory;
  private Path path;

  @BeforeEach
  void nameFile() {
    path = directory.resolve("shm");
  }

  @Test
  void create_thenInstall_appearsWholeUnderItsName() {
    try (SharedRegion region = SharedRegion.create(path, 1 << 20)) {
      assertFalse(Files.exists(path));
      assertTrue(DiskUsage.kibibytesOf(directory.resolve("shm.new")) >= 1024, "a hole");

      region.install(path);

      assertTrue(Files.exists(path));
      assertFalse(Files.exists(directory.resolve("shm.new")));
      assertEquals(1 << 20, region.sizeBytes());
      assertEquals(1 << 20, region.segment().byteSize());
    }
  }

  @Test
  void create_leftoverOfAnEarlierAttempt_isReplaced() throws IOException {
    Files.write(directory.resolve("shm.new"), new byte[] {1, 2, 3});

    try (SharedRegion region = SharedRegion.create(path, PAGE)) {
      assertEquals(0, region.segment().get(ValueLayout.JAVA_BYTE, 0));
    }
  }

  @Test
  void install_overAnOldFile_replacesIt() throws IOException {
    Files.write(path, new byte[10]);
    try (SharedRegion region = SharedRegion.create(path, PAGE)) {
      region.install(path);
      assertEquals(PAGE, Files.size(path));
    }
  }

  @Test
  void open_sameFile_sharesStores() {
    try (SharedRegion first = SharedRegion.create(path, PAGE)) {
      first.install(path);
      try (SharedRegion second = SharedRegion.open(path)) {
        first.segment().set(ValueLayout.JAVA_LONG, 8, 42);
        assertEquals(42, second.segment().get(ValueLayout.JAVA_LONG, 8));
      }
    }
  }

  @Test
  void open_missingFile_isRefusedAndCreatesNothing() {
    assertThrows(StoreIoException.class, () -> SharedRegion.open(path));
    assertFalse(Files.exists(path));
  }

  @Test
  void growTo_larger_mapsAnewAndKeepsTheOldMapping() {
    try (SharedRegion region = SharedRegion.create(path, PAGE + 100)) {
      MemorySegment old = region.segment();
      old.set(ValueLayout.JAVA_BYTE, PAGE + 99, (byte) 3);

      region.growTo(1 << 20);
      region.segment().set(ValueLayout.JAVA_BYTE, 7, (byte) 5);

      assertEquals(5, old.get(ValueLayout.JAVA_BYTE, 7));
      assertEquals(3, region.segment().get(ValueLayout.JAVA_BYTE, PAGE + 99));
      assertEquals(0, region.segment().get(ValueLayout.JAVA_BYTE, PAGE + 100));
      assertEquals(1 << 20, region.segment().byteSize());
      assertTrue(DiskUsage.kibibytesOf(directory.resolve("shm.new")) >= 1024, "a hole");
    }
  }

  @Test
  void growTo_sameOrSmaller_changesNothing() {
    try (SharedRegion region = SharedRegion.temporary(2 * PAGE)) {
      MemorySegment segment = region.segment();

      region.growTo(2 * PAGE);
      region.growTo(PAGE);

      assertSame(segment, region.segment());
      assertEquals(2 * PAGE, region.sizeBytes());
    }
  }

  @Test
  void segmentOf_grownByAnother_mapsAnew() {
    try (SharedRegion first = SharedRegion.create(path, PAGE)) {
      first.install(path);
      try (SharedRegion second = SharedRegion.open(path)) {
        assertSame(second.segment(), second.segmentOf(PAGE));
        assertThrows(IllegalArgumentException.class, () -> second.segmentOf(PAGE + 1));

        first.growTo(3 * PAGE);

        assertEquals(3 * PAGE, second.segmentOf(PAGE + 1).byteSize());
        assertSame(second.segment(), second.segmentOf(3 * PAGE));
      }
    }
  }

  @Test
  void growTo_underAStormOfInterrupts_succeeds() {
    try (SharedRegion region = SharedRegion.temporary(PAGE)) {
      InterruptStorm.run(
          round -> {
            region.growTo(PAGE * (round + 2));
            region.segment().set(ValueLayout.JAVA_BYTE, PAGE * (round + 1), (byte) round);
            return round < 200;
          });
      for (int round = 0; round <= 200; round++) {
        assertEquals((byte) round, region.segment().get(ValueLayout.JAVA_BYTE, PAGE * (round + 1)));
      }
    }
  }

  @Test
  void anonymous_file_hasNoName() throws IOException {
    try (SteadyFile file = SteadyFile.anonymous(directory)) {
      file.growByZeros(3 * PAGE);

      assertEquals(3 * PAGE, file.sizeBytes());
      try (Stream<Path> names = Files.list(directory)) {
        assertEquals(0, names.count());
      }
    }
  }

  @Test
  void close_thenSegment_fails() {
    SharedRegion region = SharedRegion.temporary(PAGE);
    MemorySegment segment = region.segment();

    region.close();
    region.close();

    assertThrows(
        IllegalStateException.class, () -> segment.set(ValueLayout.JAVA_BYTE, 0, (byte) 1));
    assertThrows(IllegalStateException.class, () -> region.growTo(2 * PAGE));
  }
}
