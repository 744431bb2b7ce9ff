package dev.quire.store.bench.peer;

import java.nio.file.Path;

/// Where a store lies and what is asked of it.
///
/// @param directory its own; made by the harness. Of no meaning to a store in memory
/// @param entries how many entries it will hold, for stores that must know in advance
/// @param durable whether a put is on the medium when it returns
public record Place(Path directory, int entries, boolean durable) {}
