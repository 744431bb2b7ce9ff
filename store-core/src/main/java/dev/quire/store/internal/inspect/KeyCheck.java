package dev.quire.store.internal.inspect;

import dev.quire.store.internal.format.BranchPage;
import dev.quire.store.internal.format.Fingerprint;
import dev.quire.store.internal.format.KeyBytes;
import dev.quire.store.internal.format.LeafPage;
import dev.quire.store.internal.format.Limits;
import dev.quire.store.internal.format.PageEntry;
import dev.quire.store.internal.format.PageHeader;
import dev.quire.store.internal.format.PageRef;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The keys of a page: in order, between the separators above, and what is kept of them beside
/// them.
final class KeyCheck {

  /// Bytes of a key that a message shows.
  private static final int SHOWN_BYTES = 24;

  /// The keys that a page may hold: `low <= key < high`; a separator must be greater than `low`.
  /// Null is no bound.
  record Range(byte @Nullable [] low, byte @Nullable [] high) {

    static final Range ALL = new Range(null, null);
  }

  private final Findings findings;
  private final int pageSizeBytes;

  KeyCheck(Findings findings, int pageSizeBytes) {
    this.findings = findings;
    this.pageSizeBytes = pageSizeBytes;
  }

  /// Checks the order of a whole key against the one before it in the page.
  void checkOrder(long pageNo, int index, PageEntry before, PageEntry key) {
    if (compare(before.key, before.keyLength, key.key, key.keyLength) >= 0) {
      findings.violation(
          pageNo,
          "key " + index + " greater than " + show(before.key, before.keyLength),
          show(key.key, key.keyLength));
    }
  }

  /// Checks a whole key against the bounds of its page.
  void checkRange(long pageNo, long shape, int index, PageEntry key, Range range) {
    byte[] low = range.low();
    if (low != null) {
      int order = compare(low, low.length, key.key, key.keyLength);
      if (order > 0 || order == 0 && PageHeader.level(shape) > 0) {
        findings.violation(
            pageNo,
            "key " + index + " from " + show(low, low.length) + " on",
            show(key.key, key.keyLength));
      }
    }
    byte[] high = range.high();
    if (high != null && compare(key.key, key.keyLength, high, high.length) >= 0) {
      findings.violation(
          pageNo,
          "key " + index + " less than " + show(high, high.length),
          show(key.key, key.keyLength));
    }
  }

  /// Checks what a page of byte keys keeps of a whole key.
  void checkCopies(long pageNo, MemorySegment page, long shape, int index, PageEntry key) {
    int most = Limits.maxInlineKeyBytes(pageSizeBytes);
    if (key.keyRef == PageRef.NONE && key.keyLength > most) {
      findings.violation(
          pageNo, "key " + index + " of at most " + most + " bytes", key.keyLength + " bytes");
    }
    boolean leaf = PageHeader.typeCode(shape) == LeafPage.TYPE_CODE;
    int found =
        leaf ? LeafPage.head(page, 0, shape, index) : BranchPage.head(page, 0, shape, index);
    int head = KeyBytes.head(key.key, key.keyLength, PageHeader.prefixLength(shape));
    if (head != found) {
      findings.violation(
          pageNo, "head " + index + " " + Integer.toHexString(head), Integer.toHexString(found));
    }
    if (leaf) {
      checkFingerprint(pageNo, page, shape, index, key);
    }
  }

  private void checkFingerprint(
      long pageNo, MemorySegment page, long shape, int index, PageEntry key) {
    int fingerprint = Fingerprint.of(key.key, key.keyLength);
    int found = LeafPage.fingerprint(page, 0, shape, index);
    if (fingerprint != found) {
      findings.violation(
          pageNo,
          "fingerprint " + index + " " + Integer.toHexString(fingerprint),
          Integer.toHexString(found));
    }
  }

  private static int compare(byte[] left, int leftLength, byte[] right, int rightLength) {
    return Arrays.compareUnsigned(left, 0, leftLength, right, 0, rightLength);
  }

  private static String show(byte[] key, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(length, SHOWN_BYTES); i++) {
      text.append(Character.forDigit(key[i] >> 4 & 0xF, 16));
      text.append(Character.forDigit(key[i] & 0xF, 16));
    }
    return "0x" + text + (length > SHOWN_BYTES ? "... (" + length + " bytes)" : "");
  }
}
