package dev.quire.store.server.state;

import dev.quire.store.server.table.Command;

/// A command of a transaction that has not run yet.
///
/// @param command which
/// @param words the request
public record QueuedCommand(Command command, byte[][] words) {}
