package dev.quire.store.internal.inspect;

import dev.quire.store.internal.tree.TreeRange;
import org.jspecify.annotations.Nullable;

/// Which differences of two snapshots are wanted.
///
/// @param table name of the only table, UTF-8; null for all that users made
/// @param range keys of tables with keys of any length
/// @param integerRange the same keys of tables of integer keys
public record DiffScope(byte @Nullable [] table, TreeRange range, TreeRange integerRange) {}
