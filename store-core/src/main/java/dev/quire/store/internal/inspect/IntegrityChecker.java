package dev.quire.store.internal.inspect;

import dev.quire.store.errors.Violation;
import dev.quire.store.internal.txn.Engine;
import java.util.List;
import java.util.Map;

/// STUB.
public final class IntegrityChecker {
  private IntegrityChecker() {}

  public record Report(
      Map<String, Long> pages,
      Map<String, Long> entries,
      List<Violation> violations,
      List<String> notes) {}

  public static Report check(Engine engine) {
    return new Report(Map.of(), Map.of(), List.of(), List.of());
  }
}
