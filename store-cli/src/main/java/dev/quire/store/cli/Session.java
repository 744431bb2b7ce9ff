package dev.quire.store.cli;

import dev.quire.store.ReadTxn;
import dev.quire.store.Store;
import dev.quire.store.WriteTxn;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What the shell keeps from one command to the next: its store, and a transaction or a snapshot if
/// one was begun. Commands inside it use these instead of their own.
final class Session implements AutoCloseable {

  private final Path path;
  private final Store store;
  private @Nullable WriteTxn change;
  private @Nullable ReadTxn snapshot;

  /// @param path as it was given
  /// @param store which it closes
  Session(Path path, Store store) {
    this.path = path;
    this.store = store;
  }

  Path path() {
    return path;
  }

  Store store() {
    return store;
  }

  /// Whether this is the store of that path.
  boolean isOf(Path other) {
    return path.equals(other);
  }

  /// The transaction that was begun, or null.
  @Nullable WriteTxn change() {
    return change;
  }

  /// What commands read, if something was begun: the transaction, or the snapshot.
  @Nullable ReadTxn reading() {
    return change == null ? snapshot : change;
  }

  /// Begins a transaction.
  void begin() {
    requireNothingBegun();
    change = store.beginWrite();
  }

  /// Begins a snapshot.
  void pin() {
    requireNothingBegun();
    snapshot = store.beginRead();
  }

  private void requireNothingBegun() {
    if (reading() != null) {
      throw new IllegalArgumentException(
          change == null
              ? "a snapshot is shown; \"rollback\" ends it"
              : "a transaction was begun; \"commit\" or \"rollback\" ends it");
    }
  }

  /// Commits the transaction.
  void commit() {
    if (change == null) {
      throw new IllegalArgumentException("no transaction was begun; \"begin\" does that");
    }
    try (WriteTxn ended = change) {
      change = null;
      ended.commit();
    }
  }

  /// Undoes the transaction, or ends the snapshot.
  ///
  /// @return whether there was one
  boolean rollback() {
    ReadTxn ended = reading();
    change = null;
    snapshot = null;
    if (ended != null) {
      ended.close();
    }
    return ended != null;
  }

  @Override
  public void close() {
    rollback();
    store.close();
  }
}
