package dev.quire.store.internal.txn;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/// The events of the Flight Recorder. They are loaded with the first event, so that a store that
/// nobody records opens without them.
final class FlightEventTypes {

  private FlightEventTypes() {}

  static FlightEvent begin(Latency latency) {
    return switch (latency) {
      case COMMIT -> begun(new Commit());
      case SYNC -> begun(new Sync());
      case CHECKPOINT -> begun(new Checkpoint());
      case TURN_WAIT -> begun(new TurnWait());
    };
  }

  static FlightEvent beginGrowth() {
    return begun(new Growth());
  }

  private static <E extends Event & FlightEvent> FlightEvent begun(E event) {
    event.begin();
    return event;
  }

  @Name("dev.quire.Commit")
  @Label("Commit")
  @Category("Quire")
  @Description("A transaction from the call of commit until it is visible and as durable as asked")
  @StackTrace(false)
  static final class Commit extends Event implements FlightEvent {
    @Label("Store")
    String store = "";

    @Label("Transaction")
    long transaction;

    @Override
    public void end(String ofStore, long first, long second) {
      store = ofStore;
      transaction = first;
      commit();
    }
  }

  @Name("dev.quire.Sync")
  @Label("Log Sync")
  @Category("Quire")
  @Description("A sync of the redo log, for all transactions that wait for it")
  @StackTrace(false)
  static final class Sync extends Event implements FlightEvent {
    @Label("Store")
    String store = "";

    @Label("Bytes Synced")
    @DataAmount
    long bytes;

    @Override
    public void end(String ofStore, long first, long second) {
      store = ofStore;
      bytes = first;
      commit();
    }
  }

  @Name("dev.quire.Checkpoint")
  @Label("Checkpoint")
  @Category("Quire")
  @Description("A transaction is brought to rest in the data file")
  @StackTrace(false)
  static final class Checkpoint extends Event implements FlightEvent {
    @Label("Store")
    String store = "";

    @Label("Transaction")
    long transaction;

    @Label("Superblock")
    @Description("Sequence number of the superblock")
    long superblock;

    @Override
    public void end(String ofStore, long first, long second) {
      store = ofStore;
      transaction = first;
      superblock = second;
      commit();
    }
  }

  @Name("dev.quire.TurnWait")
  @Label("Turn Wait")
  @Category("Quire")
  @Description("A thread waited for the writer's turn and got it")
  @Threshold("1 ms")
  @StackTrace(false)
  static final class TurnWait extends Event implements FlightEvent {
    @Label("Store")
    String store = "";

    @Override
    public void end(String ofStore, long first, long second) {
      store = ofStore;
      commit();
    }
  }

  @Name("dev.quire.Growth")
  @Label("Growth")
  @Category("Quire")
  @Description("The data file was made longer")
  @StackTrace(false)
  static final class Growth extends Event implements FlightEvent {
    @Label("Store")
    String store = "";

    @Label("Size Before")
    @DataAmount
    long sizeBefore;

    @Label("Size After")
    @DataAmount
    long sizeAfter;

    @Override
    public void end(String ofStore, long first, long second) {
      store = ofStore;
      sizeBefore = first;
      sizeAfter = second;
      commit();
    }
  }
}
