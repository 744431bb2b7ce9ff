package dev.quire.store.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `quire serve` refuses; that it serves is tested by `quire compat`.
final class ServeCommandTest {

  @TempDir private Path directory;

  @Test
  void serve_withoutStore_isNotUnderstood() {
    Ran.quire("serve").assertFails(ExitCode.USAGE, "--store");
  }

  @Test
  void serve_unknownSetting_isNotUnderstood() {
    Ran.quire("serve", "--store", directory.resolve("s"), "--set", "nonsense=1")
        .assertFails(ExitCode.USAGE, "nonsense");
  }

  @Test
  void serve_everywhereWithoutPassword_isRefused() {
    Ran.quire("serve", "--store", directory.resolve("s"), "--port", "0", "--set", "bind=0.0.0.0")
        .assertFails(ExitCode.USAGE, "requirepass");
  }

  @Test
  void serve_configOfNothing_isUnavailable() throws IOException {
    Ran.quire("serve", "--store", directory.resolve("s"), "--config", directory.resolve("none"))
        .assertFails(ExitCode.UNAVAILABLE, "none");
    Path file = Files.writeString(directory.resolve("c"), "port 0\nbind \"192.0.2.1\"\n");
    Ran.quire("serve", "--store", directory.resolve("s"), "--config", file)
        .assertFails(ExitCode.USAGE, "requirepass");
  }
}
