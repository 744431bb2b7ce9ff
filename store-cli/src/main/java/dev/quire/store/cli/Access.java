package dev.quire.store.cli;

import dev.quire.store.ReadTxn;
import dev.quire.store.Savepoint;
import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.WriteTxn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One command's use of a store: a snapshot or a transaction of its own, or that of the shell, in
/// which a change is a savepoint.
final class Access implements AutoCloseable {

  private final Store store;
  private final ReadTxn txn;
  private final boolean own;
  private final @Nullable Savepoint savepoint;

  private Access(Store store, ReadTxn txn, boolean own) {
    this.store = store;
    this.txn = txn;
    this.own = own;
    this.savepoint = !own && txn instanceof WriteTxn change ? change.savepoint() : null;
  }

  /// Reads.
  ///
  /// @param opened closed in the end
  static Access toRead(Store opened, @Nullable Session session) {
    ReadTxn given = session == null ? null : session.reading();
    return closingOnFailure(opened, given, false);
  }

  /// Changes.
  ///
  /// @param opened closed in the end
  static Access toWrite(Store opened, @Nullable Session session) {
    if (session != null && session.reading() != null && session.change() == null) {
      opened.close();
      throw new IllegalArgumentException(
          "a snapshot is shown and cannot be changed; \"rollback\" ends it");
    }
    return closingOnFailure(opened, session == null ? null : session.change(), true);
  }

  private static Access closingOnFailure(Store opened, @Nullable ReadTxn given, boolean writes) {
    boolean done = false;
    try {
      Access access =
          given != null
              ? new Access(opened, given, false)
              : new Access(opened, writes ? opened.beginWrite() : opened.beginRead(), true);
      done = true;
      return access;
    } finally {
      if (!done) {
        opened.close();
      }
    }
  }

  Store store() {
    return store;
  }

  /// What is read.
  ReadTxn reading() {
    return txn;
  }

  /// What is changed.
  WriteTxn writing() {
    return (WriteTxn) txn;
  }

  Table table(String name) {
    return txn.table(name);
  }

  /// Names of all tables.
  List<String> tables() {
    return txn.tables();
  }

  /// A table that must exist.
  Table requireTable(String name) {
    Table table = txn.table(name);
    if (table.stats() == null) {
      throw new CommandFailure(
          ExitCode.NOT_FOUND, "there is no table \"" + name + "\"" + Near.hint(name, txn.tables()));
    }
    return table;
  }

  /// Makes the changes; in a transaction of the shell, a part of that one.
  void commit() {
    if (savepoint != null) {
      savepoint.release();
    } else {
      writing().commit();
    }
  }

  @Override
  public void close() {
    if (savepoint != null) {
      savepoint.close();
    }
    if (own) {
      txn.close();
    }
    store.close();
  }
}
