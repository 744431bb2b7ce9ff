/// The words of shared memory under jcstress: what readers, writers and sweepers do to them at the
/// same time, with the accesses that the engine uses.
@NullMarked
package dev.quire.store.internal.txn;

import org.jspecify.annotations.NullMarked;
