package dev.quire.store.internal.format;

import org.jspecify.annotations.Nullable;

/// What an incremental backup says of itself: which state it is, and which one it builds on.
///
/// @param pageSizeBytes size of every page
/// @param flags as in the [Superblock]
/// @param storeIdHigh upper half of the identity of the store
/// @param storeIdLow lower half of it
/// @param createdMillis when the store was created (epoch milliseconds)
/// @param id random identity of this increment
/// @param parent what it builds on
/// @param firstPage number of its first page: behind all pages that it builds on
/// @param pages how many it has
/// @param txnId the transaction whose state this is
/// @param catalogueRef root of the catalogue, or [PageRef#NONE]
/// @param stampLimit every stamp of the state is below
/// @param userTerm first user word
/// @param userIndex second user word
/// @param nextTableId table id to give out next
public record Increment(
    int pageSizeBytes,
    int flags,
    long storeIdHigh,
    long storeIdLow,
    long createdMillis,
    long id,
    Parent parent,
    long firstPage,
    long pages,
    long txnId,
    long catalogueRef,
    long stampLimit,
    long userTerm,
    long userIndex,
    long nextTableId) {

  /// The state that an increment builds on, as it lies in the backups before.
  ///
  /// @param id of the increment that made it; 0 of a backup that is a store
  /// @param txnId the transaction
  /// @param catalogueRef root of the catalogue, by its number in those backups
  /// @param rootStamp stamp of that page, 0 if there is none
  public record Parent(long id, long txnId, long catalogueRef, long rootStamp) {}

  /// First page number behind this increment.
  public long endPage() {
    return firstPage + pages;
  }

  /// Whether it is one of this store.
  public boolean isOf(Superblock store) {
    return storeIdHigh == store.storeIdHigh()
        && storeIdLow == store.storeIdLow()
        && pageSizeBytes == store.pageSizeBytes()
        && flags == store.flags();
  }

  /// Names a field that no increment can have so, or null if there is none.
  public @Nullable String impossible() {
    if (!Limits.isPageSize(pageSizeBytes)) {
      return "pages of " + pageSizeBytes + " bytes";
    }
    if (firstPage < Superblock.SUPERBLOCK_PAGES
        || pages < 0
        || firstPage > Limits.MAX_PAGES
        || pages > Limits.MAX_PAGES) {
      return pages + " pages from " + firstPage + " on";
    }
    if (txnId < 1 || stampLimit < 1) {
      return "transaction " + txnId + ", stamps below " + stampLimit;
    }
    return null;
  }
}
