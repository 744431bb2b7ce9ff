package dev.quire.store.internal.region;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the machine or container calls itself, for messages. No name server is asked.
public final class HostName {

  private static final Path SOURCE = Path.of("/proc/sys/kernel/hostname");

  private HostName() {}

  /// The name, empty where the system does not tell.
  public static String current() {
    try {
      return Files.readString(SOURCE, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
