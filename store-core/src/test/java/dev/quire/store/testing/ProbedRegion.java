package dev.quire.store.testing;

import dev.quire.store.testing.CrashPoint.Moment;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// A simulated disk at which a test may look before every operation, and in the middle of writes.
///
/// What the disk holds after an operation is what it holds before the next one; so one run of a
/// workload shows every state in which a machine can stop, without stopping.
public final class ProbedRegion extends ForwardingRegion {

  /// What looks at the disk. It must not write to it.
  @FunctionalInterface
  public interface Probe {
    /// @param disk as it is now
    /// @param next the operation that is about to begin, or of which the first half is done
    /// @param moment BEFORE or DURING
    void look(SimulatedRegion disk, RegionOperation next, Moment moment);
  }

  private final SimulatedRegion disk;
  private final Probe probe;
  private Predicate<RegionOperation> left = _ -> false;
  private Predicate<MemorySegment> late = _ -> false;
  private Predicate<RegionOperation> deadline = _ -> true;
  private final List<Runnable> delayed = new ArrayList<>();

  public ProbedRegion(SimulatedRegion disk, Probe probe) {
    super(disk);
    this.disk = disk;
    this.probe = probe;
  }

  /// The disk below.
  public SimulatedRegion disk() {
    return disk;
  }

  /// Operations of which this says true are left out, without a word: a fault that tests must find.
  public void leaveOut(Predicate<RegionOperation> omitted) {
    left = omitted;
  }

  /// Writes of bytes of which `which` says true are done late: after the next operation of which
  /// `until` says true. Another fault that tests must find.
  public void delay(Predicate<MemorySegment> which, Predicate<RegionOperation> until) {
    late = which;
    deadline = until;
  }

  @Override
  public void write(long offset, MemorySegment source, long sourceOffset, long length) {
    RegionOperation operation = RegionOperation.write(offset, length);
    probe.look(disk, operation, Moment.BEFORE);
    Runnable halfway = length > 1 ? () -> probe.look(disk, operation, Moment.DURING) : () -> {};
    if (late.test(source.asSlice(sourceOffset, length))) {
      byte[] bytes = source.asSlice(sourceOffset, length).toArray(ValueLayout.JAVA_BYTE);
      delayed.add(() -> disk.write(offset, MemorySegment.ofArray(bytes), 0, length));
    } else if (!left.test(operation)) {
      disk.write(offset, source, sourceOffset, length, halfway);
    }
    writeDelayed(operation);
  }

  @Override
  public void growTo(long sizeBytes) {
    if (sizeBytes > disk.sizeBytes()) {
      probe.look(disk, RegionOperation.grow(sizeBytes), Moment.BEFORE);
      disk.growTo(sizeBytes);
    }
  }

  @Override
  public void truncateTo(long sizeBytes) {
    if (sizeBytes < disk.sizeBytes()) {
      probe.look(disk, RegionOperation.truncate(sizeBytes), Moment.BEFORE);
      disk.truncateTo(sizeBytes);
    }
  }

  @Override
  public void sync(SyncRole role) {
    RegionOperation operation = RegionOperation.sync(role);
    probe.look(disk, operation, Moment.BEFORE);
    if (!left.test(operation)) {
      disk.sync(role);
    }
  }

  @Override
  public void syncRange(SyncRole role, long offset, long length) {
    RegionOperation operation = RegionOperation.syncRange(role, offset, length);
    probe.look(disk, operation, Moment.BEFORE);
    if (!left.test(operation)) {
      disk.syncRange(role, offset, length);
    }
    writeDelayed(operation);
  }

  private void writeDelayed(RegionOperation done) {
    if (deadline.test(done)) {
      delayed.forEach(Runnable::run);
      delayed.clear();
    }
  }
}
