package dev.quire.store.bench.work;

import java.util.List;
import java.util.Map;

/// Does a workload in this JVM.
public final class Works {

  private static final int SOME_THREADS = 2;
  private static final int MANY_THREADS = 8;
  private static final int PUT_BATCH = 100;
  private static final double HALF = 0.5;
  private static final double NEARLY_ALL = 0.95;

  private Works() {}

  /// Does it.
  ///
  /// @return what was found
  public static Map<Metric, Double> run(Workload workload, Trial trial) {
    return switch (workload) {
      case GET -> nanos(Metric.GET, Metric.GET_BYTES, Reads.get(trial));
      case GET_IN_PLACE ->
          nanos(Metric.GET_IN_PLACE, Metric.GET_IN_PLACE_BYTES, Reads.getInPlace(trial));
      case GET_IN_VIEW ->
          nanos(Metric.GET_IN_VIEW, Metric.GET_IN_VIEW_BYTES, Reads.getInView(trial));
      case GET_ZIPF -> nanos(Metric.GET_ZIPF, Metric.GET_ZIPF_BYTES, Reads.getZipf(trial));
      case SCAN -> Reads.scan(trial);
      case RANGE -> Reads.range(trial);
      case LOAD_RANDOM -> Loads.random(trial);
      case LOAD_SORTED -> Loads.sorted(trial);
      case PUT -> rate(Metric.PUT, Metric.PUT_BYTES, Puts.put(trial, 1, PUT_BATCH));
      case PUT_MEMORY ->
          rate(Metric.PUT_MEMORY, Metric.PUT_MEMORY_BYTES, Puts.put(trial, 1, PUT_BATCH));
      case PUT_SYNC -> rate(Metric.PUT_SYNC, Puts.put(trial, 1, 1));
      case PUT_SYNC_2 -> rate(Metric.PUT_SYNC_2, Puts.put(trial, SOME_THREADS, 1));
      case PUT_SYNC_8 -> rate(Metric.PUT_SYNC_8, Puts.put(trial, MANY_THREADS, 1));
      case YCSB_A -> rate(Metric.YCSB_A, Mixed.getsAndPuts(trial, HALF));
      case YCSB_B -> rate(Metric.YCSB_B, Mixed.getsAndPuts(trial, NEARLY_ALL));
      case YCSB_E -> rate(Metric.YCSB_E, Mixed.rangesAndInserts(trial, NEARLY_ALL));
      case CHURN -> Churn.run(trial);
      case BESIDE -> Mixed.beside(trial);
      case LARGE_10K, LARGE_1M -> Large.run(workload, trial);
      case OPEN -> Opens.open(trial);
      case READ_1, READ_2, READ_3, READ_4, READ_BESIDE, PUT_1, PUT_2, VISIT, SIGHT ->
          runShared(workload, trial);
    };
  }

  private static Map<Metric, Double> runShared(Workload workload, Trial trial) {
    Role reader = Role.READER;
    Role writer = Role.WRITER;
    return switch (workload) {
      case READ_1 -> Map.of(Metric.READ_1, sum(trial, reader));
      case READ_2 -> Map.of(Metric.READ_2, sum(trial, reader, reader));
      case READ_3 -> Map.of(Metric.READ_3, sum(trial, reader, reader, reader));
      case READ_4 -> Map.of(Metric.READ_4, sum(trial, reader, reader, reader, reader));
      case READ_BESIDE -> {
        List<Role.Finding> found = Together.run(trial, List.of(reader, writer));
        yield Map.of(
            Metric.READ_BESIDE, found.get(0).rate(), Metric.PUT_BESIDE, found.get(1).rate());
      }
      case PUT_1 -> Map.of(Metric.PUT_1, sum(trial, writer));
      case PUT_2 -> Map.of(Metric.PUT_2, sum(trial, writer, writer));
      case VISIT -> times(Metric.VISIT_MEDIAN, Metric.VISIT_SLOW, trial, writer, Role.VISITOR);
      case SIGHT -> times(Metric.SIGHT_MEDIAN, Metric.SIGHT_SLOW, trial, Role.TELLER, Role.LOOKER);
      default -> throw new IllegalArgumentException(workload + ": done by one process");
    };
  }

  /// The rates of all processes together.
  private static double sum(Trial trial, Role... roles) {
    return Together.run(trial, List.of(roles)).stream().mapToDouble(Role.Finding::rate).sum();
  }

  /// The times that the second process found.
  private static Map<Metric, Double> times(
      Metric median, Metric slow, Trial trial, Role first, Role second) {
    Role.Finding found = Together.run(trial, List.of(first, second)).get(1);
    return Map.of(median, found.median(), slow, found.slow());
  }

  private static Map<Metric, Double> nanos(Metric time, Metric bytes, Stopwatch.Reading reading) {
    return Map.of(time, reading.nanosPerOperation(), bytes, reading.bytesPerOperation());
  }

  private static Map<Metric, Double> rate(Metric rate, Metric bytes, Stopwatch.Reading reading) {
    return Map.of(rate, reading.operationsPerSecond(), bytes, reading.bytesPerOperation());
  }

  private static Map<Metric, Double> rate(Metric rate, Stopwatch.Reading reading) {
    return Map.of(rate, reading.operationsPerSecond());
  }
}
