package dev.quire.store.cli;

import dev.quire.store.Keys;
import dev.quire.store.Store;
import dev.quire.store.Table;
import dev.quire.store.TableOptions;
import dev.quire.store.WriteTxn;
import dev.quire.store.options.Durability;
import dev.quire.store.options.StoreOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// The demo of one store in many processes: this one transfers amounts between accounts, the others
/// read, and look whether any snapshot shows another sum.
///
/// | table    | key                       | value                                        |
/// |----------|---------------------------|----------------------------------------------|
/// | accounts | an account, a number      | its amount, a number                         |
/// | clock    | 0                         | when the last transfer began, in nanoseconds |
final class SharingDemo {

  static final String ACCOUNTS_TABLE = "accounts";
  static final String CLOCK_TABLE = "clock";
  static final int ACCOUNTS = 1_000;
  static final long AMOUNT = 1_000;

  private static final int BATCH = 64;
  private static final int ALONE_SECONDS = 2;
  private static final long SECOND_NANOS = 1_000_000_000;
  private static final TableOptions NUMBERS = TableOptions.defaults().withIntegerKeys(true);

  private final Path path;
  private final Output output;
  private final int readers;
  private final int seconds;
  private final SplittableRandom random = new SplittableRandom();

  /// @param processes this one and those that read
  SharingDemo(Path path, Output output, int processes, int seconds) {
    this.path = path;
    this.output = output;
    this.readers = processes - 1;
    this.seconds = seconds;
  }

  /// Options of all processes: commits are visible at once, and durable at the next checkpoint.
  static StoreOptions options() {
    return StoreOptions.defaults().withDurability(Durability.CHECKPOINT);
  }

  /// Runs the demo; says whether no process saw a wrong sum and the store is clean.
  boolean run() throws IOException {
    try (Store store = Store.open(path, options())) {
      fill(store);
      say("store", path + ", opened by " + (readers + 1) + " processes");
      writeAlone(store);
      List<ReaderProcess> started = new ArrayList<>();
      try {
        for (int i = 0; i < readers; i++) {
          started.add(ReaderProcess.start(path));
        }
        for (ReaderProcess reader : started) {
          reader.awaitReady();
        }
        write(store, started);
        return finish(store, started);
      } finally {
        started.forEach(ReaderProcess::close);
      }
    }
  }

  private void fill(Store store) {
    store.table(ACCOUNTS_TABLE, NUMBERS);
    store.table(CLOCK_TABLE, NUMBERS);
    try (WriteTxn txn = store.beginWrite()) {
      Table accounts = txn.table(ACCOUNTS_TABLE);
      for (int account = 0; account < ACCOUNTS; account++) {
        accounts.put(Keys.ofLong(account), Keys.ofLong(AMOUNT));
      }
      txn.commit();
    }
  }

  /// The same work before anybody reads: to be compared with, and to get it compiled.
  private void writeAlone(Store store) {
    long start = System.nanoTime();
    long nanos = Math.min(seconds, ALONE_SECONDS) * SECOND_NANOS;
    long transfers = 0;
    while (System.nanoTime() - start < nanos) {
      transfer(store);
      transfers++;
    }
    say("alone", Amounts.rate(transfers, System.nanoTime() - start) + " commits");
    output.flush();
  }

  private void write(Store store, List<ReaderProcess> started) {
    long transfers = 0;
    long start = System.nanoTime();
    for (int second = 1; second <= seconds; second++) {
      long transfersBefore = transfers;
      long secondStart = System.nanoTime();
      while (System.nanoTime() - start < second * SECOND_NANOS) {
        for (int i = 0; i < BATCH; i++) {
          transfer(store);
        }
        transfers += BATCH;
      }
      report(second, transfers - transfersBefore, System.nanoTime() - secondStart, started);
    }
    say(
        "writer",
        Amounts.count(transfers)
            + " transactions in "
            + Amounts.seconds(System.nanoTime() - start)
            + ", "
            + Amounts.rate(transfers, System.nanoTime() - start));
  }

  private void transfer(Store store) {
    byte[] from = Keys.ofLong(random.nextInt(ACCOUNTS));
    byte[] to = Keys.ofLong(random.nextInt(ACCOUNTS));
    try (WriteTxn txn = store.beginWrite()) {
      Table accounts = txn.table(ACCOUNTS_TABLE);
      accounts.put(from, Keys.ofLong(amount(accounts, from) - 1));
      accounts.put(to, Keys.ofLong(amount(accounts, to) + 1));
      txn.table(CLOCK_TABLE).put(Keys.ofLong(0), Keys.ofLong(System.nanoTime()));
      txn.commit();
    }
  }

  private static long amount(Table accounts, byte[] account) {
    byte[] amount = accounts.get(account);
    if (amount == null) {
      throw new IllegalStateException("account " + Keys.toLong(account) + " is gone");
    }
    return Keys.toLong(amount);
  }

  private void report(int second, long transfers, long nanos, List<ReaderProcess> started) {
    StringBuilder line = new StringBuilder();
    line.append(Amounts.rate(transfers, nanos)).append(" commits; reads, and until seen:");
    String mark = " ";
    for (ReaderProcess reader : started) {
      SharingReader.Report last = reader.lastReport();
      line.append(mark).append(Amounts.rate(last.reads(), last.nanos()));
      line.append(' ').append(Amounts.micros(last.medianNanos()));
      line.append(" (99 %: ").append(Amounts.micros(last.slowNanos())).append(')');
      mark = ", ";
    }
    say("second " + second, line.toString());
    output.flush();
  }

  private boolean finish(Store store, List<ReaderProcess> started) throws IOException {
    boolean right = true;
    for (int i = 0; i < started.size(); i++) {
      SharingReader.Report total = started.get(i).finish();
      right &= total.wrongSums() == 0 && total.snapshots() > 0;
      say(
          "reader " + (i + 1),
          Amounts.rate(total.reads(), total.nanos())
              + ", "
              + Amounts.count(total.snapshots())
              + " snapshots summed, "
              + (total.wrongSums() == 0 ? "all right" : total.wrongSums() + " WRONG")
              + "; a commit was seen after "
              + Amounts.micros(total.medianNanos())
              + ", 99 of 100 within "
              + Amounts.micros(total.slowNanos()));
    }
    boolean clean = store.check().isClean();
    say("check", clean && right ? "clean" : "NOT clean");
    return clean && right;
  }

  private void say(String what, String text) {
    output.line(output.bold(String.format("%-10s", what)) + " " + text);
  }
}
