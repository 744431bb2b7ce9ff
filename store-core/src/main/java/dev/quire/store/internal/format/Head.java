package dev.quire.store.internal.format;

/// The state that one transaction left: decoded [HeadRecord].
///
/// @param txnId id of the transaction
/// @param catalogueRef root of the catalogue, or [PageRef#NONE]
/// @param highWaterPage first page number never allocated
/// @param fileSizeBytes length of the data file
/// @param lsn log position after the transaction's record
/// @param chainCrc CRC of the last record before `lsn`
/// @param epoch of the log
/// @param loggedTxnId last transaction that a recovery from the log or the durable superblock
///   reaches
/// @param nextTableId table id to give out next
/// @param userTerm user word
/// @param userIndex user word
public record Head(
    long txnId,
    long catalogueRef,
    long highWaterPage,
    long fileSizeBytes,
    long lsn,
    int chainCrc,
    int epoch,
    long loggedTxnId,
    long nextTableId,
    long userTerm,
    long userIndex) {

  /// The state that a superblock holds.
  ///
  /// @param fileSizeBytes length that the file has now
  public static Head of(Superblock b, long fileSizeBytes) {
    return new Head(
        b.txnId(),
        b.catalogueRef(),
        b.highWaterPage(),
        fileSizeBytes,
        b.lsn(),
        b.chainCrc(),
        b.epoch(),
        b.txnId(),
        b.nextTableId(),
        b.userTerm(),
        b.userIndex());
  }

  /// The same state at another position of the log.
  public Head withLog(long newLsn, int newChainCrc, int newEpoch) {
    return new Head(
        txnId,
        catalogueRef,
        highWaterPage,
        fileSizeBytes,
        newLsn,
        newChainCrc,
        newEpoch,
        loggedTxnId,
        nextTableId,
        userTerm,
        userIndex);
  }

  /// The same state under another transaction id.
  public Head withTxnId(long newTxnId) {
    return new Head(
        newTxnId,
        catalogueRef,
        highWaterPage,
        fileSizeBytes,
        lsn,
        chainCrc,
        epoch,
        loggedTxnId,
        nextTableId,
        userTerm,
        userIndex);
  }
}
