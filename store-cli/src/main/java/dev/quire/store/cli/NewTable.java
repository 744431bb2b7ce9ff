package dev.quire.store.cli;

import dev.quire.store.Store;
import dev.quire.store.TableCodecs;
import dev.quire.store.TableOptions;
import dev.quire.store.TableStats;
import dev.quire.store.WriteTxn;
import org.jspecify.annotations.Nullable;

/// A table in the making, with the options and codecs of another one. Codecs are given before the
/// transaction that fills the table; if that does not come to its end, the table goes away again.
final class NewTable implements AutoCloseable {

  private final Store store;
  private final String name;
  private boolean undo;

  private NewTable(Store store, String name, boolean undo) {
    this.store = store;
    this.name = name;
    this.undo = undo;
  }

  /// What a table is made like.
  ///
  /// @param codecs null if it has none
  record Like(TableOptions options, @Nullable TableCodecs codecs) {

    /// Like a table that exists.
    static Like of(Store store, TableStats stats) {
      @Nullable TableCodecs codecs = null;
      try {
        codecs = store.codecs(stats.name());
      } catch (UnsupportedOperationException e) {
        // Not every storage engine knows codecs.
      }
      return new Like(stats.options(), codecs);
    }
  }

  /// Begins.
  ///
  /// @param session of the shell, whose transaction cannot give codecs
  static NewTable begin(Store store, String name, Like like, @Nullable Session session) {
    TableCodecs codecs = like.codecs();
    if (codecs == null || store.tables().contains(name)) {
      return new NewTable(store, name, false);
    }
    if (session != null && session.change() != null) {
      throw new IllegalArgumentException(
          "the table has codecs, which are given outside of transactions only");
    }
    store.useCodecs(name, like.options(), codecs);
    return new NewTable(store, name, true);
  }

  /// Makes the table in the transaction that fills it, unless it is there.
  void in(WriteTxn txn, Like like) {
    if (!txn.tables().contains(name)) {
      txn.table(name, like.options());
    }
  }

  /// It is filled.
  void keep() {
    undo = false;
  }

  @Override
  public void close() {
    if (undo) {
      store.dropTable(name);
    }
  }
}
