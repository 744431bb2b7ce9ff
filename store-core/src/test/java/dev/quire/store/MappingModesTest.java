package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.JvmLaunch;
import dev.quire.store.testing.ParentLink;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What docs/SHARED_MEMORY.md says about mappings, with two processes that map one file.
class MappingModesTest {

  @TempDir private Path directory;
  private Path file;

  /// The other process: reads and writes the first byte of a file through a shared mapping.
  static final class Other {
    private Other() {}

    public static void main(String[] arguments) throws IOException {
      try (FileChannel channel =
              FileChannel.open(
                  Path.of(arguments[0]), StandardOpenOption.READ, StandardOpenOption.WRITE);
          Arena arena = Arena.ofShared()) {
        MemorySegment shared = channel.map(MapMode.READ_WRITE, 0, 4096, arena);
        ParentLink.serve(
            (verb, words) -> {
              if (verb.equals("write")) {
                shared.set(ValueLayout.JAVA_BYTE, 0, Byte.parseByte(words[0]));
              }
              return Byte.toString(shared.get(ValueLayout.JAVA_BYTE, 0));
            });
      }
    }
  }

  @BeforeEach
  void writeFile() throws IOException {
    file = directory.resolve("file");
    Files.write(file, new byte[4096]);
  }

  private ChildJvm startOther() {
    return ChildJvm.start(JvmLaunch.of(Other.class).withOwnClassesOnly(), file.toString());
  }

  @Test
  void map_shared_isOneMemoryForBothProcesses() throws IOException {
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Arena arena = Arena.ofShared();
        ChildJvm other = startOther()) {
      MemorySegment shared = channel.map(MapMode.READ_WRITE, 0, 4096, arena);
      assertEquals("0", other.ask("read"));
      shared.set(ValueLayout.JAVA_BYTE, 0, (byte) 42);
      assertEquals("42", other.ask("read"));
      other.ask("write 43");
      assertEquals(43, shared.get(ValueLayout.JAVA_BYTE, 0));
      assertEquals(43, Files.readAllBytes(file)[0]);
    }
  }

  @Test
  void map_private_isSeenByNobodyElse() throws IOException {
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Arena arena = Arena.ofShared();
        ChildJvm other = startOther()) {
      MemorySegment own = channel.map(MapMode.PRIVATE, 0, 4096, arena);
      own.set(ValueLayout.JAVA_BYTE, 0, (byte) 42);
      assertEquals(42, own.get(ValueLayout.JAVA_BYTE, 0));
      assertEquals("0", other.ask("read"));
      assertEquals(0, Files.readAllBytes(file)[0]);

      other.ask("write 43");
      assertEquals(42, own.get(ValueLayout.JAVA_BYTE, 0));
      assertEquals(43, Files.readAllBytes(file)[0]);
    }
  }
}
