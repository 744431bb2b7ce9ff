package dev.quire.store.internal.inspect;

import dev.quire.store.errors.Violation;
import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.Superblock;
import dev.quire.store.internal.inspect.Walk.Bounds;
import dev.quire.store.internal.region.NativeBuffers;
import dev.quire.store.internal.txn.Engine;
import dev.quire.store.internal.txn.EngineView;
import dev.quire.store.internal.txn.EngineView.Pinned;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Checks every invariant of an open store, while it is read and written.
///
/// 1. While nothing is published: superblocks, the log between the durable one and the newest
///    transaction, and the space map at rest are read, bitmaps and pending pages copied, the newest
///    transaction and the durable one pinned.
/// 2. All trees of the newest transaction are walked, page by page, in private copies.
/// 3. So are those of the durable superblock, as far as they differ: it is what a machine crash
///    leaves.
/// 4. The bitmaps are compared with what was reached.
///
/// While another process has a write transaction open, or does not get on with a checkpoint, there
/// is 2 alone.
///
/// A violation does not end the check: it goes on with whatever can still be read. Bytes that are
/// not what they should be never end in an exception.
public final class IntegrityChecker {

  /// What a check found.
  ///
  /// @param pages number of pages, by kind
  /// @param entries number of entries, by table
  /// @param violations broken invariants, at most 1000 of them
  /// @param leaks those of the violations that are lost room and no damage
  /// @param notes things worth knowing that are neither
  public record Report(
      Map<String, Long> pages,
      Map<String, Long> entries,
      List<Violation> violations,
      List<Violation> leaks,
      List<String> notes) {}

  private final EngineView view;
  private final Findings findings = new Findings();
  private final PageFile file;

  private IntegrityChecker(EngineView view, NativeBuffers memory, LongConsumer progress) {
    this.view = view;
    this.file = new PageFile(view, memory, findings, progress);
  }

  /// Checks the store.
  ///
  /// @throws IllegalStateException if it is closed, also meanwhile
  public static Report check(Engine engine) {
    return check(engine, _ -> {});
  }

  /// Checks the store.
  ///
  /// @param progress is told now and then how many bytes of the file were read
  /// @throws IllegalStateException if it is closed, also meanwhile
  public static Report check(Engine engine, LongConsumer progress) {
    return engine.settled(
        () -> {
          try (NativeBuffers memory = new NativeBuffers()) {
            return new IntegrityChecker(engine.view(), memory, progress).run();
          }
        });
  }

  private Report run() {
    try (StillCopy copy = StillCopy.of(view, file)) {
      if (copy == null) {
        return runBesideAWriter();
      }
      checkFile(copy.marks.head());
      Walk newest = walkNewest(copy.marks.head(), copy.marks.nextStamp());
      SpaceCheck space = new SpaceCheck(findings, copy);
      if (copy.marks.settled()) {
        space.checkShared(newest);
      } else {
        findings.note("a commit failed half way: the bitmaps were not checked");
      }
      Superblock durable = copy.superblock;
      PageBits marked = copy.marked;
      if (durable != null && marked != null) {
        space.checkResting(walkDurable(durable, newest), marked);
        findings.pages("superblock", Superblock.SUPERBLOCK_PAGES);
        findings.pages("redo log", durable.firstPage() - Superblock.SUPERBLOCK_PAGES);
      }
      if (newest.cuts() > 0) {
        findings.note("not every page could be reached: lost pages were not looked for");
      }
    }
    return findings.report();
  }

  /// What can be checked while another process keeps the turn or the checkpoint's byte: all that
  /// the newest transaction consists of.
  private Report runBesideAWriter() {
    Pinned pinned = view.pinState();
    try {
      Head head = pinned.head();
      checkFile(head);
      walkNewest(head, pinned.nextStamp());
      findings.note(
          "another process has a write transaction open, or is stopped inside a checkpoint:"
              + " bitmaps, log and space map were not checked");
    } finally {
      pinned.snapshot().end();
    }
    return findings.report();
  }

  private void checkFile(Head head) {
    long size = view.fileSizeBytes();
    if (size / file.pageSizeBytes() < head.highWaterPage()) {
      findings.violation("a file with pages up to " + (head.highWaterPage() - 1), size + " bytes");
    }
  }

  private Walk walkNewest(Head head, long nextStamp) {
    Walk walk = walk(head.txnId(), head.highWaterPage(), nextStamp, null);
    new CatalogueCheck(walk, head.nextTableId()).check(head.catalogueRef(), true);
    return walk;
  }

  private Walk walkDurable(Superblock durable, Walk newest) {
    if (durable.txnId() == newest.bounds().txnId()) {
      return newest;
    }
    long nextStamp = newest.bounds().nextStamp();
    Walk walk = walk(durable.txnId(), durable.highWaterPage(), nextStamp, newest);
    new CatalogueCheck(walk, durable.nextTableId()).check(durable.catalogueRef(), false);
    return walk;
  }

  private Walk walk(long txnId, long highWaterPage, long nextStamp, @Nullable Walk before) {
    boolean isPossible = highWaterPage <= Limits.MAX_PAGES;
    long end = isPossible ? highWaterPage : view.fileSizeBytes() / file.pageSizeBytes();
    Bounds bounds = new Bounds(txnId, view.superblock().firstPage(), end, nextStamp);
    return new Walk(file, bounds, before);
  }
}
