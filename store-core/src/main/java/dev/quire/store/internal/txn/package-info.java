/// Snapshots and commits: who reads what, whose turn it is to write, in which order a commit
/// becomes durable and visible, and what opening does after an unclean end.
@NullMarked
package dev.quire.store.internal.txn;

import org.jspecify.annotations.NullMarked;
