package dev.quire.store.internal.inspect;

import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// One way through all pages of a snapshot: which were reached, each at most once, and what every
/// one of them must be.
final class Walk {

  /// What the walk knows of its snapshot.
  ///
  /// @param txnId its transaction: no page is younger
  /// @param firstPage pages of trees lie from here on
  /// @param highWaterPage and before this
  /// @param nextStamp every stamp is below
  record Bounds(long txnId, long firstPage, long highWaterPage, long nextStamp) {}

  private final PageFile file;
  private final Findings findings;
  private final Bounds bounds;
  private final PageBits reached;
  private final @Nullable Walk before;
  private long cuts;

  /// @param before a walk that has checked the pages that both snapshots have
  Walk(PageFile file, Bounds bounds, @Nullable Walk before) {
    this.file = file;
    this.findings = file.findings();
    this.bounds = bounds;
    this.reached = new PageBits(bounds.highWaterPage());
    this.before = before;
  }

  PageFile file() {
    return file;
  }

  Bounds bounds() {
    return bounds;
  }

  PageBits reached() {
    return reached;
  }

  /// How often something could not be reached: 0 if the walk is complete.
  long cuts() {
    return cuts;
  }

  /// Something could not be reached.
  void cut() {
    cuts++;
  }

  /// Whether the walk before has checked the page: pages do not change.
  boolean isChecked(long pageNo) {
    return before != null && before.reached.contains(pageNo);
  }

  /// Marks the pages of a reference as reached.
  ///
  /// @param holder page that refers to them, or -1
  /// @return whether the reference is one, and the first to these pages
  boolean claim(long holder, long ref, long pages) {
    long pageNo = PageRef.pageNo(ref);
    boolean inside = pageNo >= bounds.firstPage() && pageNo + pages <= bounds.highWaterPage();
    if (PageRef.isScratch(ref) || !inside) {
      findings.violation(
          holder,
          "a reference to "
              + pages
              + " pages from "
              + bounds.firstPage()
              + " to "
              + (bounds.highWaterPage() - 1),
          "reference " + Long.toHexString(ref));
      cut();
      return false;
    }
    long twice = reached.add(pageNo, pages);
    if (twice >= 0) {
      findings.violation(twice, "one reference to the page", "another one from page " + holder);
      cut();
      return false;
    }
    return true;
  }

  /// Copies a claimed page and checks its identity and its age.
  ///
  /// @param birth of the page that refers to it: no page is younger than those above it
  /// @param stamp of the page that refers to it: stamps grow with births
  /// @return whether it is the page that `ref` names
  boolean load(long ref, MemorySegment target, long birth, long stamp) {
    if (!file.load(ref, target)) {
      cut();
      return false;
    }
    long pageNo = PageRef.pageNo(ref);
    long ownBirth = PageHeader.birth(target, 0);
    long ownStamp = PageHeader.stamp(target, 0);
    if (ownBirth <= 0 || ownBirth > birth) {
      findings.violation(pageNo, "a birth from 1 to " + birth, "birth " + ownBirth);
    }
    long stampLimit = ownBirth < birth ? Math.min(stamp, bounds.nextStamp()) : bounds.nextStamp();
    if (ownStamp <= 0 || ownStamp >= stampLimit) {
      findings.violation(pageNo, "a stamp from 1 to " + (stampLimit - 1), "stamp " + ownStamp);
    }
    return true;
  }
}
