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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every workload runs with each of its stores, but for the program in C, which has a test of its
/// own. The workloads check what they read themselves.
final class WorkloadTest {

  private static final int ENTRIES = 2000;
  private static final int WINDOW_MILLIS = 20;

  @TempDir Path directory;

  static Stream<Arguments> trials() {
    return Arrays.stream(Workload.values())
        .flatMap(
            workload ->
                workload.peers().stream()
                    .filter(kind -> !kind.isNative())
                    .map(kind -> Arguments.of(workload, kind)));
  }

  @ParameterizedTest
  @MethodSource("trials")
  void run_fewEntries_givesPositiveFigures(Workload workload, PeerKind kind) {
    Path own = Directories.makeEmpty(directory.resolve("store"));
    Place place = new Place(own, ENTRIES, Entry.VALUE_BYTES, workload.isDurable());
    if (kind.hasFiles() && workload.start() != Workload.Start.EMPTY) {
      try (Peer peer = kind.open(new Place(own, ENTRIES, Entry.VALUE_BYTES, false));
          Session session = peer.session()) {
        Trial.load(session, Entry.keys(ENTRIES, false), false);
      }
    }
    Map<Metric, Double> figures =
        Works.run(workload, new Trial(kind, place, WINDOW_MILLIS, WINDOW_MILLIS, 1));
    assertFalse(figures.isEmpty());
    assertTrue(workload.metrics().containsAll(figures.keySet()), figures::toString);
    figures.forEach(
        (metric, figure) ->
            assertTrue(
                metric.unit() == Unit.BYTES ? figure >= 0 : figure > 0,
                () -> metric + " " + figure));
  }

  @Test
  void words_parsed_areTheTrial() {
    Trial trial = new Trial(PeerKind.QUIRE, new Place(directory, ENTRIES, 10, true), 1, 2, 3);
    assertEquals(trial, Trial.parse(trial.words()));
  }

  @Test
  void peers_whatTheyCannotDo_isNotAskedOfThem() {
    assertFalse(Workload.RANGE.peers().contains(PeerKind.CHRONICLE));
    assertFalse(Workload.PUT_SYNC.peers().contains(PeerKind.CHRONICLE));
    assertFalse(Workload.BESIDE.peers().contains(PeerKind.TREEMAP));
    assertFalse(Workload.READ_2.peers().contains(PeerKind.ROCKSDB));
    assertFalse(Workload.OPEN.peers().contains(PeerKind.CAFFEINE));
    assertFalse(Workload.GET.peers().contains(PeerKind.LMDBJAVA_WRITEMAP));
    assertTrue(Workload.PUT.peers().contains(PeerKind.LMDBJAVA_WRITEMAP));
    assertEquals(PeerKind.values().length - 1, Workload.GET.peers().size());
  }
}
