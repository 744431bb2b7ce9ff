package dev.quire.store.bench.peer;

import java.nio.file.Path;

/// Where a store lies and what is asked of it.
///
/// @param directory its own; made by the harness. Of no meaning to a store in memory
/// @param entries how many entries it will hold, for stores that must know in advance
/// @param valueBytes length of each value (16 and up)
/// @param durable whether a put is on the medium when it returns
public record Place(Path directory, int entries, int valueBytes, boolean durable) {

  /// Bytes of all keys and values.
  public long payloadBytes() {
    return (long) entries * (Entry.KEY_BYTES + valueBytes);
  }

  /// The same store elsewhere.
  public Place at(Path directory) {
    return new Place(directory, entries, valueBytes, durable);
  }
}
