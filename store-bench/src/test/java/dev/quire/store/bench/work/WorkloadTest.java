package dev.quire.store.bench.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.bench.peer.Entry;
import dev.quire.store.bench.peer.Peer;
import dev.quire.store.bench.peer.PeerKind;
import dev.quire.store.bench.peer.Place;
import dev.quire.store.bench.peer.Session;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every workload runs with each of its stores. The workloads check what they read themselves.
final class WorkloadTest {

  private static final int ENTRIES = 2000;
  private static final int WINDOW_MILLIS = 50;

  @TempDir Path directory;

  static Stream<Arguments> trials() {
    return Arrays.stream(Workload.values())
        .flatMap(workload -> workload.peers().stream().map(kind -> Arguments.of(workload, kind)));
  }

  @ParameterizedTest
  @MethodSource("trials")
  void run_fewEntries_givesPositiveFigures(Workload workload, PeerKind kind) {
    Path own = Directories.makeEmpty(directory.resolve("store"));
    Place place = new Place(own, ENTRIES, workload.isDurable());
    if (kind.hasFiles() && workload.start() != Workload.Start.EMPTY) {
      try (Peer peer = kind.open(place);
          Session session = peer.session()) {
        Trial.load(session, Entry.keys(ENTRIES, false), false);
      }
    }
    Map<Metric, Double> figures =
        workload.run(new Trial(kind, place, WINDOW_MILLIS, WINDOW_MILLIS, 1));
    assertFalse(figures.isEmpty());
    figures.forEach(
        (metric, figure) ->
            assertTrue(
                metric.unit() == Metric.Unit.BYTES ? figure >= 0 : figure > 0,
                () -> metric + " " + figure));
  }

  @ParameterizedTest
  @MethodSource("trials")
  void words_parsed_areTheTrial(Workload workload, PeerKind kind) {
    Trial trial = new Trial(kind, new Place(directory, ENTRIES, workload.isDurable()), 1, 2, 3);
    assertEquals(trial, Trial.parse(trial.words()));
  }
}
