package dev.quire.store.cli;

import java.util.concurrent.TimeUnit;

/// Says on the standard error how far a command has come, once it has taken a second: at a terminal
/// ten times a second in one line, else every ten seconds.
final class Ticker implements AutoCloseable {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long AT_TERMINAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long ELSEWHERE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /// The clock is looked at after so many steps.
  private static final int LOOK_MASK = 0xFF;

  private final Output output;
  private final String what;
  private final long whole;
  private final long begin = System.nanoTime();
  private long told = begin;
  private boolean inLine;

  /// @param what is counted, as "entries"
  /// @param whole how many there will be, 0 if that is not known
  Ticker(Output output, String what, long whole) {
    this.output = output;
    this.what = what;
    this.whole = whole;
  }

  /// So many are done.
  void at(long done) {
    if ((done & LOOK_MASK) == 0) {
      look(done, System.nanoTime());
    }
  }

  private void look(long done, long now) {
    if (now - begin < PATIENCE_NANOS) {
      return;
    }
    boolean terminal = output.isTerminal();
    if (now - told >= (terminal ? AT_TERMINAL_NANOS : ELSEWHERE_NANOS)) {
      told = now;
      String text = text(done, now);
      if (terminal) {
        output.passing(text);
        inLine = true;
      } else {
        output.message(text);
      }
    }
  }

  private String text(long done, long now) {
    String text = Amounts.count(done) + " " + what + ", " + Amounts.rate(done, now - begin);
    if (whole <= done) {
      return text;
    }
    long seconds = (long) ((now - begin) / 1e9 * (whole - done) / Math.max(1, done));
    return text + ", " + done * 100 / whole + " %, " + seconds + " s to go";
  }

  /// Removes the line.
  @Override
  public void close() {
    if (inLine) {
      output.passing("");
    }
  }
}
