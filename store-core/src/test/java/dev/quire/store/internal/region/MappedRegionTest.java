package dev.quire.store.internal.region;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.errors.StoreIoException;
import dev.quire.store.internal.region.Region.SyncRole;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedRegionTest extends RegionContract {

  @TempDir Path directory;
  private Path path;

  @Override
  Region openEmpty() {
    path = directory.resolve("data");
    return MappedRegion.create(path);
  }

  @Test
  void growTo_fileSystemInMemory_leavesNoHole() throws IOException {
    Path parent = Files.createTempDirectory(Directories.ofMemory(), "quire-test-");
    Path file = parent.resolve("data");
    try (MappedRegion region = MappedRegion.create(file)) {
      region.growTo(1 << 20);
      boolean onDisk = FileSystemKind.of(parent) != FileSystemKind.MEMORY;
      assertEquals(onDisk, DiskUsage.kibibytesOf(file) < 1024, "whether it is a hole");
    } finally {
      Files.delete(file);
      Files.delete(parent);
    }
  }

  @Test
  void create_newFile_isPrivateToItsOwner() throws IOException {
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
  }

  @Test
  void create_existingFile_isRefused() {
    assertThrows(StoreIoException.class, () -> MappedRegion.create(path));
  }

  @Test
  void open_missingFile_isRefusedAndCreatesNothing() {
    Path missing = directory.resolve("missing");

    assertThrows(StoreIoException.class, () -> MappedRegion.open(missing));

    assertFalse(Files.exists(missing));
  }

  @Test
  void open_directory_isRefused() {
    assertThrows(StoreIoException.class, () -> MappedRegion.open(directory));
  }

  @Test
  void growTo_largeSize_leavesAHole() {
    region.growTo(15 << 20);

    boolean onDisk = FileSystemKind.of(path) != FileSystemKind.MEMORY;
    assertEquals(onDisk, DiskUsage.kibibytesOf(path) <= 64, "whether it is a hole");
  }

  @Test
  void mappedBytes_mappingsAndSyncs_countsEach() {
    MappedRegion mapped = (MappedRegion) region;
    region.growTo(8 << 20);
    assertEquals(0, mapped.mappedBytes());

    region.map(0, 8 << 20);
    region.map(PAGE, PAGE);
    assertEquals((8 << 20) + PAGE, mapped.mappedBytes());

    region.syncRange(SyncRole.COMMIT, 0, PAGE);
    region.syncRange(SyncRole.COMMIT, (1 << 20) - 1, 1);
    assertEquals((9 << 20) + PAGE, mapped.mappedBytes());

    region.syncRange(SyncRole.COMMIT, 1 << 20, 1);
    assertEquals((11 << 20) + PAGE, mapped.mappedBytes());

    region.syncRange(SyncRole.CHECKPOINT, 0, 8 << 20);
    assertEquals((19 << 20) + PAGE, mapped.mappedBytes());
  }

  /// The kernel tells the failure of a write once for each open file: who syncs the log must not
  /// miss it because a checkpoint was told.
  @Test
  void open_eachRole_hasAnOpenFileOfItsOwn() throws IOException {
    long open = 0;
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        try {
          open += descriptor.toRealPath().equals(path.toRealPath()) ? 1 : 0;
        } catch (NoSuchFileException e) {
          // Closed meanwhile, or no file.
        }
      }
    }
    assertEquals(SyncRole.values().length + 1, open);
  }

  @Test
  void syncRange_beyondTheEnd_isRefused() {
    region.growTo(PAGE);

    assertThrows(
        IllegalArgumentException.class, () -> region.syncRange(SyncRole.COMMIT, PAGE - 1, 2));
    assertThrows(IllegalArgumentException.class, () -> region.syncRange(SyncRole.COMMIT, -1, 1));
  }

  @Test
  void syncRange_afterCutAndGrowth_mapsAnew() {
    region.growTo(4 << 20);
    region.syncRange(SyncRole.COMMIT, 0, 4 << 20);

    region.truncateTo(PAGE);
    region.growTo(2 * PAGE);

    region.syncRange(SyncRole.COMMIT, PAGE, PAGE);
    assertThrows(
        IllegalArgumentException.class, () -> region.syncRange(SyncRole.COMMIT, 2 * PAGE, 1));
  }

  @Test
  void moveTo_newName_goesOnUnderIt() {
    Path target = directory.resolve("moved");
    region.growTo(PAGE);

    ((MappedRegion) region).moveTo(target);

    assertFalse(Files.exists(path));
    InterruptStorm.run(
        round -> {
          write(round, new byte[] {(byte) round});
          return round < 1000;
        });
    try (MappedRegion other = MappedRegion.open(target)) {
      assertTrue(other.identity().isSameFile(((MappedRegion) region).identity()));
      assertEquals(PAGE, other.sizeBytes());
    }
  }

  @Test
  void write_grownByAnotherRegion_isAllowed() {
    region.growTo(PAGE);
    try (MappedRegion other = MappedRegion.open(path)) {
      other.growTo(3 * PAGE);
    }

    write(2 * PAGE, new byte[] {1});

    assertArrayEquals(new byte[] {1}, bytesAt(2 * PAGE, 1));
  }

  @Test
  void openReadOnly_reads_andRefusesTheRest() {
    region.growTo(2 * PAGE);
    write(PAGE, new byte[] {5});
    try (MappedRegion other = MappedRegion.openReadOnly(path)) {
      assertEquals(5, other.map(PAGE, PAGE).get(ValueLayout.JAVA_BYTE, 0));
      assertEquals(1, other.read(PAGE, buffers.allocate(1), 0, 1));
      assertThrows(IllegalStateException.class, () -> other.write(0, buffers.allocate(1), 0, 1));
      assertThrows(IllegalStateException.class, () -> other.growTo(3 * PAGE));
      assertThrows(IllegalStateException.class, () -> other.truncateTo(0));
      assertThrows(IllegalStateException.class, () -> other.sync(SyncRole.COMMIT));
    }
  }

  @Test
  void operations_afterClose_fail() {
    region.growTo(PAGE);
    region.close();

    assertThrows(IllegalStateException.class, () -> write(0, new byte[1]));
    assertThrows(IllegalStateException.class, () -> bytesAt(0, 1));
    assertThrows(IllegalStateException.class, () -> region.sizeBytes());
    assertThrows(IllegalStateException.class, () -> region.map(0, PAGE));
    assertThrows(IllegalStateException.class, () -> region.growTo(2 * PAGE));
    assertThrows(IllegalStateException.class, () -> region.sync(SyncRole.COMMIT));
  }
}
