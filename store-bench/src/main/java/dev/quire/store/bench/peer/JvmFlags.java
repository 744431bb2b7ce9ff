package dev.quire.store.bench.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What stores need on the command line of a current JDK, or should have. Each list is given to the
/// JVMs of that store alone.
final class JvmFlags {

  /// Leave to call native code and to reach memory as of old, without a warning.
  static final List<String> NATIVE =
      List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

  /// The same, and no checks, neither lmdbjava's nor those of the buffers.
  static final List<String> LMDBJAVA =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-Dlmdbjava.disable.checks=true",
          "-Dagrona.disable.bounds.checks=true");

  private static final String CHRONICLE = "chronicle.flags";

  private JvmFlags() {}

  /// Chronicle Map compiles classes at run time and reaches deep into the JDK. It also has an
  /// announcement, and a report to its makers, which are switched off.
  static List<String> chronicle() {
    try (InputStream in = JvmFlags.class.getResourceAsStream(CHRONICLE)) {
      if (in == null) {
        throw new IllegalStateException(CHRONICLE + " is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
