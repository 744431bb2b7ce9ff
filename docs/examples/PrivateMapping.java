import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Two processes map one file. What this one stores through a shared mapping the other one sees;
/// what it stores through a private one stays its own.
///
/// ```sh
/// java docs/examples/PrivateMapping.java
/// ```
public final class PrivateMapping {

  private static final long BYTES = 4096;

  private PrivateMapping() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0) {
      look(Path.of(arguments[0]));
      return;
    }
    Path file = Files.createTempFile("mapping", "");
    Files.write(file, new byte[(int) BYTES]);
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Arena arena = Arena.ofConfined()) {
      MemorySegment shared = channel.map(MapMode.READ_WRITE, 0, BYTES, arena);
      MemorySegment own = channel.map(MapMode.PRIVATE, 0, BYTES, arena);

      shared.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
      System.out.println("1 is stored through a shared mapping");
      startOther(file);

      own.set(ValueLayout.JAVA_BYTE, 0, (byte) 42); // copies the page; from now on it is our own
      System.out.println("42 is stored through a private one, which now has " + first(own));
      startOther(file);

      shared.set(ValueLayout.JAVA_BYTE, 0, (byte) 2);
      System.out.println("2 is stored through the shared one; the private one has " + first(own));
      startOther(file);
    } finally {
      Files.delete(file);
    }
  }

  private static byte first(MemorySegment mapping) {
    return mapping.get(ValueLayout.JAVA_BYTE, 0);
  }

  private static void startOther(Path file) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String program = System.getProperty("jdk.launcher.sourcefile");
    new ProcessBuilder(java, program, file.toString()).inheritIO().start().waitFor();
  }

  /// The other process.
  private static void look(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file);
        Arena arena = Arena.ofConfined()) {
      byte seen = first(channel.map(MapMode.READ_ONLY, 0, BYTES, arena));
      System.out.println("  the other process sees " + seen);
    }
  }
}
