package dev.quire.store.internal.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryRegionTest extends RegionContract {

  @Override
  Region openEmpty() {
    return MemoryRegion.temporary(0);
  }

  @Test
  void create_thenInstall_sharesTheFile(@TempDir Path directory) {
    Path path = directory.resolve("data");
    try (MemoryRegion first = MemoryRegion.create(path, PAGE)) {
      assertFalse(Files.exists(path));
      first.install(path);
      assertTrue(Files.exists(path));
      try (MemoryRegion second = MemoryRegion.open(path)) {
        first.growTo(3 * PAGE);
        first.write(2 * PAGE, copyOf(new byte[] {7}), 0, 1);

        assertEquals(3 * PAGE, second.sizeBytes());
        assertEquals(7, second.map(2 * PAGE, PAGE).get(ValueLayout.JAVA_BYTE, 0));
      }
    }
  }

  @Test
  void growTo_manyTimes_mapsOnlyWhenTheFileGrew() {
    region.growTo(PAGE);
    assertEquals(region.mapWritable(0, PAGE).address(), region.mapWritable(0, PAGE).address());
    region.growTo(PAGE);
    assertEquals(region.mapWritable(0, PAGE).address(), region.map(0, PAGE).address());
  }

  @Test
  void mapWritable_beyondTheEnd_isRefused() {
    region.growTo(PAGE);

    assertThrows(IllegalArgumentException.class, () -> region.mapWritable(0, PAGE + 1));
  }
}
