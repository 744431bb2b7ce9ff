package dev.quire.store.cli;

import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.TableCodecs;
import dev.quire.store.TableStats;
import dev.quire.store.WriteTxn;
import dev.quire.store.options.Expiry;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where loaded entries go: one transaction, so that an interrupt undoes everything; or one for
/// each so many entries, and then an interrupt is followed by what to go on with.
final class LoadSink implements AutoCloseable {

  /// How entries are put.
  ///
  /// @param keepExisting whether an entry that is there stays as it is
  /// @param commitEvery after how many entries a transaction is committed, 0 for one in all
  /// @param skip how many entries are passed over, as an interrupted load has put them
  record Choices(boolean keepExisting, long commitEvery, long skip) {

    Choices {
      if (commitEvery < 0 || skip < 0) {
        throw new IllegalArgumentException("--commit-every and --skip are 0 and up");
      }
    }
  }

  private final Store store;
  private final Output output;
  private final Choices choices;
  private final Ticker ticker;
  private final Map<String, TableCodecs> codecs = new LinkedHashMap<>();
  private final Thread teller = new Thread(this::tellHowToGoOn);
  private WriteTxn txn;
  private @Nullable Table table;
  private @Nullable TableHead head;
  private long seen;
  private long put;
  private volatile long committed;
  private int tables;

  LoadSink(Store store, Output output, Choices choices) {
    this.store = store;
    this.output = output;
    this.choices = choices;
    this.ticker = new Ticker(output, "entries", 0);
    this.txn = store.beginWrite();
    Runtime.getRuntime().addShutdownHook(teller);
  }

  /// Begins a table, which is made if it does not exist.
  void table(TableHead begun) {
    head = begun;
    tables++;
    String name = String.valueOf(begun.name());
    TableCodecs given = begun.like().codecs();
    if (given != null) {
      codecs.put(name, given);
    }
    @Nullable TableStats stats = txn.table(name).stats();
    if (stats == null) {
      table = txn.table(name, begun.like().options());
      return;
    }
    if (stats.options().integerKeys() != begun.integerKeys()) {
      throw new IllegalArgumentException(
          "table \""
              + name
              + "\" exists for keys that are "
              + (begun.integerKeys() ? "bytes" : "numbers")
              + "; load into another table, or drop it first");
    }
    table = txn.table(name);
  }

  /// Puts an entry.
  void put(byte[] key, byte[] value, Expiry expiry) {
    seen++;
    if (seen <= choices.skip()) {
      return;
    }
    Table target = table;
    if (target == null) {
      throw new IllegalStateException("no table was begun");
    }
    if (!choices.keepExisting()) {
      target.put(key, value, expiry);
      put++;
    } else if (target.putIfAbsent(key, value, expiry)) {
      put++;
    }
    ticker.at(seen);
    if (choices.commitEvery() > 0 && seen % choices.commitEvery() == 0) {
      commit();
      txn = store.beginWrite();
      TableHead current = head;
      if (current != null) {
        table = txn.table(String.valueOf(current.name()));
      }
    }
  }

  private void commit() {
    txn.commit();
    committed = seen;
  }

  /// Everything was read: commits, and gives the tables their codecs.
  void finish() {
    commit();
    codecs.forEach(
        (name, given) -> {
          @Nullable TableStats stats = store.table(name).stats();
          if (stats != null) {
            @Nullable TableCodecs has = store.useCodecs(name, stats.options(), given);
            if (!given.equals(has)) {
              output.message("table \"" + name + "\" keeps its codecs, " + has);
            }
          }
        });
    committed = 0;
  }

  /// How many entries were put.
  long count() {
    return put;
  }

  /// How many tables were begun.
  int tables() {
    return tables;
  }

  private void tellHowToGoOn() {
    if (committed > 0) {
      output.message(
          committed + " entries are in the store; --skip " + committed + " goes on behind them");
    }
  }

  @Override
  public void close() {
    ticker.close();
    txn.close();
    try {
      Runtime.getRuntime().removeShutdownHook(teller);
      tellHowToGoOn();
    } catch (IllegalStateException e) {
      // The process ends, and the hook tells it.
    }
  }
}
