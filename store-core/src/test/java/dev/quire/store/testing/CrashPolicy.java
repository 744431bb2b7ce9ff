package dev.quire.store.testing;

/// What of the writes that were not synced is on the disk after a crash of the machine.
///
/// Every choice is made by the seed. The file's length is one that it had since the last sync, or
/// one between two of them.
public enum CrashPolicy {
  /// Nothing.
  NONE,
  /// Everything.
  ALL,
  /// Each sector by itself, in any version since the last sync.
  EACH_SECTOR,
  /// Each page by itself, in any version since the last sync, whole.
  EACH_PAGE,
  /// Everything but one page.
  ALL_BUT_ONE_PAGE,
  /// One page and nothing else.
  ONE_PAGE,
  /// Everything, but of one page only some sectors.
  ONE_TORN_PAGE,
  /// The writes up to some moment.
  PREFIX,
  /// The writes from some moment on.
  SUFFIX,
  /// Each sector by itself; what was never written beyond the durable length holds garbage.
  GARBAGE_BEYOND_DURABLE_LENGTH
}
