package dev.quire.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.testing.ChildJvm;
import dev.quire.store.testing.JvmLaunch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Goal: the Flight Recorder gets the events of a store; and a store needs none of it.
@Timeout(60)
class FlightEventsTest {

  @TempDir private Path directory;

  private List<RecordedEvent> record(Runnable action) throws IOException {
    Path file = directory.resolve("recording.jfr");
    try (Recording recording = new Recording()) {
      for (String name : List.of("Commit", "Sync", "Checkpoint", "TurnWait", "Growth")) {
        recording.enable("dev.quire." + name).withThreshold(Duration.ZERO);
      }
      recording.start();
      action.run();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file);
  }

  private static List<RecordedEvent> of(List<RecordedEvent> all, String name, String store) {
    List<RecordedEvent> found = new ArrayList<>();
    for (RecordedEvent event : all) {
      if (event.getEventType().getName().equals("dev.quire." + name)
          && event.getString("store").contains(store)) {
        found.add(event);
      }
    }
    return found;
  }

  @Test
  void events_whileRecording_areAll() throws IOException {
    Path place = directory.resolve("recorded");
    List<RecordedEvent> all =
        record(
            () -> {
              try (Store store = Store.open(place)) {
                Table table = store.table("t");
                table.put(new byte[] {1}, new byte[9 << 20]);
                table.put(new byte[] {2}, new byte[10]);
                store.checkpoint();
              }
            });
    List<RecordedEvent> commits = of(all, "Commit", "recorded");
    assertEquals(2, commits.size());
    assertEquals(commits.get(0).getLong("transaction") + 1, commits.get(1).getLong("transaction"));
    assertTrue(commits.get(1).getDuration().isPositive());
    RecordedEvent sync = of(all, "Sync", "recorded").getFirst();
    assertTrue(sync.getLong("bytes") > 0 && sync.getDuration().isPositive(), sync::toString);
    RecordedEvent checkpoint = of(all, "Checkpoint", "recorded").getLast();
    assertTrue(checkpoint.getLong("transaction") >= commits.get(1).getLong("transaction"));
    assertTrue(checkpoint.getDuration().isPositive());
    assertEquals(2, of(all, "TurnWait", "recorded").size());
    RecordedEvent growth = of(all, "Growth", "recorded").getFirst();
    assertTrue(growth.getLong("sizeAfter") > growth.getLong("sizeBefore"), growth::toString);
  }

  @Test
  void store_withoutTheRecordersModule_works() {
    JvmLaunch launch = JvmLaunch.of(StoreUser.class).withFlags("--limit-modules=java.base");
    try (ChildJvm user = ChildJvm.start(launch, directory.resolve("store").toString(), "write")) {
      user.ask("put a 1");
      assertEquals("checkpointed", user.ask("checkpoint"));
      assertEquals(0, user.finish());
    }
  }

  @Test
  void store_thatNobodyRecords_loadsNoEvent() throws IOException {
    Path log = directory.resolve("classes.log");
    JvmLaunch launch = JvmLaunch.of(StoreUser.class).withFlags("-Xlog:class+load=info:file=" + log);
    try (ChildJvm user = ChildJvm.start(launch, directory.resolve("store").toString(), "write")) {
      user.ask("put a 1");
      user.ask("checkpoint");
      assertEquals(0, user.finish());
    }
    String loaded = Files.readString(log);
    assertTrue(loaded.contains("dev.quire.store.internal.txn.FlightEvents "), "not looked at");
    assertFalse(loaded.contains("FlightEventTypes$"), "an event is loaded");
    assertFalse(loaded.contains("jdk.jfr.Event "), "jdk.jfr.Event is loaded");
  }
}
