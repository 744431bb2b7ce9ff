package dev.quire.store.server.state;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Samples of what took longer than the threshold, by event.
public final class LatencyLog {

  private static final int MAX_SAMPLES = 160;

  /// A sample.
  ///
  /// @param seconds when, in seconds since 1970
  /// @param millis how long
  public record Sample(long seconds, long millis) {}

  /// What is known of an event.
  public static final class Event {
    private final Deque<Sample> samples = new ArrayDeque<>();
    private long maxMillis;

    /// Samples, oldest first; one a second at most.
    public List<Sample> samples() {
      return new ArrayList<>(samples);
    }

    /// The newest sample.
    public Sample newest() {
      return samples.getLast();
    }

    /// The longest time ever.
    public long maxMillis() {
      return maxMillis;
    }
  }

  private final Map<String, Event> events = new TreeMap<>();

  /// Notes a sample.
  public void add(String name, long millis) {
    Event event = events.computeIfAbsent(name, _ -> new Event());
    long now = System.currentTimeMillis() / 1000;
    event.maxMillis = Math.max(event.maxMillis, millis);
    Sample last = event.samples.peekLast();
    if (last != null && last.seconds == now) {
      event.samples.removeLast();
      event.samples.addLast(new Sample(now, Math.max(millis, last.millis)));
      return;
    }
    event.samples.addLast(new Sample(now, millis));
    if (event.samples.size() > MAX_SAMPLES) {
      event.samples.removeFirst();
    }
  }

  /// All events by their names.
  public Map<String, Event> events() {
    return events;
  }

  /// Forgets an event; false if there was none.
  public boolean reset(String name) {
    return events.remove(name) != null;
  }
}
