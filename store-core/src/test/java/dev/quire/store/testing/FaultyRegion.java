package dev.quire.store.testing;

import dev.quire.store.errors.StoreFullException;
import dev.quire.store.errors.StoreIoException;
import dev.quire.store.internal.region.Region;
import dev.quire.store.testing.RegionOperation.Kind;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A region whose n-th operation of a kind fails; it also records all operations, in order.
public final class FaultyRegion extends ForwardingRegion {

  /// How an operation fails.
  public enum Fault {
    /// No room. Of a write, the first half arrives, as it does on a disk that fills up.
    FULL,
    /// The operating system refuses.
    IO
  }

  private record Plan(Kind kind, long first, long last, Fault fault) {}

  private final List<Plan> plans = new ArrayList<>();
  private final List<RegionOperation> operations = new ArrayList<>();
  private long failures;

  public FaultyRegion(Region region) {
    super(region);
  }

  /// The operation of this number (from 1, of its kind) fails, and no other.
  public synchronized void fail(Kind kind, long number, Fault fault) {
    plans.add(new Plan(kind, number, number, fault));
  }

  /// All operations from this number on fail, until [#heal].
  public synchronized void failFrom(Kind kind, long number, Fault fault) {
    plans.add(new Plan(kind, number, Long.MAX_VALUE, fault));
  }

  /// Nothing fails any more.
  public synchronized void heal() {
    plans.clear();
  }

  /// All operations so far, those that failed included.
  public synchronized List<RegionOperation> operations() {
    return List.copyOf(operations);
  }

  /// How many operations of the kind there were, those that failed included.
  public synchronized long count(Kind kind) {
    return operations.stream().filter(operation -> operation.kind() == kind).count();
  }

  /// How many operations have failed: a loop over n ends when there was none.
  public synchronized long failures() {
    return failures;
  }

  /// Forgets the operations, so that numbers begin at 1 again.
  public synchronized void resetOperations() {
    operations.clear();
  }

  @Override
  public void write(long offset, MemorySegment source, long sourceOffset, long length) {
    RegionOperation operation = RegionOperation.write(offset, length);
    run(
        operation,
        () -> super.write(offset, source, sourceOffset, length),
        () -> super.write(offset, source, sourceOffset, length / 2));
  }

  @Override
  public void growTo(long sizeBytes) {
    run(RegionOperation.grow(sizeBytes), () -> super.growTo(sizeBytes), () -> {});
  }

  @Override
  public void truncateTo(long sizeBytes) {
    run(RegionOperation.truncate(sizeBytes), () -> super.truncateTo(sizeBytes), () -> {});
  }

  @Override
  public void sync(SyncRole role) {
    run(RegionOperation.sync(role), () -> super.sync(role), () -> {});
  }

  @Override
  public void syncRange(SyncRole role, long offset, long length) {
    RegionOperation operation = RegionOperation.syncRange(role, offset, length);
    run(operation, () -> super.syncRange(role, offset, length), () -> {});
  }

  private void run(RegionOperation operation, Runnable whole, Runnable part) {
    switch (faultOf(operation)) {
      case null -> whole.run();
      case FULL -> {
        part.run();
        throw new StoreFullException(operation + " failed: simulated, no space left");
      }
      case IO -> throw new StoreIoException(operation + " failed: simulated Input/output error");
    }
  }

  private synchronized @Nullable Fault faultOf(RegionOperation operation) {
    operations.add(operation);
    long number = count(operation.kind());
    for (Plan plan : plans) {
      if (plan.kind() == operation.kind() && plan.first() <= number && number <= plan.last()) {
        failures++;
        return plan.fault();
      }
    }
    return null;
  }
}
