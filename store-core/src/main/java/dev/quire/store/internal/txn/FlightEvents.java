package dev.quire.store.internal.txn;

import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/// Begins events of the Flight Recorder while it is in use. Until then no class of `jdk.jfr` is
/// loaded, but for the one that says whether it is; and none at all where there is no such module.
final class FlightEvents {

  private static final boolean IS_THERE = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  private FlightEvents() {}

  /// Whether the recorder has ever been started in this process. One that is stopped takes events
  /// and drops them.
  private static boolean isOn() {
    return IS_THERE && FlightRecorder.isInitialized();
  }

  /// Begins the event of something that is timed.
  ///
  /// @return null if nobody records
  static @Nullable FlightEvent begin(Latency latency) {
    return isOn() ? FlightEventTypes.begin(latency) : null;
  }

  /// Begins the growth of the data file.
  ///
  /// @return null if nobody records
  static @Nullable FlightEvent beginGrowth() {
    return isOn() ? FlightEventTypes.beginGrowth() : null;
  }

  /// Ends an event, if there is one.
  static void end(@Nullable FlightEvent event, EngineParts parts, long first, long second) {
    if (event != null) {
      event.end(parts.region.name(), first, second);
    }
  }
}
