package dev.quire.store.bench.report;

import dev.quire.store.bench.work.Unit;
import java.util.Locale;

/// Figures as a reader wants them.
final class Numbers {

  private static final double KILO = 1e3;
  private static final double MEGA = 1e6;

  private Numbers() {}

  /// Large figures with three digits and a letter for the rest.
  static String text(Unit unit, double figure) {
    if (figure >= MEGA) {
      return threeDigits(figure / MEGA) + "M";
    }
    if (figure >= 10 * KILO) {
      return threeDigits(figure / KILO) + "k";
    }
    return String.format(Locale.ROOT, "%,." + unit.decimals() + "f", figure);
  }

  private static String threeDigits(double figure) {
    String digits = figure < 10 ? "%.2f" : figure < 100 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, digits, figure);
  }

  /// Median, and least and greatest where they differ.
  static String text(Unit unit, Samples samples) {
    String min = text(unit, samples.min());
    String max = text(unit, samples.max());
    String median = text(unit, samples.median());
    return min.equals(max) ? median : median + " (" + min + "-" + max + ")";
  }

  /// A ratio.
  static String ratio(double ratio) {
    return String.format(Locale.ROOT, "%.2fx", ratio);
  }

  /// A number of entries, as in a file name: 1m, 200k.
  static String entries(int entries) {
    if (entries % (int) MEGA == 0) {
      return entries / (int) MEGA + "m";
    }
    return entries % (int) KILO == 0 ? entries / (int) KILO + "k" : Integer.toString(entries);
  }
}
