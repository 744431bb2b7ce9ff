package dev.quire.store.bench.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.bench.peer.Entry;
import dev.quire.store.bench.peer.PeerKind;
import dev.quire.store.bench.peer.Place;
import dev.quire.store.bench.work.Directories;
import dev.quire.store.bench.work.Metric;
import dev.quire.store.bench.work.Trial;
import dev.quire.store.bench.work.Unit;
import dev.quire.store.bench.work.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The program in C does every workload that it is asked for, where it can be compiled; elsewhere
/// it says that it is not installed.
final class LmdbProgramTest {

  private static final int ENTRIES = 2000;
  private static final int WINDOW_MILLIS = 10;
  private static final Children CHILDREN = new Children();

  @TempDir Path directory;

  static Stream<Workload> workloads() {
    return Arrays.stream(Workload.values()).filter(w -> w.peers().contains(PeerKind.LMDB_C));
  }

  private Map<Metric, Double> run(Workload workload, Path place) throws Exception {
    Place at = new Place(place, ENTRIES, Entry.VALUE_BYTES, workload.isDurable());
    return CHILDREN.run(workload, new Trial(PeerKind.LMDB_C, at, WINDOW_MILLIS, WINDOW_MILLIS, 1));
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void run_fewEntries_givesItsFigures(Workload workload) throws Exception {
    Path place = Directories.makeEmpty(directory.resolve("store"));
    if (!CHILDREN.canRun(PeerKind.LMDB_C)) {
      IOException e = assertThrows(IOException.class, () -> run(workload, place));
      assertEquals("not installed", e.getMessage());
      return;
    }
    if (workload.start() != Workload.Start.EMPTY) {
      run(Workload.LOAD_RANDOM, place);
    }
    Map<Metric, Double> figures = run(workload, place);
    List<Metric> expected =
        workload.metrics().stream().filter(metric -> metric.unit() != Unit.BYTES).toList();
    assertEquals(Set.copyOf(expected), figures.keySet());
    figures.forEach((metric, figure) -> assertTrue(figure > 0, () -> metric + " " + figure));
  }

  @Test
  void run_wrongEntries_fails() throws Exception {
    if (CHILDREN.canRun(PeerKind.LMDB_C)) {
      Path place = Directories.makeEmpty(directory.resolve("store"));
      Place small = new Place(place, ENTRIES / 2, Entry.VALUE_BYTES, false);
      CHILDREN.run(Workload.LOAD_RANDOM, new Trial(PeerKind.LMDB_C, small, 0, 0, 0));
      assertThrows(IOException.class, () -> run(Workload.SCAN, place));
    }
  }
}
