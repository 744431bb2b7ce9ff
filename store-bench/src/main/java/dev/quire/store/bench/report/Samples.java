package dev.quire.store.bench.report;

import java.util.Arrays;

/// The figures that the rounds found for one metric of one store.
record Samples(double[] sorted) {

  static final Samples NONE = new Samples(new double[0]);

  Samples with(double figure) {
    double[] more = Arrays.copyOf(sorted, sorted.length + 1);
    more[sorted.length] = figure;
    Arrays.sort(more);
    return new Samples(more);
  }

  boolean isEmpty() {
    return sorted.length == 0;
  }

  double median() {
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  double min() {
    return sorted[0];
  }

  double max() {
    return sorted[sorted.length - 1];
  }
}
