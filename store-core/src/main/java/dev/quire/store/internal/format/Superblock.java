package dev.quire.store.internal.format;

import org.jspecify.annotations.Nullable;

/// What a checkpoint makes durable: one committed state of the store and where its redo log goes
/// on.
///
/// @param pageSizeBytes size of every page
/// @param flags see [SuperblockPage#FLAG_CHECKSUMS]
/// @param storeIdHigh upper half of the store's random identity
/// @param storeIdLow lower half of it
/// @param createdMillis when the store was created (epoch milliseconds)
/// @param sequence counts the superblocks of this store; its lowest bit names the slot
/// @param txnId the transaction whose state this is
/// @param catalogueRef root of the catalogue, or [PageRef#NONE]
/// @param mapRef root of the space map
/// @param mapLevels levels of the space map (1: one map leaf)
/// @param highWaterPage first page number that was never allocated
/// @param fileSizeBytes length of the data file
/// @param ringSizeBytes length of the redo ring
/// @param lsn log position of the first record that this state does not contain
/// @param chainCrc CRC of the record before `lsn`: seed of the next one
/// @param epoch number of the log's current writer generation
/// @param stampLimit every stamp given to a page so far is below
/// @param userTerm first user word
/// @param userIndex second user word
/// @param nextTableId table id to give out next
public record Superblock(
    int pageSizeBytes,
    int flags,
    long storeIdHigh,
    long storeIdLow,
    long createdMillis,
    long sequence,
    long txnId,
    long catalogueRef,
    long mapRef,
    int mapLevels,
    long highWaterPage,
    long fileSizeBytes,
    long ringSizeBytes,
    long lsn,
    int chainCrc,
    int epoch,
    long stampLimit,
    long userTerm,
    long userIndex,
    long nextTableId) {

  /// Pages before the ring: two superblocks, each written twice.
  public static final int SUPERBLOCK_PAGES = 4;

  private static final long MAX_RING_BYTES = 1L << 30;

  /// Names a field that no store can have so, or null if there is none: what a checksum does not
  /// tell.
  public @Nullable String impossible() {
    if (ringSizeBytes < 0 || ringSizeBytes > MAX_RING_BYTES || ringSizeBytes % pageSizeBytes != 0) {
      return "a redo ring of " + ringSizeBytes + " bytes";
    }
    if (highWaterPage < firstPage() || highWaterPage > Limits.MAX_PAGES) {
      return "page numbers up to " + highWaterPage;
    }
    long mostLeaves = Limits.MAX_PAGES / MapPage.bitsPerLeaf(pageSizeBytes) + 1;
    int mostLevels = MapPage.levels(mostLeaves, pageSizeBytes);
    if (mapRef != PageRef.NONE && (mapLevels < 1 || mapLevels > mostLevels)) {
      return "a space map of " + mapLevels + " levels";
    }
    if (sequence < 1 || txnId < 1 || lsn < 0 || stampLimit < 1) {
      return "superblock " + sequence + ", transaction " + txnId + ", log position " + lsn;
    }
    return null;
  }

  /// Offset of the redo ring in the data file.
  public long ringOffsetBytes() {
    return (long) SUPERBLOCK_PAGES * pageSizeBytes;
  }

  /// First page number after the ring: the first that a tree can use.
  public long firstPage() {
    return SUPERBLOCK_PAGES + ringSizeBytes / pageSizeBytes;
  }

  /// Whether pages carry a CRC.
  public boolean checksums() {
    return (flags & SuperblockPage.FLAG_CHECKSUMS) != 0;
  }

  /// The slot (0 or 1) in which this superblock lies.
  public int slot() {
    return (int) (sequence & 1);
  }

  /// The same state under another sequence number, with more stamps reserved.
  public Superblock withStamps(long newSequence, long newStampLimit) {
    return new Superblock(
        pageSizeBytes,
        flags,
        storeIdHigh,
        storeIdLow,
        createdMillis,
        newSequence,
        txnId,
        catalogueRef,
        mapRef,
        mapLevels,
        highWaterPage,
        fileSizeBytes,
        ringSizeBytes,
        lsn,
        chainCrc,
        epoch,
        newStampLimit,
        userTerm,
        userIndex,
        nextTableId);
  }
}
