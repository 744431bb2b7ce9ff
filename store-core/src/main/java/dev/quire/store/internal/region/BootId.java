package dev.quire.store.internal.region;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/// Names the current boot of the machine: what the page cache held is gone when it changes. Where
/// the system does not tell, it is a value equal to no other, so that every opening recovers.
///
/// @param high upper half
/// @param low lower half
public record BootId(long high, long low) {

  private static final Path SOURCE = Path.of("/proc/sys/kernel/random/boot_id");

  /// The current boot.
  public static BootId current() {
    try {
      UUID id = UUID.fromString(Files.readString(SOURCE, StandardCharsets.US_ASCII).strip());
      return new BootId(id.getMostSignificantBits(), id.getLeastSignificantBits());
    } catch (IOException | IllegalArgumentException e) {
      UUID unique = UUID.randomUUID();
      return new BootId(unique.getMostSignificantBits(), unique.getLeastSignificantBits());
    }
  }
}
